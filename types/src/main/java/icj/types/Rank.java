package icj.types;

/// The order of a block maker at a height: 0 proposes first (R-C11).
public record Rank(int value) implements Comparable<Rank> {
    /// The leader's.
    public static final Rank LEADER = new Rank(0);

    public Rank {
        Invariant.check(value >= 0, "A rank is never negative, this is %d", value);
    }

    @Override
    public int compareTo(Rank other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
