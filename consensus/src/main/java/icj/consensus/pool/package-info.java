/// What a node holds: validated artifacts by height, unverified shares in slots, and the journal's
/// keys.
@NullMarked
package icj.consensus.pool;

import org.jspecify.annotations.NullMarked;
