package icj.testing.simulation;

import icj.consensus.SubnetCrypto;
import icj.types.NodeId;
import icj.types.Quorum;

import java.util.List;

/// A committee and its cryptography.
interface Keys {
    /// Makes a committee of so many members.
    interface Maker {
        /// The committee of a seed.
        Keys make(int members, Quorum quorum, long seed);
    }

    /// The members, sorted.
    List<NodeId> members();

    /// The cryptography of one member.
    SubnetCrypto of(NodeId self);
}
