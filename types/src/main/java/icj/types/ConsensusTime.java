package icj.types;

/// Time as consensus agreed on it: nanoseconds since 1970-01-01 UTC.
public record ConsensusTime(long value) implements Comparable<ConsensusTime> {
    /// The first one.
    public static final ConsensusTime ZERO = new ConsensusTime(0);

    public ConsensusTime {
        Invariant.check(value >= 0, "ConsensusTime is never negative, this is %d", value);
    }

    /// This time plus `nanos`, capped at the largest time.
    public ConsensusTime plusNanos(long nanos) {
        long sum = value + nanos;
        return new ConsensusTime(nanos > 0 && sum < 0 ? Long.MAX_VALUE : Math.max(0, sum));
    }

    /// Whether this time is later than `other`.
    public boolean isAfter(ConsensusTime other) {
        return value > other.value;
    }

    @Override
    public int compareTo(ConsensusTime other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
