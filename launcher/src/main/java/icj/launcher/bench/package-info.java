/// `ic bench`: measures a network, its own or any other endpoint of the same interface. The load
/// generator shares the machine with the nodes, so that it is written to need little: requests are
/// signed beforehand, one thread serves all connections, replies are verified when the load is
/// over.
@NullMarked
package icj.launcher.bench;

import org.jspecify.annotations.NullMarked;
