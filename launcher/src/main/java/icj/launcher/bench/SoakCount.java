package icj.launcher.bench;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/// What became of the updates of a load at a steady rate: counts, one bit for each number, and the
/// latencies of the minute that runs. One thread counts, another one reads.
final class SoakCount {
    /// So many different reasons of failures are told.
    private static final int REASONS_MAX = 20;

    /// What came within a minute, or within all of them.
    static final class Part {
        private final LatencyHistogram latencies = new LatencyHistogram();
        private long refused;
        private long unknown;
        private long failed;

        LatencyHistogram latencies() {
            return latencies;
        }

        long acknowledged() {
            return latencies.count();
        }

        long refused() {
            return refused;
        }

        long unknown() {
            return unknown;
        }

        long failed() {
            return failed;
        }

        private void add(Part other) {
            latencies.add(other.latencies);
            refused += other.refused;
            unknown += other.unknown;
            failed += other.failed;
        }
    }

    private final BitSet acknowledged = new BitSet();
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Part all = new Part();
    private Part current = new Part();

    /// A certificate says that the update was replied to.
    ///
    /// @param nanos since the update was to be sent
    synchronized void acknowledged(long number, long nanos) {
        acknowledged.set((int) number);
        current.latencies.add(nanos);
    }

    /// The node had no room; nothing happened.
    synchronized void refused() {
        current.refused++;
    }

    /// Nobody could tell what became of it.
    synchronized void unknown(String reason) {
        current.unknown++;
        because(reason);
    }

    /// It was answered, and not as it should be.
    synchronized void failed(String reason) {
        current.failed++;
        because(reason);
    }

    /// An answer that was counted as acknowledged does not stand.
    synchronized void refuted(long number, String reason) {
        acknowledged.clear((int) number);
        current.failed++;
        because(reason);
    }

    private void because(String reason) {
        String known =
                reasons.containsKey(reason) || reasons.size() < REASONS_MAX ? reason : "others";
        reasons.merge(known, 1L, Long::sum);
    }

    /// What came since the last time this was asked.
    synchronized Part next() {
        Part part = current;
        all.add(part);
        current = new Part();
        return part;
    }

    /// All that [#next] gave.
    synchronized Part all() {
        return all;
    }

    /// The numbers of the updates that were acknowledged.
    synchronized BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    /// How often each reason came.
    synchronized Map<String, Long> reasons() {
        return new TreeMap<>(reasons);
    }
}
