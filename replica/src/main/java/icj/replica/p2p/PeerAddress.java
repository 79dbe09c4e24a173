package icj.replica.p2p;

import icj.types.NodeId;

/// Where a peer listens, from its registry record.
public record PeerAddress(NodeId node, String host, int port) {}
