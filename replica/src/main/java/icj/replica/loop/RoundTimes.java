package icj.replica.loop;

import icj.consensus.Effect;
import icj.replica.metrics.CallTrace;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.replica.metrics.Phases.Phase;
import icj.types.Height;
import icj.types.RequestId;
import icj.types.artifact.Artifact;
import icj.types.message.Batch;
import icj.types.message.IngressBody;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Map;

/// When each height, and each call that a client of this node waits for, reached each stage here,
/// so that the latency of an update can be taken apart: read off the core's effects, told by the
/// execution loop and by the endpoints. Any thread; whatever it keeps is bounded.
public final class RoundTimes {
    private static final int HEIGHTS_MAX = 256;

    /// As many as clients may wait, twice: some wait for calls of a stuck subnet.
    private static final int CALLS_MAX = 16_384;

    /// As many answered calls are kept to be read: a few seconds of a busy node.
    private static final int TRACES_MAX = 1_024;

    private static final class Times {
        private long proposed;
        private long notarized;
        private long delivered;
        private long executing;
        private long executed;
        private long hashed;
        private long certified;
    }

    private static final class Call {
        private final long arrived;
        private final long pooled;
        private @Nullable Height height;

        Call(long arrived, long pooled) {
            this.arrived = arrived;
            this.pooled = pooled;
        }
    }

    private final Map<Height, Times> heights = new BoundedMap<>(HEIGHTS_MAX);
    private final Map<RequestId, Call> calls = new BoundedMap<>(CALLS_MAX);
    private final ArrayDeque<CallTrace> traces = new ArrayDeque<>();
    private final Phases phases;
    private final Histogram round;
    private final Histogram finality;
    private long lastDelivered;

    public RoundTimes(Metrics metrics, Phases phases) {
        this.phases = phases;
        round = metrics.histogram("ic_round_seconds", "Time between finalized blocks");
        finality =
                metrics.histogram(
                        "ic_finality_seconds",
                        "From the first proposal of a height known here to its final block");
    }

    /// A call of a client of this node came into the pool.
    ///
    /// @param arrivedNanos when its request was read, by `System.nanoTime()`
    public synchronized void pooled(RequestId id, long arrivedNanos) {
        calls.put(id, new Call(arrivedNanos, System.nanoTime()));
    }

    /// The batch of this height begins to run.
    public synchronized void executing(Height height) {
        at(height).executing = System.nanoTime();
    }

    /// The batch of this height has run.
    public synchronized void executed(Height height) {
        at(height).executed = System.nanoTime();
    }

    /// The tree of this height is hashed: its certification may begin.
    public synchronized void hashed(Height height) {
        at(height).hashed = System.nanoTime();
    }

    synchronized void observe(Effect effect) {
        long now = System.nanoTime();
        switch (effect) {
            case Effect.Broadcast(Artifact.BlockProposal proposal) -> {
                Times times = at(proposal.height());
                times.proposed = times.proposed == 0 ? now : times.proposed;
            }
            // The first that this node does for a block of another is to validate it.
            case Effect.ValidatePayload question -> {
                Times times = at(question.ref().height());
                times.proposed = times.proposed == 0 ? now : times.proposed;
            }
            // A finalization share follows the notarization at once.
            case Effect.Broadcast(Artifact.FinalizationShare share) ->
                    at(share.height()).notarized = now;
            case Effect.DeliverBatch(Batch batch) -> delivered(batch, now);
            case Effect.Certified certified ->
                    at(certified.certification().height()).certified = now;
            default -> {}
        }
    }

    private void delivered(Batch batch, long now) {
        Times times = at(batch.height());
        times.delivered = now;
        if (times.proposed != 0) {
            finality.observeNanos(now - times.proposed);
        }
        if (lastDelivered != 0) {
            round.observeNanos(now - lastDelivered);
        }
        lastDelivered = now;
        if (calls.isEmpty()) {
            return;
        }
        for (IngressBody body : batch.ingress()) {
            Call call = calls.get(body.id());
            if (call != null) {
                call.height = batch.height();
            }
        }
    }

    /// The client of a call got its certificate.
    ///
    /// @param certified the height that the certificate is of
    /// @return nanoseconds since its request was read; 0 when this node didn't see all of its way
    public synchronized long answered(RequestId id, Height certified) {
        long now = System.nanoTime();
        Call call = calls.remove(id);
        Height included = call == null ? null : call.height;
        if (call == null || included == null) {
            return 0;
        }
        Times block = heights.get(included);
        Times end = heights.get(certified);
        if (block == null || end == null) {
            return 0;
        }
        // A stage that this node did not see by itself, as when a peer's notarization came together
        // with the finalization, takes no time; no stage ends before the one before it.
        long[] ends = {
            call.pooled,
            block.proposed,
            block.notarized,
            block.delivered,
            block.executing,
            end.executed,
            end.hashed,
            end.certified,
            now
        };
        long[] steps = new long[ends.length];
        long before = call.arrived;
        for (int i = 0; i < ends.length; i++) {
            long at = ends[i] == 0 || ends[i] - before < 0 ? before : ends[i];
            steps[i] = at - before;
            phases.of(Phase.values()[i]).observeNanos(steps[i]);
            before = at;
        }
        traces.addLast(new CallTrace(id, included, steps));
        if (traces.size() > TRACES_MAX) {
            traces.removeFirst();
        }
        return now - call.arrived;
    }

    /// The calls answered last, oldest first, one JSON object a line.
    public String recent() {
        CallTrace[] copy;
        synchronized (this) {
            copy = traces.toArray(new CallTrace[0]);
        }
        StringBuilder lines = new StringBuilder();
        for (CallTrace trace : copy) {
            lines.append(trace.toJson()).append('\n');
        }
        return lines.toString();
    }

    private Times at(Height height) {
        return heights.computeIfAbsent(height, _ -> new Times());
    }
}
