/// The commands that a user types.
@NullMarked
package icj.launcher.command;

import org.jspecify.annotations.NullMarked;
