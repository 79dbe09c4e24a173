package icj.replica.metrics;

import java.util.concurrent.atomic.LongAdder;

/// A number that only grows. Any thread may add.
public final class Counter {
    private final LongAdder sum = new LongAdder();

    Counter() {}

    /// One more.
    public void increment() {
        sum.increment();
    }

    /// `amount` more.
    public void add(long amount) {
        sum.add(amount);
    }

    /// The sum so far.
    public long value() {
        return sum.sum();
    }
}
