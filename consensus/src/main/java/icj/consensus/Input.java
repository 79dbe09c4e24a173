package icj.consensus;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.artifact.Artifact;
import icj.types.artifact.BlockRef;
import icj.types.message.IngressBody;
import icj.types.message.NextWork;

import java.util.List;

/// What the world tells the core (R-C14).
public sealed interface Input {
    /// A peer sent an artifact. `from` is the peer at the other end of the authenticated
    /// connection.
    record ArtifactArrived(NodeId from, Artifact artifact) implements Input {}

    /// A connection to this member stands. The core tells the peer where it is; whatever was sent
    /// before and lost is sent again as needed.
    record PeerConnected(NodeId peer) implements Input {}

    /// The ingress that the node holds changed its level: calls with a valid signature that stand
    /// in no delivered batch. Told at each change of level (R-C10).
    record DemandSeen(Demand level) implements Input {}

    /// The answer to [Effect.BuildPayload].
    ///
    /// @param parent as asked
    /// @param ingress the calls in order, without any that stands in an ancestor named by the
    ///   question or in the ingress history at its certified height
    record PayloadBuilt(BlockRef parent, List<IngressBody> ingress) implements Input {
        public PayloadBuilt {
            ingress = List.copyOf(ingress);
        }
    }

    /// The answer to [Effect.ValidatePayload].
    record PayloadValidated(BlockRef block, Validity validity) implements Input {}

    /// A batch was executed. Told for each delivered height in order, and first of all, once after
    /// a start, for the height at which the state was restored ([ConsensusConfig#executed], also
    /// when that is 0).
    ///
    /// @param root of the certified tree after the height
    /// @param witness CBOR of a hash tree with this root that reveals `/metadata/height` (at most
    ///   [icj.wire.ArtifactCodec#WITNESS_BYTES_MAX] bytes)
    /// @param next when execution wants another batch
    /// @param needsTape whether requests for randomness are pending in this state (R-C6)
    record BatchExecuted(Height height, Digest root, Blob witness, NextWork next, boolean needsTape)
            implements Input {}

    /// The state store has durably written this height: a restart begins there at the earliest, so
    /// the journal needs no block at or below it for this node's own sake (R-S5).
    record StateDurable(Height height) implements Input {}

    /// A newer version of the registry is known to this node.
    record RegistryAdvanced(RegistryVersion version) implements Input {}

    /// Nothing happened but time.
    record WokenUp() implements Input {}
}
