/// Whole subnets in one thread and in virtual time: the real consensus core on every node, a
/// network that loses and a disk that forgets, and observers that check what must hold.
@NullMarked
package icj.testing.simulation;

import org.jspecify.annotations.NullMarked;
