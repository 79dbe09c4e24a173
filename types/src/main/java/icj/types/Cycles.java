package icj.types;

import java.math.BigInteger;

/// An amount of cycles: an unsigned 128-bit number. Sums saturate, differences stop at zero.
public record Cycles(BigInteger value) implements Comparable<Cycles> {
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    /// None.
    public static final Cycles ZERO = new Cycles(BigInteger.ZERO);

    public Cycles {
        Invariant.check(
                value.signum() >= 0 && value.bitLength() <= 128,
                "Cycles are an unsigned 128-bit number, not %s",
                value);
    }

    /// This many cycles; `cycles` is not negative.
    public static Cycles of(long cycles) {
        return cycles == 0 ? ZERO : new Cycles(BigInteger.valueOf(cycles));
    }

    /// The number with these unsigned halves.
    public static Cycles ofHalves(long high, long low) {
        return new Cycles(unsigned(high).shiftLeft(64).or(unsigned(low)));
    }

    /// The nearest amount: negative numbers become zero, those beyond 128 bits the largest.
    public static Cycles saturated(BigInteger value) {
        return value.signum() <= 0 ? ZERO : new Cycles(value.min(MAX));
    }

    private static BigInteger unsigned(long half) {
        BigInteger number = BigInteger.valueOf(half & Long.MAX_VALUE);
        return half < 0 ? number.setBit(63) : number;
    }

    /// The sum, at most 2^128 - 1.
    public Cycles plus(Cycles other) {
        return saturated(value.add(other.value));
    }

    /// The difference, at least zero.
    public Cycles minus(Cycles other) {
        return saturated(value.subtract(other.value));
    }

    /// This amount `times` over, at most 2^128 - 1.
    public Cycles times(long times) {
        return saturated(value.multiply(BigInteger.valueOf(times)));
    }

    /// The smaller amount.
    public Cycles min(Cycles other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /// Whether there are any.
    public boolean isPositive() {
        return value.signum() > 0;
    }

    /// Bits 64 to 127.
    public long high() {
        return value.shiftRight(64).longValue();
    }

    /// Bits 0 to 63.
    public long low() {
        return value.longValue();
    }

    @Override
    public int compareTo(Cycles other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
