/// The consensus protocol of one node as a value machine.
@NullMarked
package icj.consensus;

import org.jspecify.annotations.NullMarked;
