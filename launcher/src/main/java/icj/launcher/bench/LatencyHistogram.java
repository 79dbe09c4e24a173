package icj.launcher.bench;

/// Percentiles of as many samples as come, in memory that does not grow: a count for each of 64
/// steps between one power of two nanoseconds and the next, so that a percentile is told at most
/// 1.6 % too high.
final class LatencyHistogram {
    private static final int STEP_BITS = 6;
    private static final int STEPS = 1 << STEP_BITS;

    /// Shorter ones, of about a millisecond, count as so long.
    private static final int LOWEST_BIT = 20;

    /// Longer ones, of more than four minutes, count as so long.
    private static final int HIGHEST_BIT = 38;

    private final int[] counts = new int[(HIGHEST_BIT - LOWEST_BIT) * STEPS];
    private long count;

    /// Adds a sample.
    void add(long nanos) {
        long bounded = Math.clamp(nanos, 1L << LOWEST_BIT, (1L << HIGHEST_BIT) - 1);
        int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(bounded);
        int step = (int) (bounded >>> bit - STEP_BITS) & STEPS - 1;
        counts[(bit - LOWEST_BIT) * STEPS + step]++;
        count++;
    }

    /// Adds all samples of another one.
    void add(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
    }

    long count() {
        return count;
    }

    /// The upper end of the step that holds the smallest sample which at least `percent` of all do
    /// not exceed, in milliseconds; NaN when there are none.
    double millis(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
        long seen = 0;
        int place = 0;
        while (true) {
            seen += counts[place];
            if (seen >= rank) {
                break;
            }
            place++;
        }
        int bit = LOWEST_BIT + place / STEPS;
        long upper = (1L << bit) + ((long) (place % STEPS) + 1 << bit - STEP_BITS);
        return upper / 1e6;
    }
}
