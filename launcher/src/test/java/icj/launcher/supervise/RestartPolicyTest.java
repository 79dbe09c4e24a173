package icj.launcher.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class RestartPolicyTest {
    private final RestartPolicy policy = new RestartPolicy();
    private long now;

    @Test
    void waitsDoubleFromAFifthOfASecondToTen() {
        long[] expected = {200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000};
        for (long millis : expected) {
            assertEquals(new RestartPolicy.Verdict.Restart(millis), dieAfter(1));
        }
    }

    @Test
    void theTenthDeathWithinAMinuteIsTheLast() {
        for (int i = 1; i < 10; i++) {
            assertEquals(RestartPolicy.Verdict.Restart.class, dieAfter(1).getClass());
        }
        assertEquals(new RestartPolicy.Verdict.GiveUp(10), dieAfter(1));
    }

    @Test
    void tenDeathsInMoreThanAMinuteAreNotTooMany() {
        for (int i = 0; i < 100; i++) {
            assertEquals(RestartPolicy.Verdict.Restart.class, dieAfter(6_700).getClass());
        }
    }

    @Test
    void aLongLifeMakesTheWaitShortAgain() {
        dieAfter(1);
        dieAfter(1);
        assertEquals(new RestartPolicy.Verdict.Restart(200), dieAfter(10_000));
    }

    @Test
    void whatWasDoneByHandDoesNotCount() {
        for (int i = 0; i < 50; i++) {
            policy.forget();
            assertEquals(new RestartPolicy.Verdict.Restart(200), dieAfter(1));
        }
    }

    private RestartPolicy.Verdict dieAfter(long millis) {
        long start = now;
        now += Duration.ofMillis(millis).toNanos();
        return policy.died(start, now);
    }
}
