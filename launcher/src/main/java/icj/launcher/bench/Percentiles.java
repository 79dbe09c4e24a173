package icj.launcher.bench;

import java.util.Arrays;

/// Exact percentiles: all samples are kept and sorted. Grows as samples come; not for several
/// threads.
final class Percentiles {
    private long[] nanos = new long[1_024];
    private int count;
    private boolean sorted;

    /// Adds a sample.
    void add(long sample) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = sample;
        sorted = false;
    }

    int count() {
        return count;
    }

    /// The smallest sample that at least `percent` of all samples do not exceed, in milliseconds;
    /// NaN when there are none.
    double millis(double percent) {
        return count == 0 ? Double.NaN : sample(percent) / 1e6;
    }

    private long sample(double percent) {
        if (!sorted) {
            Arrays.sort(nanos, 0, count);
            sorted = true;
        }
        int rank = (int) Math.ceil(percent / 100 * count);
        return nanos[Math.clamp(rank - 1, 0, count - 1)];
    }
}
