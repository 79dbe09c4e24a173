/// Runs one message at a time within a round.
@NullMarked
package icj.execution.message;

import org.jspecify.annotations.NullMarked;
