package icj.replica.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import icj.replica.loop.Admission;
import icj.replica.loop.RoundTimes;
import icj.replica.loop.SnapshotBoard;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.types.Digest;
import icj.types.RequestId;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

final class CallWaitersTest {
    private final Metrics metrics = new Metrics();
    private final CallWaiters waiters =
            new CallWaiters(
                    new SnapshotBoard(),
                    new Certificates(false, () -> null),
                    Runnable::run,
                    metrics,
                    new RoundTimes(metrics, new Phases(metrics)),
                    new Admission(() -> 0, metrics));
    private final List<HttpAnswer> answers = new ArrayList<>();

    private static RequestId id(int number) {
        byte[] bytes = ByteBuffer.allocate(Digest.LENGTH).putInt(number).array();
        return new RequestId(Digest.owning(bytes));
    }

    private void await(int number) {
        waiters.await(
                id(number),
                answer -> {
                    assertFalse(Thread.holdsLock(waiters), "whoever takes it takes other locks");
                    answers.add(answer);
                });
    }

    @Test
    void whoFindsNoPlaceIsToldToPollOutsideTheLock() {
        for (int i = 0; i < CallWaiters.WAITERS_MAX; i++) {
            await(i);
        }
        assertEquals(List.of(), answers);
        await(CallWaiters.WAITERS_MAX);
        assertEquals(List.of(HttpAnswer.accepted()), answers);
    }

    @Test
    void oneCallTakesFewPlacesHoweverOftenItIsSent() {
        for (int i = 0; i < CallWaiters.WAITERS_PER_CALL_MAX; i++) {
            await(1);
        }
        assertEquals(List.of(), answers);
        await(1);
        assertEquals(List.of(HttpAnswer.accepted()), answers);
        await(2);
        assertEquals(1, answers.size());
    }
}
