package icj.launcher.supervise;

import java.time.Duration;
import java.util.ArrayDeque;

/// When a node that died is started again: after 0.2 s, twice as long each time up to 10 s; never
/// again after 10 deaths within a minute. A life of 10 s makes the wait short again.
///
/// Pure: time is what the caller says.
public final class RestartPolicy {
    private static final long FIRST_MILLIS = 200;
    private static final long LAST_MILLIS = 10_000;
    private static final long LONG_LIFE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int DEATHS_MAX = 10;

    private final ArrayDeque<Long> deaths = new ArrayDeque<>();
    private long nextMillis = FIRST_MILLIS;

    /// What to do about a death.
    public sealed interface Verdict {
        /// Start again after this wait.
        record Restart(long delayMillis) implements Verdict {}

        /// Leave it.
        record GiveUp(int deaths) implements Verdict {}
    }

    /// A process died that had started at `startNanos`.
    public Verdict died(long startNanos, long nowNanos) {
        while (!deaths.isEmpty() && nowNanos - deaths.getFirst() > WINDOW_NANOS) {
            deaths.removeFirst();
        }
        deaths.addLast(nowNanos);
        if (deaths.size() >= DEATHS_MAX) {
            return new Verdict.GiveUp(deaths.size());
        }
        if (nowNanos - startNanos >= LONG_LIFE_NANOS) {
            nextMillis = FIRST_MILLIS;
        }
        long delay = nextMillis;
        nextMillis = Math.min(LAST_MILLIS, 2 * nextMillis);
        return new Verdict.Restart(delay);
    }

    /// Forgets all deaths: somebody started or killed the node by hand.
    public void forget() {
        deaths.clear();
        nextMillis = FIRST_MILLIS;
    }
}
