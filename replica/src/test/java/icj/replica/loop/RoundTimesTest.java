package icj.replica.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.consensus.Effect;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.EnvelopeHash;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.RequestId;
import icj.types.artifact.Artifact;
import icj.types.message.Batch;
import icj.types.message.IngressBody;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

final class RoundTimesTest {
    private final Metrics metrics = new Metrics();
    private final Phases phases = new Phases(metrics);
    private final RoundTimes times = new RoundTimes(metrics, phases);

    private static RequestId id(int number) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) number;
        return new RequestId(Digest.owning(bytes));
    }

    @Test
    void aCallThatIsInNoBlockLeavesNoTrace() {
        times.pooled(id(1), System.nanoTime());
        times.answered(id(1), new Height(1));
        assertEquals("", times.recent());
        assertEquals(0, phases.of(Phases.Phase.REQUEST).count());
    }

    @Test
    void aCallThatIsNotOursLeavesNoTrace() {
        times.answered(id(1), new Height(1));
        assertEquals("", times.recent());
    }

    /// What the node didn't see by itself (here proposal and notarization) takes no time.
    @Test
    void theStepsOfACallHaveNoGap() {
        long arrived = System.nanoTime() - 5_000_000;
        times.pooled(id(1), arrived);
        Height height = new Height(7);
        times.observe(new Effect.DeliverBatch(batch(height, id(1))));
        times.executing(height);
        times.executed(height);
        times.hashed(height);
        times.observe(
                new Effect.Certified(
                        new Artifact.Certification(height, ZERO, Blob.EMPTY, Blob.EMPTY)));
        times.answered(id(1), height);
        long total = System.nanoTime() - arrived;

        JsonNode trace = JsonMapper.shared().readTree(times.recent());
        assertEquals(id(1).digest().toString(), trace.get("id").asString());
        assertEquals(7, trace.get("height").asLong());
        long sum = 0;
        for (Phases.Phase phase : Phases.Phase.values()) {
            assertEquals(phase.isStep() ? 1 : 0, phases.of(phase).count(), phase.text());
            if (phase.isStep()) {
                sum += trace.get("micros").get(phase.text()).asLong();
            }
        }
        assertEquals(0, trace.get("micros").get("notarize").asLong());
        assertTrue(sum >= 5_000 - 9 && sum <= total / 1_000, sum + " of " + total);
    }

    private static final Digest ZERO = Digest.owning(new byte[32]);

    private static Batch batch(Height height, RequestId id) {
        return new Batch(
                height,
                new ConsensusTime(1),
                new RegistryVersion(1),
                new Height(0),
                ZERO,
                new NodeId(Principal.ANONYMOUS),
                List.of(new IngressBody(id, new EnvelopeHash(ZERO), Blob.EMPTY)),
                null);
    }

    @Test
    void stepsComeBeforeWhatCountsByItself() {
        assertTrue(Phases.Phase.ANSWER.isStep());
        assertTrue(!Phases.Phase.PAYLOAD.isStep() && !Phases.Phase.SYNC.isStep());
    }
}
