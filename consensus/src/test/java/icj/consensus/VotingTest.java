package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.types.Blob;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.EquivocationProof;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.types.message.IngressBody;
import icj.wire.ArtifactCodec;

import org.junit.jupiter.api.Test;

import java.util.List;

/// R-C2, R-C4, R-C11: what a node supports, when, and what it never signs.
final class VotingTest {
    private static BlockProposal good(TestNode node, int rank, IngressBody... calls) {
        return node.proposal(node.genesis(), rank, node.context(0, TestNode.GENESIS + 1), calls);
    }

    @Test
    void supportsTheLeaderAtOnce() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal leader = good(node, 0);
        node.arrives(node.memberOfRank(1, 0), leader);
        assertEquals(leader.ref(), node.sent(NotarizationShare.class).getFirst().block());
    }

    @Test
    void waitsForTheTimeOfAHigherRank() {
        TestNode node = TestNode.withRank(4, 3);
        node.arrives(node.memberOfRank(1, 1), good(node, 1));
        node.pass(99);
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        node.pass(1);
        assertEquals(1, node.sent(NotarizationShare.class).size());
    }

    @Test
    void supportsALowerRankAfterAHigherButNotTheOtherWayRound() {
        TestNode node = TestNode.withRank(4, 3);
        node.arrives(node.memberOfRank(1, 1), good(node, 1));
        node.pass(150);
        node.arrives(node.memberOfRank(1, 0), good(node, 0));
        assertEquals(2, node.sent(NotarizationShare.class).size());

        TestNode other = TestNode.withRank(4, 3);
        other.arrives(other.memberOfRank(1, 0), good(other, 0));
        other.arrives(other.memberOfRank(1, 1), good(other, 1));
        other.pass(500);
        assertEquals(1, other.sent(NotarizationShare.class).size());
    }

    @Test
    void supportsNoMakerThatEquivocates() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal one = good(node, 0);
        BlockProposal two = node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 2));
        node.validity = new Validity.NotYet("time");
        node.arrives(node.memberOfRank(1, 0), one);
        node.arrives(node.memberOfRank(1, 0), two);
        node.arrives(node.memberOfRank(1, 1), good(node, 1));
        node.pass(150);
        List<NotarizationShare> shares = node.sent(NotarizationShare.class);
        // The first came alone and was supported; after the second only rank 1 is.
        assertEquals(one.ref(), shares.getFirst().block());
        assertEquals(2, shares.size());
        assertEquals(good(node, 1).ref(), shares.getLast().block());
    }

    @Test
    void tellsTheOthersOfAnEquivocationAndBelievesTheirProofs() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal one = good(node, 0);
        BlockProposal two = node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 2));
        node.arrives(node.memberOfRank(1, 0), one);
        node.arrives(node.memberOfRank(1, 0), two);
        EquivocationProof proof = node.sent(EquivocationProof.class).getFirst();

        TestNode other = TestNode.withRank(4, 2);
        other.arrives(other.memberOfRank(1, 0), one);
        other.arrives(other.memberOfRank(1, 1), good(other, 1));
        other.pass(500);
        assertEquals(1, other.sent(NotarizationShare.class).size());
        other.arrives(
                other.others().getFirst(),
                new EquivocationProof(
                        proof.height(),
                        proof.maker(),
                        proof.first(),
                        proof.firstSignature(),
                        proof.second(),
                        proof.firstSignature()));
        assertEquals(1, other.refusals(Refusal.BAD_SIGNATURE));
        other.arrives(other.others().getFirst(), proof);
        assertEquals(List.of(proof), other.sent(EquivocationProof.class));
        assertEquals(good(other, 1).ref(), other.sent(NotarizationShare.class).getLast().block());
    }

    @Test
    void supportsNoBlockWhoseParentIsNotNotarized() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal parent = good(node, 0);
        BlockProposal child = node.proposal(parent.ref(), 0, node.context(0, TestNode.GENESIS + 5));
        node.arrives(node.memberOfRank(2, 0), child);
        node.pass(5000);
        assertTrue(
                node.sent(NotarizationShare.class).stream()
                        .noneMatch(s -> s.block().equals(child.ref())));
    }

    @Test
    void writesBlockAndBodiesWithTheShare() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal leader = good(node, 0, SingleNodeTest.call("a"));
        node.arrives(node.memberOfRank(1, 0), leader);
        assertEquals(1, node.sent(NotarizationShare.class).size());
        assertTrue(node.journal.containsValue(ArtifactCodec.encode(leader)));
    }

    @Test
    void asksNothingOfExecutionForAnEmptyPayload() {
        TestNode node = TestNode.withRank(4, 3);
        node.arrives(node.memberOfRank(1, 0), good(node, 0));
        assertEquals(List.of(), node.effects(Effect.ValidatePayload.class));
    }

    @Test
    void doesNotSupportAnInvalidPayload() {
        TestNode node = TestNode.withRank(4, 3);
        node.validity = new Validity.Invalid("no");
        node.arrives(node.memberOfRank(1, 0), good(node, 0, SingleNodeTest.call("a")));
        node.pass(1000);
        assertEquals(
                List.of(),
                node.sent(NotarizationShare.class).stream()
                        .filter(s -> s.block().equals(good(node, 0).ref()))
                        .toList());
        assertEquals(1, node.refusals(Refusal.BAD_BLOCK));
    }

    @Test
    void asksAgainAboutAPayloadThatCouldNotBeJudged() {
        TestNode node = TestNode.withRank(4, 3);
        node.validity = new Validity.NotYet("a signature");
        node.arrives(node.memberOfRank(1, 0), good(node, 0, SingleNodeTest.call("a")));
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        node.validity = new Validity.Valid();
        node.pass(25);
        assertEquals(1, node.sent(NotarizationShare.class).size());
    }

    @Test
    void refusesABodyThatIsNotTheOneInTheBlock() {
        TestNode node = TestNode.withRank(4, 3);
        IngressBody right = SingleNodeTest.call("a");
        BlockProposal block = good(node, 0, right);
        IngressBody wrong = new IngressBody(right.id(), right.hash(), Blob.fromHex("00"));
        node.arrives(
                node.memberOfRank(1, 0),
                new BlockProposal(block.block(), block.hash(), block.signature(), List.of(wrong)));
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        assertEquals(1, node.refusals(Refusal.BAD_BLOCK));
    }

    @Test
    void acceptsABlockTimeUpToItsClockOrTheTimeSinceTheParent() {
        TestNode node = TestNode.withRank(4, 3);
        long ahead = node.now().wallNanos() + 30 * TestNode.MILLI;
        node.arrives(
                node.memberOfRank(1, 0), node.proposal(node.genesis(), 0, node.context(0, ahead)));
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        // Either clock may reach it; the wall clock stands still here.
        node.wallOffset -= 40 * TestNode.MILLI;
        node.pass(30);
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        node.pass(40);
        assertEquals(1, node.sent(NotarizationShare.class).size());
    }

    @Test
    void refusesABlockWhoseTimeDoesNotRise() {
        TestNode node = TestNode.withRank(4, 3);
        node.arrives(
                node.memberOfRank(1, 0),
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS)));
        assertEquals(1, node.refusals(Refusal.BAD_BLOCK));
    }

    @Test
    void refusesARankThatIsNotTheMakers() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal proposal =
                node.proposal(node.genesis(), 2, node.context(0, TestNode.GENESIS + 1));
        node.arrives(node.memberOfRank(1, 2), proposal);
        assertEquals(1, node.refusals(Refusal.BAD_BLOCK));
    }

    @Test
    void notarizesFinalizesAndDelivers() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal leader = good(node, 0);
        node.arrives(node.memberOfRank(1, 0), leader);
        node.completes(leader.ref());
        assertEquals(1, node.sent(Notarization.class).size());
        assertEquals(3, node.sent(Notarization.class).getFirst().signatures().size());
        assertEquals(1, node.sent(FinalizationShare.class).size());
        assertEquals(1, node.sent(Finalization.class).size());
        assertEquals(1, node.delivered.size());
        assertEquals(1, node.core.status().certified().value());
    }

    @Test
    void signsNoFinalizationAfterSupportingAnotherBlock() {
        TestNode node = TestNode.withRank(4, 3);
        node.arrives(node.memberOfRank(1, 0), good(node, 0));
        BlockProposal other = good(node, 1);
        node.arrives(node.memberOfRank(1, 1), other);
        for (int peer : node.others()) {
            node.arrives(peer, node.notarizationShare(other.ref(), peer));
        }
        assertEquals(1, node.core.status().notarized().value());
        assertEquals(List.of(), node.sent(FinalizationShare.class));
    }

    @Test
    void signsNoFinalizationWhenTwoBlocksAreNotarized() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal one = good(node, 0);
        BlockProposal two = good(node, 1);
        Notarization first = notarization(node, one.ref());
        Notarization second = notarization(node, two.ref());
        node.arrives(node.others().getFirst(), first);
        node.arrives(node.others().getFirst(), second);
        node.arrives(node.others().getFirst(), one);
        node.arrives(node.others().getFirst(), two);
        assertEquals(1, node.core.status().notarized().value());
        assertEquals(List.of(), node.sent(FinalizationShare.class));
    }

    private static Notarization notarization(TestNode node, BlockRef block) {
        return new Notarization(
                block,
                node.others().stream()
                        .map(i ->
                                new IndexedSignature(
                                        i, node.notarizationShare(block, i).signature()))
                        .toList());
    }

    @Test
    void remembersItsVotesAfterARestart() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal leader = good(node, 0);
        node.arrives(node.memberOfRank(1, 0), leader);
        node.restart(0);
        BlockProposal other = good(node, 1);
        node.arrives(node.memberOfRank(1, 1), other);
        node.pass(500);
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        for (int peer : node.others()) {
            node.arrives(peer, node.notarizationShare(other.ref(), peer));
        }
        assertEquals(1, node.core.status().notarized().value());
        assertEquals(List.of(), node.sent(FinalizationShare.class));
    }

    @Test
    void takesPartInTheRoundAboveAfterARestart() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal leader = good(node, 0);
        node.arrives(node.memberOfRank(1, 0), leader);
        node.completes(leader.ref());
        node.restart(0);
        assertEquals(2, node.core.status().round().value());
        assertEquals(1, node.delivered.size());
        BlockProposal next = node.proposal(leader.ref(), 0, node.context(1, TestNode.GENESIS + 9));
        if (node.memberOfRank(2, 0) != node.self) {
            node.arrives(node.memberOfRank(2, 0), next);
            assertEquals(next.ref(), node.sent(NotarizationShare.class).getLast().block());
        }
    }
}
