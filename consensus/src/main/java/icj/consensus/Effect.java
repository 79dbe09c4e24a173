package icj.consensus;

import icj.consensus.pool.PoolChange;
import icj.types.Blob;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.Payload;
import icj.types.message.Batch;
import icj.types.message.IngressBody;

import java.util.List;

/// What the core wants done. The shell may drain several inputs, collect the effects of all of
/// them, merge every [Persist] into one write, synced if one of them is, and only when that has
/// returned carry out the others in list order (R-C13). A write that fails ends the process.
public sealed interface Effect {
    /// Journal changes, to be written before any other effect of the turn is carried out.
    ///
    /// A synced write is durable when it returns, and so is all that was written before it: a node
    /// that forgets what it signed may sign twice. One that is not synced may be lost with a power
    /// failure, from some write on and all later ones with it; only what the others can give again,
    /// and what nothing that left the node rests on, is written so (docs/adr/0005).
    ///
    /// @param changes in order; may be empty in a synced write
    record Persist(List<PoolChange> changes, boolean synced) implements Effect {
        public Persist {
            changes = List.copyOf(changes);
        }
    }

    /// Send to every other member. A peer that can't be reached now is left out: the core notices
    /// and sends again.
    record Broadcast(Artifact artifact) implements Effect {}

    /// Send to one member, or drop when it can't be reached.
    record Send(NodeId to, Artifact artifact) implements Effect {}

    /// Send journal records to a peer: each value of the keys in [from, to), in key order, is the
    /// encoding of an artifact and travels as it is, until `bytesMax` bytes were sent (the first
    /// record always is).
    record SendStored(NodeId to, Blob from, Blob until, int bytesMax) implements Effect {}

    /// Build a payload for a block of this node. Answered by [Input.PayloadBuilt].
    ///
    /// @param height of the block
    /// @param parent of the block
    /// @param context of the block: the payload must be valid at the state of `context.certified()`
    ///   and at the time `context.time()` (R-C7)
    /// @param ancestors the payloads of the ancestors above `context.certified()`, whose request
    ///   ids must not be repeated
    record BuildPayload(
            Height height, BlockRef parent, BlockContext context, List<Payload> ancestors)
            implements Effect {
        public BuildPayload {
            ancestors = List.copyOf(ancestors);
        }
    }

    /// Say whether a peer's payload is valid, by the function that also builds. Answered by
    /// [Input.PayloadValidated]. The core has checked the block's signature, rank, time and
    /// context, that each body has the hash in the block, and that `context.certified()` was
    /// executed here. After a restart the snapshot of that height may be gone: any later executed
    /// snapshot serves.
    ///
    /// @param bodies of the calls, in block order
    /// @param ancestors the payloads of the ancestors above the certified height
    record ValidatePayload(
            BlockRef ref, Block block, List<IngressBody> bodies, List<Payload> ancestors)
            implements Effect {
        public ValidatePayload {
            bodies = List.copyOf(bodies);
            ancestors = List.copyOf(ancestors);
        }
    }

    /// Execute. Batches come in order without gaps, at most [Limits#batchesInFlightMax] beyond the
    /// last [Input.BatchExecuted]. The calls in it leave the ingress pool.
    record DeliverBatch(Batch batch) implements Effect {}

    /// A height that was executed here is certified: answers may be given from it. Comes in rising
    /// heights, not always for each; after a start it comes again for the height that the journal
    /// knows, once replay has reached it.
    record Certified(Artifact.Certification certification) implements Effect {}

    /// The node is so far behind that no peer keeps the blocks it needs (R-C15): it answers 503 and
    /// says "too far behind: needs state sync, which this version lacks".
    ///
    /// @param own the height that this node has reached
    /// @param lowest the lowest height that a peer still serves
    record SyncState(Height own, Height lowest) implements Effect {}

    /// End the process: a promise is broken that no restart can mend.
    ///
    /// @param reason one sentence: cause, then remedy
    /// @param evidence encoded artifacts that show it
    record Halt(String reason, List<Blob> evidence) implements Effect {
        public Halt {
            evidence = List.copyOf(evidence);
        }
    }
}
