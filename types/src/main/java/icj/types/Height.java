package icj.types;

import org.jspecify.annotations.Nullable;

/// The number of a block in the chain of its subnet; genesis is 0.
public record Height(long value) implements Comparable<Height> {
    /// The first one.
    public static final Height ZERO = new Height(0);

    public Height {
        Invariant.check(value >= 0, "Height is never negative, this is %d", value);
    }

    /// The height above this one.
    public Height next() {
        return new Height(value + 1);
    }

    /// This height plus `heights`, which may be negative, but not below genesis.
    public Height plus(long heights) {
        return new Height(Math.max(0, value + heights));
    }

    /// Whether this height lies above `other`.
    public boolean isAbove(Height other) {
        return value > other.value;
    }

    /// The higher of the two.
    public static Height max(Height a, Height b) {
        return a.value >= b.value ? a : b;
    }

    @Override
    public int compareTo(Height other) {
        return Long.compare(value, other.value);
    }

    // By hand: those of a record are made of classes that the JVM generates at each start of a
    // process.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Height that && value == that.value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
