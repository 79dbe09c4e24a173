/// One node process.
@NullMarked
package icj.replica;

import org.jspecify.annotations.NullMarked;
