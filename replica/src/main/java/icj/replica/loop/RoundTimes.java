package icj.replica.loop;

import icj.consensus.Effect;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.types.Height;
import icj.types.artifact.Artifact;

import java.util.LinkedHashMap;
import java.util.Map;

/// When each height reached each stage here, read off the core's effects, so that the latency of an
/// update can be taken apart. Belongs to the consensus thread, but for [#executed].
public final class RoundTimes {
    private static final int HEIGHTS_MAX = 256;

    private static final class Times {
        private long proposed;
        private long notarized;
        private long rooted;
    }

    private final Map<Height, Times> heights =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Height, Times> eldest) {
                    return size() > HEIGHTS_MAX;
                }
            };
    private final Histogram notarize;
    private final Histogram finalize;
    private final Histogram certify;
    private final Histogram round;
    private long lastDelivered;

    public RoundTimes(Metrics metrics, Phases phases) {
        notarize = phases.of(Phases.Phase.NOTARIZE);
        finalize = phases.of(Phases.Phase.FINALIZE);
        certify = phases.of(Phases.Phase.CERTIFY);
        round = metrics.histogram("ic_round_seconds", "Time between finalized blocks");
    }

    /// The tree of this height is hashed: its certification may begin. Any thread.
    public void executed(Height height) {
        at(height).rooted = System.nanoTime();
    }

    void observe(Effect effect) {
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
            case Effect.Broadcast(Artifact.FinalizationShare share) -> {
                Times times = at(share.height());
                times.notarized = now;
                since(notarize, times.proposed, now);
            }
            case Effect.DeliverBatch delivered -> {
                since(finalize, at(delivered.batch().height()).notarized, now);
                since(round, lastDelivered, now);
                lastDelivered = now;
            }
            case Effect.Certified certified ->
                    since(certify, at(certified.certification().height()).rooted, now);
            default -> {}
        }
    }

    private static void since(Histogram histogram, long begin, long now) {
        if (begin != 0) {
            histogram.observeNanos(now - begin);
        }
    }

    private Times at(Height height) {
        synchronized (heights) {
            return heights.computeIfAbsent(height, _ -> new Times());
        }
    }
}
