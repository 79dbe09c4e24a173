package icj.replica.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.replica.metrics.Metrics;
import icj.types.Height;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;

/// Who is refused and who is not, on a clock of the test's own.
final class AdmissionTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    private final Metrics metrics = new Metrics();
    private int pool;
    private final Admission admission = new Admission(() -> pool, metrics);
    private long now;
    private long height;

    /// Heights that follow one another, each with so many calls, while others wait.
    private void run(int heights, int calls, long roundNanos) {
        for (int i = 0; i < heights; i++) {
            now += roundNanos;
            height++;
            admission.delivered(new Height(height), calls);
            admission.certified(new Height(height), now);
        }
    }

    /// How many waiting calls it takes until the next is refused.
    private int bound() {
        int before = pool;
        pool = 0;
        while (admission.retrySeconds(0, now) == 0) {
            pool++;
        }
        int bound = pool;
        pool = before;
        return bound;
    }

    @Test
    void aBurstAfterAnIdleTimeIsTaken() {
        assertEquals(Admission.UNMEASURED_CALLS, bound());
        run(100, 1, 50 * MILLISECOND);
        assertEquals(Admission.UNMEASURED_CALLS, bound());
    }

    /// What a subnet does that waits for its clients is no measure of what it can do.
    @Test
    void onlyASubnetThatIsBusyIsMeasured() {
        run(100, 5, 50 * MILLISECOND);
        assertEquals(Admission.UNMEASURED_CALLS, bound());
        pool = 1_000;
        run(100, 250, 50 * MILLISECOND);
        // 5,000 calls a second.
        assertEquals(5_000 * admission.waitNanos() / SECOND, bound(), 1);
    }

    /// Nodes far apart have longer rounds; a crowd, a cold start or a node that is away for a while
    /// must not count as such.
    @Test
    void aCallMayTakeThreeTimesWhatItTakesWithoutACrowd() {
        answer(2_000, 400 * MILLISECOND);
        assertEquals(1_200 * MILLISECOND, admission.waitNanos(), MILLISECOND);
        pool = 1_000;
        run(100, 250, 50 * MILLISECOND);
        answer(2_000, 2 * SECOND);
        assertEquals(1_200 * MILLISECOND, admission.waitNanos(), MILLISECOND);
        assertEquals(6_000, bound(), 10);
        // All of a crowd are answered at once, and nobody waits any more.
        pool = 0;
        run(10, 0, 50 * MILLISECOND);
        answer(2_000, 2 * SECOND);
        assertEquals(1_200 * MILLISECOND, admission.waitNanos(), MILLISECOND);
        run(20, 0, 50 * MILLISECOND);
        answer(200, 40 * MILLISECOND);
        assertEquals(120 * MILLISECOND, admission.waitNanos(), MILLISECOND);
        answer(10, SECOND);
        assertTrue(admission.waitNanos() < 250 * MILLISECOND, "ten slow ones");
        answer(100_000, 60 * SECOND);
        assertEquals(3 * SECOND, admission.waitNanos(), MILLISECOND);
    }

    private void answer(int calls, long tookNanos) {
        for (int i = 0; i < calls; i++) {
            admission.answered(tookNanos);
        }
    }

    @Test
    void aFewClientsAreTakenHoweverSlowItIs() {
        pool = 1_000;
        run(100, 1, SECOND);
        assertEquals(Admission.ALWAYS_CALLS, bound());
    }

    /// A node that was to make a block is away: the round ends by time, whoever is refused.
    @Test
    void moreAreTakenWhileARoundIsSlow() {
        pool = 1_000;
        run(100, 1, 50 * MILLISECOND);
        assertEquals(Admission.ALWAYS_CALLS, bound());
        now += 300 * MILLISECOND;
        assertEquals(Admission.SLOW_ROUND_CALLS, bound());
        run(1, 1, MILLISECOND);
        assertEquals(Admission.ALWAYS_CALLS, bound());
    }

    @Test
    void measuresAreSmoothedAndForgotten() {
        pool = 1_000;
        run(100, 250, 50 * MILLISECOND);
        int before = bound();
        run(1, 0, 50 * MILLISECOND);
        assertTrue(bound() < before && bound() > before * 0.9, "one empty height: " + bound());
        run(100, 125, 50 * MILLISECOND);
        assertEquals(before / 2.0, bound(), before / 20.0);
        pool = 0;
        run(1, 0, 50 * MILLISECOND);
        run(60, 0, SECOND);
        assertEquals(Admission.UNMEASURED_CALLS, bound());
    }

    /// Calls of blocks whose state is not certified wait as those in the pool do.
    @Test
    void whatIsUnderwayWaits() {
        admission.delivered(new Height(1), 600);
        admission.delivered(new Height(2), 500);
        assertTrue(admission.retrySeconds(0, now) > 0);
        admission.certified(new Height(1), now);
        assertEquals(0, admission.retrySeconds(0, now));
        admission.delivered(new Height(3), 600);
        assertTrue(admission.retrySeconds(0, now) > 0);
        // A certification tells of all heights below it.
        admission.certified(new Height(3), now);
        assertEquals(0, admission.retrySeconds(0, now));
        assertTrue(metrics.render().contains("ic_admission_waiting_calls 0\n"));
    }

    /// Thousands of heights of a replay, none of them certified on the way, are all counted.
    @Test
    void aReplayIsBounded() {
        for (int i = 1; i <= 5_000; i++) {
            admission.delivered(new Height(i), 1);
        }
        assertTrue(metrics.render().contains("ic_admission_waiting_calls 5000\n"));
        admission.certified(new Height(5_000), now);
        assertTrue(metrics.render().contains("ic_admission_waiting_calls 0\n"));
    }

    /// A canister that is slow has its own callers refused, and not those of others.
    @Test
    void eachCanisterHasItsOwnQueue() {
        assertTrue(admission.retrySeconds(Admission.UNMEASURED_CALLS, now) > 0);
        assertEquals(0, admission.retrySeconds(0, now));
    }

    @Test
    void theWaitGrowsWithWhatWaits() {
        pool = 1_000_000;
        assertEquals(10, admission.retrySeconds(0, now));
        run(100, 100, 50 * MILLISECOND);
        pool = 400;
        assertEquals(1, admission.retrySeconds(0, now));
    }

    /// Three times what a subnet can do, for half a minute: it does no less than it can, and what
    /// it takes waits no longer than the bound and two rounds.
    @Test
    void anOverloadKeepsTheRateAndTheWait() {
        long round = 50 * MILLISECOND;
        int capacity = 150;
        ArrayDeque<Long> waiting = new ArrayDeque<>();
        long longest = 0;
        int done = 0;
        int rounds = 600;
        for (int i = 1; i <= rounds; i++) {
            for (int call = 0; call < 3 * capacity; call++) {
                long at = now + round * call / (3 * capacity);
                pool = waiting.size();
                if (admission.retrySeconds(0, now) == 0) {
                    waiting.add(at);
                }
            }
            now += round;
            int taken = Math.min(capacity, waiting.size());
            for (int call = 0; call < taken; call++) {
                long wait = now - waiting.remove();
                longest = i > 40 ? Math.max(longest, wait) : 0;
            }
            done += taken;
            pool = waiting.size();
            admission.delivered(new Height(i), taken);
            admission.certified(new Height(i), now);
        }
        assertEquals(rounds * capacity, done);
        assertTrue(
                longest <= admission.waitNanos() + 2 * round,
                "a call waited " + longest / MILLISECOND + " ms");
    }
}
