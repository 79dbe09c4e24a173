package icj.types;

/// The number of an atomic change of the registry; 1 is genesis.
public record RegistryVersion(long value) implements Comparable<RegistryVersion> {
    /// The first one.
    public static final RegistryVersion ZERO = new RegistryVersion(0);

    public RegistryVersion {
        Invariant.check(value >= 0, "RegistryVersion is never negative, this is %d", value);
    }

    @Override
    public int compareTo(RegistryVersion other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
