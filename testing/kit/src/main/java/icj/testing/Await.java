package icj.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// The one place where tests wait for something that announces itself to nobody. It looks again
/// every few milliseconds and gives up at a deadline with a sentence, long before the test's own
/// timeout would end it without one.
public final class Await {
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    /// Something that becomes true.
    @FunctionalInterface
    public interface Condition {
        /// Whether it is.
        boolean holds() throws Exception;
    }

    private Await() {}

    /// Returns when `condition` holds.
    ///
    /// @param what is awaited, for the failure
    /// @throws AssertionError when it didn't come true within 100 seconds
    public static void until(String what, Condition condition) throws Exception {
        until(() -> what, condition);
    }

    /// Returns when `condition` holds.
    ///
    /// @param what is awaited and how things stand, for the failure
    /// @throws AssertionError when it didn't come true within 100 seconds
    public static void until(Supplier<String> what, Condition condition) throws Exception {
        long end = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("In vain awaited: " + what.get());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while awaiting: " + what.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
