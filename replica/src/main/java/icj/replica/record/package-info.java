/// The record of executed batches: a diagnostic that a replay in another JVM is compared with.
@NullMarked
package icj.replica.record;

import org.jspecify.annotations.NullMarked;
