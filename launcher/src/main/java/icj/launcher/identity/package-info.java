/// The user's keys.
@NullMarked
package icj.launcher.identity;

import org.jspecify.annotations.NullMarked;
