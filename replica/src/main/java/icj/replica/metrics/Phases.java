package icj.replica.metrics;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// Where the time of an update goes, as the node sees it that the client asked. The phases follow
/// one another without gap, so that those of one call add up to the time between the request read
/// and the answer handed over: what the client waits beyond that is its own part and the
/// connection's. Each call that was answered with its certificate counts once in each.
///
/// PAYLOAD and SYNC count by themselves: stretches within the others.
public final class Phases {
    /// A stretch of an update's way.
    public enum Phase {
        /// From the whole request read to its place in the pool: decoding, signature, inspection.
        REQUEST,
        /// Until a proposed block of the call's height is known here: the turn of a block maker,
        /// its payload, the way of the proposal.
        PROPOSE,
        /// Until a quorum has validated that block.
        NOTARIZE,
        /// Until the block is final.
        FINALIZE,
        /// Until execution begins: earlier batches.
        QUEUE,
        /// Running the batch, or the batches when the call needs several.
        EXECUTE,
        /// Building the certified tree, hashes included.
        HASH,
        /// Until a quorum has signed the state.
        CERTIFY,
        /// Until the answer is handed over: witness and encoding.
        ANSWER,
        /// Building or validating the payload of one block.
        PAYLOAD,
        /// One synced write of the journal.
        SYNC;

        /// Whether it is one of those that follow one another.
        public boolean isStep() {
            return compareTo(ANSWER) <= 0;
        }

        /// As in metrics.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
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
                            phase.text()));
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
