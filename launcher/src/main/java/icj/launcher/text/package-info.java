/// Words and files as people meet them: the nearest known word, what a failed file means.
@NullMarked
package icj.launcher.text;

import org.jspecify.annotations.NullMarked;
