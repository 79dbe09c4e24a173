package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.consensus.pool.JournalKeys;
import icj.consensus.rule.Core;
import icj.types.Blob;
import icj.types.Height;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.FetchBlock;
import icj.types.artifact.Artifact.FetchChain;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Status;
import icj.types.artifact.BlockRef;
import icj.wire.ArtifactCodec;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// R-C15: fetching, serving, keeping.
final class CatchUpTest {
    private static Status status(long height, long lowest) {
        Height h = new Height(height);
        return new Status(h, h, h, h, new Height(lowest));
    }

    /// A node that holds so many final, certified heights.
    private static TestNode grown(int self, int heights) {
        TestNode node = new TestNode(4, self);
        BlockRef tip = node.genesis();
        for (int h = 1; h <= heights; h++) {
            int rank = node.memberOfRank(h, 0) == self ? 1 : 0;
            BlockProposal block =
                    node.proposal(tip, rank, node.context(h - 1, TestNode.GENESIS + h));
            node.arrives(node.memberOfRank(h, rank), block);
            node.completes(block.ref());
            tip = block.ref();
        }
        assertEquals(heights, node.core.status().certified().value());
        return node;
    }

    @Test
    void tellsAPeerThatConnectsWhereItIs() {
        TestNode node = new TestNode(4, 0);
        node.effects.clear();
        node.step(new Input.PeerConnected(node.members.get(2)));
        assertEquals(List.of(status(0, 1)), node.sent(Status.class));
    }

    @Test
    void asksAPeerThatIsAhead() {
        TestNode node = new TestNode(4, 0);
        node.arrives(1, status(10, 1));
        FetchChain fetch = node.sent(FetchChain.class).getFirst();
        assertEquals(new Height(1), fetch.chain());
        assertEquals(new Height(1), fetch.beacon());
        assertEquals(new Height(1), fetch.certification());
        assertEquals(Height.ZERO, fetch.tape());
        node.pass(100);
        assertEquals(1, node.sent(FetchChain.class).size());
        node.pass(150);
        assertEquals(2, node.sent(FetchChain.class).size());
    }

    /// Lets time pass in steps that are no longer than the shortest pause.
    private static void passSlowly(TestNode node, long millis) {
        for (long passed = 0; passed < millis; passed += 50) {
            node.pass(50);
        }
    }

    /// Those that ask for blocks: all else is small and is asked for at a steady pace.
    private static List<FetchChain> chainFetches(TestNode node) {
        List<FetchChain> fetches = new ArrayList<>(node.sent(FetchChain.class));
        fetches.removeIf(fetch -> fetch.chain().equals(Height.ZERO));
        return fetches;
    }

    @Test
    void asksAgainForTheChainAfterPausesThatDouble() {
        TestNode node = new TestNode(4, 0);
        node.arrives(1, status(100, 1));
        passSlowly(node, 6_000);
        // At 0, 200, 600, 1400, 3000 and 5000 ms.
        assertEquals(6, chainFetches(node).size());
        assertEquals(31, node.sent(FetchChain.class).size());
    }

    /// An answer that is coming in on a slow link must not be made slower by a second one.
    @Test
    void asksNobodyElseWhileAnAnswerIsComingIn() {
        TestNode node = new TestNode(4, 0);
        node.arrives(1, status(100, 1));
        node.arrives(2, status(100, 1));
        assertEquals(1, chainFetches(node).size());
        BlockRef tip = node.genesis();
        for (int h = 1; h <= 8; h++) {
            node.pass(150);
            tip = notarizedElsewhere(node, tip);
        }
        assertEquals(8, node.core.status().notarized().value());
        assertEquals(1, chainFetches(node).size());
        node.pass(199);
        assertEquals(1, chainFetches(node).size());
        node.pass(1);
        assertEquals(new Height(9), chainFetches(node).getLast().chain());
        assertEquals(2, chainFetches(node).size());
    }

    /// One height that is notarized arrives as a fetch brings it.
    private static BlockRef notarizedElsewhere(TestNode node, BlockRef tip) {
        long height = tip.height().value() + 1;
        int rank = node.memberOfRank(height, 0) == node.self ? 1 : 0;
        BlockProposal block = node.proposal(tip, rank, node.context(0, TestNode.GENESIS + height));
        node.arrives(1, node.beacon(height));
        node.arrives(1, block);
        for (int other : node.others()) {
            node.arrives(other, node.notarizationShare(block.ref(), other));
        }
        return block.ref();
    }

    /// A peer that gives little, but just in time, must not keep this node from asking others.
    @Test
    void asksAnotherPeerWhenAnAnswerTakesTooLong() {
        TestNode node = new TestNode(4, 0);
        node.arrives(1, status(100, 1));
        node.arrives(2, status(100, 1));
        node.pass(200);
        assertEquals(2, chainFetches(node).size());
        BlockRef tip = node.genesis();
        int heights = 0;
        while (chainFetches(node).size() < 3) {
            node.pass(390);
            tip = notarizedElsewhere(node, tip);
            heights++;
        }
        // The pause is 400 ms by now, and 8 s are over.
        assertEquals(21, heights);
    }

    @Test
    void catchesUpFromWhatAnotherNodesJournalHolds() throws MalformedException {
        TestNode ahead = grown(0, 12);
        TestNode behind = new TestNode(4, 1);
        ahead.effects.clear();
        ahead.arrives(1, new FetchChain(new Height(1), new Height(1), new Height(1), Height.ZERO));
        List<Effect.SendStored> answers = ahead.effects(Effect.SendStored.class);
        assertEquals(3, answers.size());
        for (Effect.SendStored answer : answers) {
            for (Blob value : ahead.journal.subMap(answer.from(), answer.until()).values()) {
                behind.arrives(0, ArtifactCodec.decode(value));
            }
        }
        assertEquals(12, behind.core.status().finalized().value());
        assertEquals(12, behind.core.status().beacon().value());
        assertEquals(12, behind.core.status().certified().value());
        assertEquals(12, behind.delivered.size());
    }

    @Test
    void asksASignerForTheBlockThatItSupports() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal block =
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));
        int signer = node.others().getFirst();
        node.arrives(signer, node.notarizationShare(block.ref(), signer));
        assertEquals(List.of(), node.sent(FetchBlock.class));
        node.pass(30);
        assertEquals(List.of(new FetchBlock(block.ref())), node.sent(FetchBlock.class));
        node.arrives(signer, block);
        assertEquals(1, node.sent(NotarizationShare.class).size());
    }

    @Test
    void asksAgainForABlockAfterPausesThatDouble() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal block =
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));
        int signer = node.others().getFirst();
        node.arrives(signer, node.notarizationShare(block.ref(), signer));
        passSlowly(node, 3_000);
        // At 50, 250, 650 and 1450 ms.
        assertEquals(4, node.sent(FetchBlock.class).size());
    }

    @Test
    void givesABlockThatItHoldsOrItsJournalHolds() {
        TestNode node = grown(0, 12);
        Artifact old = block(node, 3);
        node.effects.clear();
        node.arrives(1, new FetchBlock(((BlockProposal) old).ref()));
        Effect.SendStored answer = node.effects(Effect.SendStored.class).getFirst();
        assertEquals(
                List.of(ArtifactCodec.encode(old)),
                List.copyOf(node.journal.subMap(answer.from(), answer.until()).values()));
    }

    private static Artifact block(TestNode node, long height) {
        for (Blob value :
                node.journal
                        .subMap(
                                JournalKeys.of(JournalKeys.CHAIN, height),
                                JournalKeys.of(JournalKeys.CHAIN, height + 1))
                        .values()) {
            try {
                if (ArtifactCodec.decode(value) instanceof BlockProposal proposal) {
                    return proposal;
                }
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("Height " + height + " has a block");
    }

    @Test
    void answersNoPeerMoreOftenThanItsTokensAllow() {
        TestNode node = grown(0, 3);
        node.effects.clear();
        for (int i = 0; i < 1000; i++) {
            node.arrives(1, new FetchChain(new Height(1), Height.ZERO, Height.ZERO, Height.ZERO));
        }
        assertTrue(node.effects(Effect.SendStored.class).size() <= 16);
        assertTrue(node.refusals(Refusal.TOO_OFTEN) > 900);
    }

    @Test
    void sendsItsOwnSharesAgainToAPeerThatStillNeedsThem() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal block =
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));
        node.arrives(node.memberOfRank(1, 0), block);
        node.restart(0);
        node.effects.clear();
        node.arrives(node.others().getFirst(), status(0, 1));
        assertEquals(1, node.sent(NotarizationShare.class).size());
        assertEquals(1, node.sent(Artifact.BeaconShare.class).size());
    }

    /// A proposal is large, and a peer on a slow link says that it lacks it while it is on its way.
    @Test
    void sendsItsOwnProposalAgainAfterPausesThatDouble() {
        TestNode node = TestNode.withRank(4, 0);
        node.demand(Demand.HELD);
        node.pass(50);
        assertEquals(1, node.sent(BlockProposal.class).size());
        int peer = node.others().getFirst();
        List<Integer> resent = new ArrayList<>();
        for (int quarter = 0; quarter < 64; quarter++) {
            node.effects.clear();
            node.arrives(peer, status(0, 1));
            if (!node.sent(BlockProposal.class).isEmpty()) {
                resent.add(quarter);
            }
            node.pass(250);
        }
        assertEquals(List.of(0, 4, 12, 28, 44, 60), resent);
        node.effects.clear();
        node.step(new Input.PeerConnected(node.members.get(peer)));
        node.arrives(peer, status(0, 1));
        assertEquals(1, node.sent(BlockProposal.class).size());
    }

    @Test
    void sendsNotarizationsToAPeerThatMayKnowAnotherBlockOfThatHeight() {
        TestNode node = TestNode.withRank(4, 3);
        BlockProposal block =
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));
        node.arrives(node.memberOfRank(1, 0), block);
        for (int peer : node.others()) {
            node.arrives(peer, node.notarizationShare(block.ref(), peer));
        }
        assertEquals(1, node.core.status().notarized().value());
        assertEquals(0, node.core.status().finalized().value());
        node.effects.clear();
        Height one = new Height(1);
        node.arrives(node.others().getFirst(), new Status(one, Height.ZERO, one, Height.ZERO, one));
        assertEquals(1, node.sent(Artifact.Notarization.class).size());
    }

    @Test
    void keepsTheChainThatAPeerHasNotCertified() {
        TestNode node = grown(0, 200);
        node.step(new Input.StateDurable(new Height(190)));
        for (int peer : List.of(1, 2)) {
            node.arrives(peer, status(200, 1));
        }
        assertEquals(1, node.core.status().lowest().value());
        node.arrives(3, status(100, 1));
        assertEquals(100, node.core.status().lowest().value());
        assertTrue(has(node, 100));
        assertFalse(has(node, 99));
        node.pass(1000);
        node.restart(190);
        assertEquals(100, node.core.status().lowest().value());
        assertEquals(200, node.core.status().executed().value());
    }

    private static boolean has(TestNode node, long height) {
        return !node.journal
                .subMap(
                        JournalKeys.of(JournalKeys.CHAIN, height),
                        JournalKeys.of(JournalKeys.CHAIN, height + 1))
                .isEmpty();
    }

    @Test
    void neverPurgesWhatItsOwnRestartNeeds() {
        TestNode node = grown(0, 150);
        List<Integer> peers = new ArrayList<>(node.others());
        for (int peer : peers) {
            node.arrives(peer, status(150, 1));
        }
        assertEquals(1, node.core.status().lowest().value());
        node.restart(0);
        assertEquals(150, node.core.status().executed().value());
    }

    @Test
    void saysThatItIsTooFarBehindOnlyWhenMoreThanFSaySo() {
        TestNode node = new TestNode(4, 0);
        node.arrives(1, status(1000, 900));
        node.pass(300);
        assertEquals(List.of(), node.effects(Effect.SyncState.class));
        node.arrives(2, status(1000, 900));
        node.pass(300);
        assertEquals(
                new Effect.SyncState(Height.ZERO, new Height(900)),
                node.effects(Effect.SyncState.class).getFirst());
        assertTrue(node.core.status().tooFarBehind());
    }

    @Test
    void withAnEmptyDiskItFollowsInSilenceUntilItsForgottenVotesAreHistory() {
        TestNode node = new TestNode(4, 0);
        Height twelve = new Height(12);
        node.arrives(1, new Status(twelve, twelve, twelve, twelve, new Height(1)));
        BlockRef tip = node.genesis();
        for (int h = 1; h <= 16; h++) {
            int rank = node.memberOfRank(h, 0) == node.self ? 1 : 0;
            BlockProposal block =
                    node.proposal(tip, rank, node.context(h - 1, TestNode.GENESIS + h));
            node.arrives(node.memberOfRank(h, rank), block);
            assertEquals(h < 16, node.core.status().silent(), "at " + h);
            node.completes(block.ref());
            tip = block.ref();
        }
        List<NotarizationShare> votes = node.sent(NotarizationShare.class);
        assertEquals(16, votes.getFirst().height().value());
        for (Artifact.FinalizationShare share : node.sent(Artifact.FinalizationShare.class)) {
            assertTrue(share.height().value() >= 16);
        }
    }

    @Test
    void withAnEmptyDiskItSaysNothingBeforeAnHonestPeerHasReported() {
        TestNode node = TestNode.withRank(4, 0);
        node.journal.clear();
        node.restart(0);
        node.demand(Demand.HELD);
        node.arrives(node.others().getFirst(), status(0, 1));
        node.pass(60_000);
        assertTrue(node.core.status().silent());
        assertEquals(List.of(), node.sent(BlockProposal.class));
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        // The one before may have lied: now one of two is honest.
        node.arrives(node.others().getLast(), status(500, 1));
        node.pass(9_000);
        assertTrue(node.core.status().silent());
        assertEquals(List.of(), node.sent(BlockProposal.class));
    }

    @Test
    void aLieSilencesANewNodeForSecondsOnly() {
        TestNode node = TestNode.withRank(4, 3);
        node.arrives(node.others().getFirst(), status(500, 1));
        BlockProposal block =
                node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));
        node.arrives(node.memberOfRank(1, 0), block);
        node.pass(9000);
        assertEquals(List.of(), node.sent(NotarizationShare.class));
        node.pass(1000);
        assertEquals(1, node.sent(NotarizationShare.class).size());
    }

    @Test
    void haltsWhenJournalAndStateDoNotBelongTogether() {
        TestNode node = grown(0, 5);
        node.journal.clear();
        node.restart(5);
        assertTrue(
                node.effects(Effect.Halt.class).getFirst().reason().contains("journal was lost"));
    }

    @Test
    void haltsOnADamagedRecord() {
        TestNode node = grown(0, 5);
        Blob key = JournalKeys.of(JournalKeys.BEACON, 5);
        node.journal.put(key, Blob.fromHex("07ff"));
        node.restart(5);
        String reason = node.effects(Effect.Halt.class).getFirst().reason();
        assertTrue(reason.contains("damaged"), reason);
        assertTrue(reason.endsWith(Core.LEAVE_OUT), "cause, then remedy: " + reason);
    }
}
