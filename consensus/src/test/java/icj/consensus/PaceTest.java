package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.types.ConsensusTime;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.BlockRef;
import icj.types.message.NextWork;

import org.junit.jupiter.api.Test;

import java.util.List;

/// R-C3, R-C10, R-C11: when blocks are made.
final class PaceTest {
    @Test
    void proposesAtOnceWhenIngressComes() {
        TestNode node = TestNode.withRank(4, 0);
        node.pass(300);
        assertEquals(List.of(), node.sent(BlockProposal.class));
        node.demand(Demand.HELD);
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void ranksKeepTheirMeaningAfterAnIdleSecond() {
        TestNode node = TestNode.withRank(4, 1);
        node.pass(700);
        node.demand(Demand.HELD);
        node.pass(99);
        assertEquals(List.of(), node.sent(BlockProposal.class));
        node.pass(1);
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void makesNoEmptyBlocksForIngressThatMayNotBeIncluded() {
        TestNode node = TestNode.withRank(4, 0);
        node.payload = List.of();
        node.demand(Demand.HELD);
        for (int i = 0; i < 9; i++) {
            node.pass(100);
        }
        assertEquals(List.of(), node.sent(BlockProposal.class));
        assertTrue(node.effects(Effect.BuildPayload.class).size() < 12);
        node.pass(150);
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void aRankThatMakesNoBlocksStaysQuiet() {
        TestNode node = TestNode.withRank(4, 2);
        node.demand(Demand.PLENTY);
        node.pass(5000);
        assertEquals(List.of(), node.sent(BlockProposal.class));
    }

    @Test
    void doesNotProposeBesideAValidBlockOfALowerRank() {
        TestNode node = TestNode.withRank(4, 1);
        node.arrives(
                node.memberOfRank(1, 0),
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1)));
        node.demand(Demand.HELD);
        node.pass(1000);
        assertEquals(List.of(), node.sent(BlockProposal.class));
    }

    /// A node that leads height 2 on a parent that is final but not executed here.
    private static TestNode leaderOfTwo() {
        int self = new TestNode(4, 0).memberOfRank(2, 0);
        TestNode node = new TestNode(4, self);
        node.executes = false;
        chain(node, 1);
        node.effects.clear();
        return node;
    }

    @Test
    void gathersCallsWhileTheParentIsNotCertified() {
        TestNode node = leaderOfTwo();
        node.demand(Demand.HELD);
        node.pass(39);
        assertEquals(List.of(), node.sent(BlockProposal.class));
        node.pass(1);
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void doesNotGatherWhenThereIsPlenty() {
        TestNode node = leaderOfTwo();
        node.demand(Demand.PLENTY);
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void dueWorkIsDemandOnlyOnceTheParentIsExecuted() {
        TestNode node = leaderOfTwo();
        node.pass(200);
        assertEquals(List.of(), node.sent(BlockProposal.class));
        Input.BatchExecuted executed = node.executedInput(1);
        node.step(
                new Input.BatchExecuted(
                        executed.height(),
                        executed.root(),
                        executed.witness(),
                        new NextWork.Now(),
                        false));
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void wakesForATimer() {
        TestNode node = leaderOfTwo();
        Input.BatchExecuted executed = node.executedInput(1);
        ConsensusTime due = new ConsensusTime(node.now().wallNanos() + 70 * TestNode.MILLI);
        node.step(
                new Input.BatchExecuted(
                        executed.height(),
                        executed.root(),
                        executed.witness(),
                        new NextWork.At(due),
                        false));
        node.pass(69);
        assertEquals(List.of(), node.sent(BlockProposal.class));
        assertTrue(node.core.nextWakeUpNanos() <= node.nanos + TestNode.MILLI);
        node.pass(1);
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    /// Blocks up to a height are final, none of them executed here.
    private static BlockRef chain(TestNode node, int height) {
        BlockRef tip = node.genesis();
        for (int h = 1; h <= height; h++) {
            BlockRef parent = tip;
            BlockProposal block = node.proposal(parent, 0, node.context(0, TestNode.GENESIS + h));
            if (node.memberOfRank(h, 0) == node.self) {
                block = node.proposal(parent, 1, node.context(0, TestNode.GENESIS + h));
            }
            node.arrives(node.others().getFirst(), block);
            for (int peer : node.others()) {
                node.arrives(peer, node.beaconShare(h, peer));
                node.arrives(peer, node.notarizationShare(block.ref(), peer));
                node.arrives(peer, node.finalizationShare(block.ref(), peer));
            }
            tip = block.ref();
        }
        return tip;
    }

    @Test
    void proposesAnEmptyPayloadWhenItsContextLags() {
        TestNode node = new TestNode(4, 0);
        node.executes = false;
        node.answersPayloads = false;
        chain(node, 8);
        assertEquals(8, node.core.status().finalized().value());
        node.effects.clear();
        node.demand(Demand.PLENTY);
        for (int i = 0; i < 20 && node.sent(BlockProposal.class).isEmpty(); i++) {
            node.pass(50);
        }
        for (BlockProposal proposal : node.sent(BlockProposal.class)) {
            assertTrue(proposal.block().payload().isEmpty());
        }
        assertEquals(List.of(), node.effects(Effect.BuildPayload.class));
    }

    @Test
    void refusesCallsInABlockThatLags() {
        TestNode node = new TestNode(4, 0);
        node.executes = false;
        BlockRef tip = chain(node, 8);
        int rank = node.memberOfRank(9, 0) == node.self ? 1 : 0;
        BlockProposal loaded =
                node.proposal(
                        tip,
                        rank,
                        node.context(0, TestNode.GENESIS + 100),
                        SingleNodeTest.call("a"));
        node.arrives(node.memberOfRank(9, rank), loaded);
        node.pass(300);
        assertEquals(1, node.refusals(Refusal.BAD_BLOCK));
    }

    @Test
    void handsOutNoMoreBatchesThanExecutionMayHold() {
        TestNode node = new TestNode(4, 0);
        node.executes = false;
        chain(node, 20);
        assertEquals(20, node.core.status().finalized().value());
        assertEquals(Limits.STANDARD.batchesInFlightMax(), node.delivered.size());
        node.execute(1);
        assertEquals(Limits.STANDARD.batchesInFlightMax() + 1, node.delivered.size());
    }
}
