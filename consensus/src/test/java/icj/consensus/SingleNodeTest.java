package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.EnvelopeHash;
import icj.types.Height;
import icj.types.RequestId;
import icj.types.message.IngressBody;
import icj.wire.Sha256;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// A committee of one: every quorum is 1, the code is the same.
final class SingleNodeTest {
    static IngressBody call(String text) {
        Blob envelope = Blob.of(text.getBytes());
        Digest hash = Sha256.of(envelope.shared());
        return new IngressBody(
                new RequestId(Sha256.of(text.substring(0, 1).getBytes())),
                new EnvelopeHash(hash),
                envelope);
    }

    @Test
    void goesFromPayloadToBatchInOneStep() {
        TestNode node = new TestNode(1, 0);
        node.answersPayloads = false;
        node.executes = false;
        node.demand(Demand.HELD);
        Effect.BuildPayload question = node.effects(Effect.BuildPayload.class).getFirst();
        List<Effect> effects = new ArrayList<>();
        node.core.step(
                new Input.PayloadBuilt(question.parent(), List.of(call("a"))), node.now(), effects);
        assertInstanceOf(Effect.Persist.class, effects.getFirst());
        Effect.DeliverBatch delivered =
                effects.stream()
                        .filter(Effect.DeliverBatch.class::isInstance)
                        .map(Effect.DeliverBatch.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertEquals(1, delivered.batch().height().value());
        assertEquals(List.of(call("a")), delivered.batch().ingress());
    }

    @Test
    void certifiesInTheStepThatReportsExecution() {
        TestNode node = new TestNode(1, 0);
        node.demand(Demand.HELD);
        List<Effect.Certified> certified = node.effects(Effect.Certified.class);
        assertEquals(new Height(1), certified.getFirst().certification().height());
        assertTrue(node.core.status().certified().value() >= 1);
    }

    @Test
    void goesOnWhereItsJournalEnds() {
        TestNode node = new TestNode(1, 0);
        for (int i = 0; i < 5; i++) {
            node.demand(Demand.HELD);
        }
        long finalized = node.core.status().finalized().value();
        assertTrue(finalized >= 5);
        node.restart(2);
        assertEquals(finalized, node.core.status().finalized().value());
        assertEquals(finalized, node.core.status().executed().value());
        assertEquals(3, node.delivered.getFirst().height().value());
        node.pass(2000);
        assertTrue(node.core.status().finalized().value() > finalized);
    }

    @Test
    void ticksOnceASecondWithoutDemand() {
        TestNode node = new TestNode(1, 0);
        node.pass(990);
        assertEquals(0, node.core.status().finalized().value());
        node.pass(20);
        assertEquals(1, node.core.status().finalized().value());
        node.pass(500);
        assertEquals(1, node.core.status().finalized().value());
    }

    @Test
    void replaysToTheHighestCertificationInItsJournal() {
        TestNode node = new TestNode(1, 0);
        for (int i = 0; i < 3; i++) {
            node.pass(1100);
        }
        node.executes = false;
        node.restart(1);
        assertEquals(3, node.core.status().replayTarget().value());
        assertEquals(1, node.core.status().executed().value());
        node.execute(2);
        node.execute(3);
        assertEquals(3, node.core.status().certified().value());
    }
}
