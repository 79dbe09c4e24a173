package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.consensus.membership.Committee;
import icj.consensus.pool.JournalKeys;
import icj.types.Quorum;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.BlockProposal;

import org.junit.jupiter.api.Test;

/// docs/adr/0005: what is synced before it leaves, and what need not be.
final class DurabilityTest {
    private final TestNode node = TestNode.withRank(4, 3);
    private final BlockProposal leader =
            node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));

    @Test
    void votesAndFinalBlocksAreSyncedBeaconsAndOwnCertificationsAreNot() {
        node.arrives(node.memberOfRank(1, 0), leader);
        assertTrue(lastPersist().synced(), "a vote");
        for (int peer : node.others()) {
            node.arrives(peer, node.notarizationShare(leader.ref(), peer));
        }
        assertTrue(lastPersist().synced(), "a finalization share");
        for (int peer : node.others()) {
            node.arrives(peer, node.finalizationShare(leader.ref(), peer));
        }
        assertTrue(lastPersist().synced(), "an own certification share");
        node.arrives(node.others().getFirst(), node.beacon(1));
        assertFalse(lastPersist().synced(), "a beacon");
        for (int peer : node.others()) {
            node.arrives(peer, node.certificationShare(1, peer));
        }
        assertEquals(1, node.core.status().certified().value());
        assertFalse(lastPersist().synced(), "a certification");
    }

    @Test
    void aNodeSaysWhereItStandsOnlyWhenThatIsSynced() {
        node.pass(10);
        node.arrives(node.others().getFirst(), node.beacon(1));
        assertFalse(lastPersist().synced());
        node.effects.clear();
        node.pass(1_100);
        assertTrue(node.sent(Artifact.Status.class).getFirst().beacon().value() == 1);
        Effect.Persist first = assertInstanceOf(Effect.Persist.class, node.effects.getFirst());
        assertTrue(first.synced());
    }

    @Test
    void aStandingOfWhatIsSyncedCostsNoWrite() {
        node.effects.clear();
        node.pass(5);
        node.step(new Input.PeerConnected(node.members.get(node.others().getFirst())));
        assertEquals(1, node.sent(Artifact.Status.class).size());
        assertEquals(0, node.effects(Effect.Persist.class).size());
    }

    @Test
    void aLostCertificationIsMadeAgainBeforeAnythingIsServed() {
        node.arrives(node.memberOfRank(1, 0), leader);
        node.completes(leader.ref());
        assertEquals(1, node.core.status().certified().value());
        node.journal
                .subMap(
                        JournalKeys.of(JournalKeys.CERTIFICATION, 0),
                        JournalKeys.end(JournalKeys.CERTIFICATION))
                .clear();
        node.restart(0);
        assertEquals(1, node.core.status().replayTarget().value());
        assertEquals(0, node.core.status().certified().value());
        for (int peer : node.others()) {
            node.arrives(peer, node.certificationShare(1, peer));
        }
        assertEquals(1, node.core.status().certified().value());
    }

    @Test
    void aLostBeaconTakesThoseAboveWithIt() {
        node.journal.put(
                JournalKeys.of(JournalKeys.BEACON, 1),
                icj.wire.ArtifactCodec.encode(node.beacon(1)));
        node.journal.put(
                JournalKeys.of(JournalKeys.BEACON, 3),
                icj.wire.ArtifactCodec.encode(node.beacon(3)));
        node.restart(0);
        assertEquals(1, node.core.status().beacon().value());
    }

    @Test
    void oneMoreThanTheFaultySendWhatIsCombined() {
        TestNode crowd = new TestNode(13, 0);
        for (int n = 1; n <= 13; n++) {
            for (long height = 1; height <= 30; height++) {
                int count = 0;
                for (int i = 0; i < n; i++) {
                    Committee seen =
                            new Committee(
                                    crowd.members.get(i),
                                    crowd.members.subList(0, n),
                                    Quorum.of(n));
                    count += seen.announces(height) ? 1 : 0;
                }
                assertEquals(Quorum.of(n).faulty() + 1, count);
            }
        }
    }

    private Effect.Persist lastPersist() {
        return node.effects(Effect.Persist.class).getLast();
    }
}
