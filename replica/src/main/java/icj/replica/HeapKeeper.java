package icj.replica;

/// Collects the whole heap when it has grown by garbage, and now and then.
///
/// The serial collector would let the old generation grow to `-Xmx` before it looks what of it is
/// still alive, and gives memory back only when it has looked. The bound is for the worst moment
/// (docs/LIMITS.md), the resident memory should follow what is in use (ADR 8). One collection of a
/// usual heap takes about 50 ms.
final class HeapKeeper {
    /// How long between two looks.
    static final long LOOK_SECONDS = 2;

    private static final long SECOND = 1_000_000_000L;

    /// Growth of less than this is not worth a pause.
    private static final long GROWTH_BYTES_MIN = 16L << 20;

    /// Growth is looked at no more often, so that a heap which is full of live objects is not
    /// collected all the time.
    private static final long GROWTH_NANOS_MIN = 10 * SECOND;

    /// What is worth a pause when there was none for a minute.
    private static final long SLOW_GROWTH_BYTES_MIN = 4L << 20;

    private static final long SLOW_GROWTH_NANOS_MIN = 60 * SECOND;

    /// After a load, what it left is given back: update calls are remembered for five minutes.
    private static final long NANOS_MAX = 330 * SECOND;

    private final Heap heap;
    private long kept;
    private long collectedAt;

    /// @param nowNanos a steady clock's
    HeapKeeper(Heap heap, long nowNanos) {
        this.heap = heap;
        this.kept = heap.committed();
        this.collectedAt = nowNanos;
    }

    /// The heap of a process.
    interface Heap {
        /// Its size, used or not.
        long committed();

        /// Finds what is alive, and makes the heap as large as that needs.
        void collect();
    }

    /// The keeper of this JVM's heap.
    static HeapKeeper ofThisProcess() {
        Runtime runtime = Runtime.getRuntime();
        return new HeapKeeper(
                new Heap() {
                    @Override
                    public long committed() {
                        return runtime.totalMemory();
                    }

                    @Override
                    public void collect() {
                        System.gc();
                    }
                },
                System.nanoTime());
    }

    /// Looks whether it is time for a collection, and does it.
    ///
    /// @param nowNanos a steady clock's
    void look(long nowNanos) {
        long grown = heap.committed() - kept;
        long since = nowNanos - collectedAt;
        boolean isGrown =
                grown >= Math.max(GROWTH_BYTES_MIN, kept / 4) && since >= GROWTH_NANOS_MIN;
        boolean isSlowlyGrown = grown >= SLOW_GROWTH_BYTES_MIN && since >= SLOW_GROWTH_NANOS_MIN;
        if (isGrown || isSlowlyGrown || since >= NANOS_MAX) {
            heap.collect();
            kept = heap.committed();
            collectedAt = nowNanos;
        }
    }
}
