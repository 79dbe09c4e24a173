package icj.consensus;

import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.Height;
import icj.types.Invariant;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.RegistryVersion;
import icj.types.SubnetId;

import java.util.List;

/// What a node's core is made from, besides its journal.
///
/// @param self this node
/// @param subnet whose chain it is
/// @param networkId the hash of genesis
/// @param members the committee, sorted by id, this node among them
/// @param quorum of the committee
/// @param registryVersion the version at which the committee is pinned
/// @param genesisTime time of the block of height 0
/// @param executed the height at which the state was restored; 0 on a fresh node
/// @param limits bounds and intervals
public record ConsensusConfig(
        NodeId self,
        SubnetId subnet,
        Digest networkId,
        List<NodeId> members,
        Quorum quorum,
        RegistryVersion registryVersion,
        ConsensusTime genesisTime,
        Height executed,
        Limits limits) {
    public ConsensusConfig {
        members = List.copyOf(members);
        for (int i = 1; i < members.size(); i++) {
            Invariant.check(
                    members.get(i - 1).compareTo(members.get(i)) < 0,
                    "Members are sorted and differ, %s is not in order",
                    members.get(i));
        }
        Invariant.check(members.contains(self), "%s is no member of its committee", self);
        Invariant.check(
                quorum.nodes() == members.size(), "The quorum is for %d nodes", quorum.nodes());
    }

    /// The configuration of a node with the quorums of R-C1 and standard limits.
    public static ConsensusConfig of(
            NodeId self,
            SubnetId subnet,
            Digest networkId,
            List<NodeId> members,
            RegistryVersion registryVersion,
            ConsensusTime genesisTime,
            Height executed) {
        return new ConsensusConfig(
                self,
                subnet,
                networkId,
                members,
                Quorum.of(members.size()),
                registryVersion,
                genesisTime,
                executed,
                Limits.STANDARD);
    }
}
