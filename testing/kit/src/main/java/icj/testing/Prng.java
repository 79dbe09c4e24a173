package icj.testing;

import java.util.List;
import java.util.SplittableRandom;

/// Seeded randomness for property tests and the simulator. `-Dseed=N` repeats a run.
public final class Prng {
    private final long seed;
    private final SplittableRandom random;

    private Prng(long seed, SplittableRandom random) {
        this.seed = seed;
        this.random = random;
    }

    /// Randomness of this seed.
    public static Prng of(long seed) {
        return new Prng(seed, new SplittableRandom(seed));
    }

    /// Randomness of `-Dseed`, or else of the clock; the seed is printed, so that a failure can be
    /// repeated.
    public static Prng fromProperty() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SEED=" + seed);
        return of(seed);
    }

    /// The seed at the root.
    public long seed() {
        return seed;
    }

    /// A child of its own stream: draws from it don't shift those of this one.
    public Prng split() {
        return new Prng(seed, random.split());
    }

    /// A number of 0 to `bound - 1`.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// A number of `from` to `to`, both included.
    public long between(long from, long to) {
        return to == Long.MAX_VALUE ? random.nextLong(from, to) : random.nextLong(from, to + 1);
    }

    /// Any 64 bits.
    public long bits() {
        return random.nextLong();
    }

    /// True with this probability.
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /// One of the list.
    public <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    /// This many bytes.
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
