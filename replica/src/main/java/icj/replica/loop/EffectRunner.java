package icj.replica.loop;

import icj.consensus.Effect;
import icj.consensus.Input;
import icj.consensus.Validity;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.replica.p2p.FrameKind;
import icj.replica.p2p.PeerNetwork;
import icj.types.Blob;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.RequestId;
import icj.types.artifact.Artifact;
import icj.types.artifact.IngressRef;
import icj.types.artifact.Payload;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.types.registry.SubnetLimits;
import icj.wire.ArtifactCodec;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Carries out the effects of the consensus core, on the thread of its loop, in their order. What
/// takes long goes to a pool or to the execution loop. An answer that is known at once becomes an
/// input of the next turn, see [#takeAnswers].
public final class EffectRunner {
    /// What the effects act on.
    ///
    /// @param network the peers
    /// @param stored sends records of the journal to peers that fetch
    /// @param ingress the pool
    /// @param verifier of calls that the pool doesn't know
    /// @param snapshots of executed states
    /// @param deliver takes a batch to execution
    /// @param later tells consensus an answer from another thread
    /// @param workers for what takes long, guarded: consensus waits for them, so nobody else uses
    ///   them
    /// @param limits of blocks
    public record Parts(
            PeerNetwork network,
            StoredSender stored,
            IngressPool ingress,
            IngressVerifier verifier,
            SnapshotBoard snapshots,
            Consumer<Batch> deliver,
            Consumer<Input> later,
            Executor workers,
            SubnetLimits limits) {}

    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

    /// So many calls of one block are verified at once on this thread; more go to the pool.
    private static final int VERIFIED_HERE_MAX = 8;

    private final Parts parts;
    private final RoundTimes times;
    private final Fatal fatal;
    private final Runnable demand;
    private final Metrics metrics;
    private final Histogram blocks;
    private List<Input> answers = new ArrayList<>();
    private boolean queued;
    private volatile @Nullable String tooFarBehind;

    /// @param demand called when the pool's content changed
    public EffectRunner(
            Parts parts,
            RoundTimes times,
            Runnable demand,
            Fatal fatal,
            Metrics metrics,
            Phases phases) {
        this.parts = parts;
        this.times = times;
        this.demand = demand;
        this.fatal = fatal;
        this.metrics = metrics;
        blocks = phases.of(Phases.Phase.PAYLOAD);
    }

    /// The inputs that answer the effects of the last turn; they are taken once.
    List<Input> takeAnswers() {
        if (answers.isEmpty()) {
            return List.of();
        }
        List<Input> taken = answers;
        answers = new ArrayList<>();
        return taken;
    }

    /// Why this node can't catch up by itself, or null.
    public @Nullable String tooFarBehind() {
        return tooFarBehind;
    }

    /// Carries out one effect. Persisting is the loop's own work, done before.
    void run(Effect effect) {
        times.observe(effect);
        boolean sends = effect instanceof Effect.Broadcast || effect instanceof Effect.Send;
        if (sends) {
            queued = true;
        } else {
            flush();
        }
        switch (effect) {
            case Effect.Persist _ -> {}
            case Effect.Broadcast(Artifact artifact) ->
                    parts.network().queue(FrameKind.ARTIFACT, ArtifactCodec.encode(artifact));
            case Effect.Send(NodeId to, Artifact artifact) ->
                    parts.network().queue(to, FrameKind.ARTIFACT, ArtifactCodec.encode(artifact));
            case Effect.SendStored stored -> parts.stored().send(stored);
            case Effect.BuildPayload question -> build(question);
            case Effect.ValidatePayload question -> validate(question);
            case Effect.DeliverBatch(Batch batch) -> deliver(batch);
            case Effect.Certified(Artifact.Certification certification) ->
                    parts.snapshots().certify(certification);
            case Effect.SyncState(Height own, Height lowest) -> {
                tooFarBehind = "too far behind: needs state sync, which this version lacks";
                LOG.error("At height {}, peers keep from {}: {}", own, lowest, tooFarBehind);
            }
            case Effect.Halt(String reason, List<Blob> evidence) -> {
                for (Blob artifact : evidence) {
                    LOG.error(
                            "Evidence: {}", java.util.HexFormat.of().formatHex(artifact.shared()));
                }
                fatal.halt("Consensus halts: " + reason);
            }
        }
    }

    /// Sends what the effects so far wanted sent: at the end of a turn, and before each effect that
    /// may take a while.
    void flush() {
        if (queued) {
            queued = false;
            parts.network().flush();
        }
    }

    private void build(Effect.BuildPayload question) {
        long began = System.nanoTime();
        IngressPayload payload =
                payload(
                        question.context().certified(),
                        question.context().time().value(),
                        question.ancestors());
        if (payload != null) {
            parts.ingress().fill(payload);
        }
        List<IngressBody> bodies = payload == null ? List.of() : payload.bodies();
        proposed(bodies);
        answers.add(new Input.PayloadBuilt(question.parent(), bodies));
        blocks.observeSince(began);
    }

    private void validate(Effect.ValidatePayload question) {
        int unknown = 0;
        for (IngressBody body : question.bodies()) {
            if (parts.ingress().verdict(body.hash()) == null) {
                unknown++;
            }
        }
        if (unknown <= VERIFIED_HERE_MAX) {
            answers.add(new Input.PayloadValidated(question.ref(), validity(question)));
            return;
        }
        try {
            parts.workers()
                    .execute(() ->
                            parts.later()
                                    .accept(
                                            new Input.PayloadValidated(
                                                    question.ref(), validity(question))));
        } catch (RejectedExecutionException e) {
            answers.add(new Input.PayloadValidated(question.ref(), validity(question)));
        }
    }

    private Validity validity(Effect.ValidatePayload question) {
        long began = System.nanoTime();
        IngressPayload payload =
                payload(
                        question.block().context().certified(),
                        question.block().context().time().value(),
                        question.ancestors());
        if (payload == null) {
            return new Validity.NotYet("the state of " + question.block().context().certified());
        }
        for (IngressBody body : question.bodies()) {
            IngressPool.Verdict verdict =
                    parts.verifier().verdict(body, question.block().context().time().value());
            String refusal =
                    verdict == null ? "has no valid signature" : payload.add(body, verdict);
            if (refusal != null) {
                return new Validity.Invalid("call " + body.id() + ": " + refusal);
            }
        }
        blocks.observeSince(began);
        proposed(question.bodies());
        return new Validity.Valid();
    }

    private void proposed(List<IngressBody> bodies) {
        if (!bodies.isEmpty()) {
            parts.ingress().proposed(bodies);
            demand.run();
        }
    }

    /// An empty payload of a block, or null when no state is there to judge by.
    private @Nullable IngressPayload payload(
            Height certified, long timeNanos, List<Payload> ancestors) {
        SnapshotBoard.Executed snapshot = parts.snapshots().atOrAbove(certified);
        if (snapshot == null) {
            return null;
        }
        Set<RequestId> before = new HashSet<>();
        for (Payload ancestor : ancestors) {
            for (IngressRef ref : ancestor.ingress()) {
                before.add(ref.id());
            }
        }
        Predicate<RequestId> taken =
                id -> before.contains(id) || snapshot.state().ingress().has(id);
        long bytesMax = Math.min(parts.limits().blockBytesMax(), ArtifactCodec.PAYLOAD_BYTES_MAX);
        long callsMax =
                Math.min(parts.limits().blockMessagesMax(), ArtifactCodec.PAYLOAD_CALLS_MAX);
        return new IngressPayload(
                timeNanos, parts.limits().ingressBytesMax(), bytesMax, callsMax, taken);
    }

    private void deliver(Batch batch) {
        metrics.counter(
                        "ic_blocks_total",
                        "Final blocks since the start by maker",
                        "maker",
                        batch.maker().toString())
                .increment();
        parts.ingress().delivered(batch.ingress());
        parts.ingress().expire(batch.time().value());
        parts.deliver().accept(batch);
        parts.snapshots().release(batch.certifiedHeight());
        demand.run();
    }
}
