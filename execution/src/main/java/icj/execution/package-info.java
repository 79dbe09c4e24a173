/// Deterministic execution of batches.
@NullMarked
package icj.execution;

import org.jspecify.annotations.NullMarked;
