package icj.replica.metrics;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// Where the time of an update goes. HTTP, POOL, EXECUTE, HASH, CERTIFY and ANSWER follow one
/// another; their sum is the latency that a client of this node sees, but for the client's own
/// part. BLOCK, NOTARIZE, FINALIZE and SYNC are stretches within these.
public final class Phases {
    /// A stretch of an update's way.
    public enum Phase {
        /// From the whole request read to its place in the pool: decoding, signature, inspection.
        HTTP,
        /// From the pool to the delivery of the final block that holds the call.
        POOL,
        /// Building or validating the payload of one block.
        BLOCK,
        /// From the first proposal of a height known here to its notarization.
        NOTARIZE,
        /// From the notarization to the finalization.
        FINALIZE,
        /// Running one batch.
        EXECUTE,
        /// Building the certified tree of one height, hashes included.
        HASH,
        /// One synced journal write.
        SYNC,
        /// From the certified tree's root to the certification of the height.
        CERTIFY,
        /// From the certification of the height to the answer written: witness and encoding.
        ANSWER
    }

    private final Map<Phase, Histogram> histograms = new EnumMap<>(Phase.class);

    /// Registers one histogram a phase.
    public Phases(Metrics metrics) {
        for (Phase phase : Phase.values()) {
            histograms.put(
                    phase,
                    metrics.histogram(
                            "ic_phase_seconds",
                            "Time spent per phase of an update's way",
                            "phase",
                            phase.name().toLowerCase(Locale.ROOT)));
        }
    }

    /// The histogram of `phase`.
    public Histogram of(Phase phase) {
        Histogram histogram = histograms.get(phase);
        if (histogram == null) {
            throw new IllegalStateException("No histogram for " + phase);
        }
        return histogram;
    }
}
