/// The connections between the nodes of a subnet: mutual TLS 1.3, length-framed messages, bounded
/// queues.
@NullMarked
package icj.replica.p2p;

import org.jspecify.annotations.NullMarked;
