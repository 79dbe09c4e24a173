/// The two loops of a node, consensus and execution, and what they share with the edges: the
/// ingress pool and the certified snapshots.
@NullMarked
package icj.replica.loop;

import org.jspecify.annotations.NullMarked;
