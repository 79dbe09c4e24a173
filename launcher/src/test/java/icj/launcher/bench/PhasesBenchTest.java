package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.launcher.Failure;
import icj.types.Digest;
import icj.types.RequestId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class PhasesBenchTest {
    private final List<LatencyBench.Sample> samples = new ArrayList<>();
    private final Map<String, Map<String, Long>> traces = new HashMap<>();

    private void call(int number, long clientMicros, long request, long certify) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) number;
        RequestId id = new RequestId(Digest.owning(bytes));
        samples.add(new LatencyBench.Sample(id, clientMicros * 1_000));
        Map<String, Long> steps = new LinkedHashMap<>();
        steps.put("request", request);
        steps.put("certify", certify);
        traces.put(PhasesBench.key(id), steps);
    }

    /// The half around the median counts, and what no node explains is the client's.
    @Test
    void stepsOfTheMiddleHalfAreAveraged() {
        call(1, 9_000, 4_000, 4_000);
        call(2, 2_000, 500, 1_000);
        call(3, 1_000, 100, 100);
        call(4, 3_000, 1_500, 1_000);
        assertEquals(
                "{request_ms=1.0, certify_ms=1.0, client_ms=0.5, sum_ms=2.5, p50_ms=2.0}",
                PhasesBench.figures(samples, traces).values().toString());
    }

    @Test
    void callsThatNoNodeRemembersDoNotCount() {
        call(1, 1_000, 500, 400);
        call(2, 1_000, 500, 400);
        traces.remove(PhasesBench.key(samples.getFirst().id()));
        assertEquals(
                "{request_ms=0.5, certify_ms=0.4, client_ms=0.1, sum_ms=1.0, p50_ms=1.0}",
                PhasesBench.figures(samples, traces).values().toString());
        traces.clear();
        assertThrows(Failure.class, () -> PhasesBench.figures(samples, traces));
    }
}
