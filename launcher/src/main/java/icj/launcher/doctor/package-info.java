/// What `ic doctor` looks at on a machine and in a network's folder.
@NullMarked
package icj.launcher.doctor;

import org.jspecify.annotations.NullMarked;
