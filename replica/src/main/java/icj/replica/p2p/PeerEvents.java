package icj.replica.p2p;

import icj.types.Blob;
import icj.types.NodeId;

/// What the network tells the node. Called on the network's event loop: never blocks.
public interface PeerEvents {
    /// What became of a message.
    enum Outcome {
        /// Taken.
        TAKEN,
        /// Taken, but read nothing more of this peer until [PeerNetwork#resume].
        TAKEN_PAUSE,
        /// Well-formed but unwelcome (a quota, a duplicate): counted, the connection stays.
        REFUSED,
        /// Not decodable: counted, the connection is closed.
        MALFORMED
    }

    /// The answer to a message.
    ///
    /// @param outcome what became of it
    /// @param cost what it takes from the peer's allowance, about what it takes to check in
    ///   microseconds (see [PeerLimits#costPerSecondMax])
    record Reception(Outcome outcome, int cost) {}

    /// A connection to this peer stands; what was sent before may be lost.
    void connected(NodeId peer);

    /// The connection is gone.
    void disconnected(NodeId peer);

    /// A message came; `kind` is ARTIFACT or INGRESS.
    Reception received(NodeId peer, FrameKind kind, Blob payload);
}
