package icj.types.message;

import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.RegistryVersion;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What execution receives for a finalized block: everything that the next state is a function of.
///
/// @param height the block's height; batches come without gaps
/// @param time the block's time, strictly above that of the batch before
/// @param registryVersion the pinned version
/// @param certifiedHeight the certified height in the block's context (R-S7: snapshots below it may
///   go)
/// @param blockHash of the finalized block
/// @param maker of the block
/// @param ingress update calls in block order, signatures checked (R-C7)
/// @param tape the random tape of this height, present iff the state at `certifiedHeight` had
///   requests pending (R-C6)
public record Batch(
        Height height,
        ConsensusTime time,
        RegistryVersion registryVersion,
        Height certifiedHeight,
        Digest blockHash,
        NodeId maker,
        List<IngressBody> ingress,
        @Nullable Digest tape) {
    public Batch {
        ingress = List.copyOf(ingress);
    }
}
