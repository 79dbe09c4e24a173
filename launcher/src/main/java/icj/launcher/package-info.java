/// The ic command.
@NullMarked
package icj.launcher;

import org.jspecify.annotations.NullMarked;
