/// The System API: what a running message may ask and do.
@NullMarked
package icj.execution.system;

import org.jspecify.annotations.NullMarked;
