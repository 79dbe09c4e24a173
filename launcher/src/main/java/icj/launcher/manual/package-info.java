/// The manual of the commands, made from the commands themselves: help, man pages, completion, the
/// page in `docs/`, and the tree for programs.
@NullMarked
package icj.launcher.manual;

import org.jspecify.annotations.NullMarked;
