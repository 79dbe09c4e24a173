package icj.replica.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How often durations fell into each of a fixed list of classes. Any thread may observe.
public final class Histogram {
    /// The upper bounds of the classes in nanoseconds, 50 µs to 30 s: enough to tell a late
    /// signature from a late disk.
    static final long[] BOUNDS_NANOS = {
        50_000L,
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        10_000_000_000L,
        30_000_000_000L
    };

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_NANOS.length + 1);
    private final LongAdder sumNanos = new LongAdder();

    Histogram() {}

    /// Counts one duration; negative ones count as zero.
    public void observeNanos(long nanos) {
        long value = Math.max(0, nanos);
        int index = 0;
        while (index < BOUNDS_NANOS.length && value > BOUNDS_NANOS[index]) {
            index++;
        }
        counts.incrementAndGet(index);
        sumNanos.add(value);
    }

    /// Counts the time since `startNanos`, a value of `System.nanoTime()`.
    public void observeSince(long startNanos) {
        observeNanos(System.nanoTime() - startNanos);
    }

    /// How many were counted.
    public long count() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    long count(int index) {
        return counts.get(index);
    }

    double sumSeconds() {
        return sumNanos.sum() / 1e9;
    }
}
