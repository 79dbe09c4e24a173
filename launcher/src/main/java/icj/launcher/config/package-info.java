/// What environment variables and files say where a command line says nothing.
@NullMarked
package icj.launcher.config;

import org.jspecify.annotations.NullMarked;
