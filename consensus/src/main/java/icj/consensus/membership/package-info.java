/// Who takes part, and in which order they make blocks.
@NullMarked
package icj.consensus.membership;

import org.jspecify.annotations.NullMarked;
