package icj.types.registry;

import icj.types.CanisterId;

/// The canister numbers `low` to `high`, both included; both are unsigned.
///
/// @param low the first number, see [CanisterId#ofNumber]
/// @param high the last number
public record CanisterRange(long low, long high) implements Comparable<CanisterRange> {
    /// How many ids a subnet gets: 2^20.
    public static final long SIZE = 1L << 20;

    public CanisterRange {
        if (Long.compareUnsigned(low, high) > 0) {
            throw new IllegalArgumentException(
                    "A range of canisters runs upward, this goes from "
                            + Long.toUnsignedString(low)
                            + " to "
                            + Long.toUnsignedString(high));
        }
    }

    /// The range of subnet `index` of a network: 0 is the NNS subnet's, `k` the k-th application
    /// subnet's.
    public static CanisterRange ofIndex(int index) {
        return new CanisterRange(index * SIZE, (index + 1) * SIZE - 1);
    }

    /// Whether this number lies inside.
    public boolean contains(long number) {
        return Long.compareUnsigned(low, number) <= 0 && Long.compareUnsigned(number, high) <= 0;
    }

    /// Whether this canister lies inside: only those with a number do.
    public boolean contains(CanisterId canister) {
        return canister.isNumbered() && contains(canister.number());
    }

    /// The first canister.
    public CanisterId first() {
        return CanisterId.ofNumber(low);
    }

    /// The last canister.
    public CanisterId last() {
        return CanisterId.ofNumber(high);
    }

    /// By `low`.
    @Override
    public int compareTo(CanisterRange other) {
        int order = Long.compareUnsigned(low, other.low);
        return order != 0 ? order : Long.compareUnsigned(high, other.high);
    }
}
