package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BeaconShare;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.TapeShare;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.wire.Sha256;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// R-C5, R-C6, R-C8, R-C9: shares, lists, beacon, tape, certification.
final class ShareTest {
    private final TestNode node = TestNode.withRank(4, 3);
    private final BlockProposal leader =
            node.proposal(node.genesis(), 0, node.context(0, TestNode.GENESIS + 1));

    @Test
    void aShareCountsOnlyFromItsSigner() {
        node.arrives(node.memberOfRank(1, 0), leader);
        int messenger = node.others().getFirst();
        for (int signer : node.others()) {
            node.arrives(messenger, node.notarizationShare(leader.ref(), signer));
        }
        assertEquals(0, node.core.status().notarized().value());
        assertEquals(2, node.refusals(Refusal.NOT_FROM_SIGNER));
    }

    @Test
    void nobodyButMembersIsHeard() {
        NodeId stranger = new NodeId(Principal.of(new byte[] {99}));
        node.step(new Input.ArtifactArrived(stranger, leader));
        assertEquals(1, node.refusals(Refusal.NO_MEMBER));
    }

    @Test
    void aBadSignatureInAListIsThrownOutAndTheNextCompletesIt() {
        node.arrives(node.memberOfRank(1, 0), leader);
        List<Integer> others = node.others();
        node.arrives(
                others.get(0),
                new NotarizationShare(
                        leader.ref(), node.members.get(others.get(0)), Blob.fromHex("00")));
        node.arrives(others.get(1), node.notarizationShare(leader.ref(), others.get(1)));
        assertEquals(0, node.core.status().notarized().value());
        node.arrives(others.get(2), node.notarizationShare(leader.ref(), others.get(2)));
        assertEquals(1, node.core.status().notarized().value());
        assertEquals(1, node.refusals(Refusal.BAD_SIGNATURE));
    }

    @Test
    void refusesListsThatAreUnsortedRepeatedShortOrLong() {
        List<IndexedSignature> good = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            good.add(new IndexedSignature(i, node.notarizationShare(leader.ref(), i).signature()));
        }
        int peer = node.others().getFirst();
        node.arrives(peer, leader);
        for (List<IndexedSignature> bad :
                List.of(
                        List.of(good.get(1), good.get(0), good.get(2)),
                        List.of(good.get(0), good.get(0), good.get(1)),
                        good.subList(0, 2),
                        good,
                        List.of(
                                good.get(0),
                                good.get(1),
                                new IndexedSignature(4, good.get(2).signature())))) {
            node.arrives(peer, new Notarization(leader.ref(), bad));
        }
        assertEquals(5, node.refusals(Refusal.BAD_LIST));
        assertEquals(0, node.core.status().notarized().value());
        node.arrives(peer, new Notarization(leader.ref(), good.subList(0, 3)));
        assertEquals(1, node.core.status().notarized().value());
    }

    @Test
    void oneMembersManySharesFillNoMemory() {
        int peer = node.others().getFirst();
        for (int i = 0; i < 1000; i++) {
            BlockRef made =
                    new BlockRef(new Height(1), Sha256.of(new byte[] {(byte) i, (byte) (i >> 8)}));
            node.arrives(peer, node.notarizationShare(made, peer));
            node.arrives(peer, node.finalizationShare(made, peer));
        }
        assertTrue(node.core.status().poolShares() < 20);
    }

    @Test
    void takesNothingFarAheadAndNothingOld() {
        int peer = node.others().getFirst();
        BlockRef far = new BlockRef(new Height(1000), leader.hash());
        node.arrives(peer, node.notarizationShare(far, peer));
        assertEquals(1, node.refusals(Refusal.FAR_AHEAD));
        node.arrives(peer, node.notarizationShare(node.genesis(), peer));
        assertEquals(1, node.refusals(Refusal.OLD));
    }

    @Test
    void sharesTheFirstBeaconAtOnceAndTheNextOnlyWithANotarizedBlock() {
        assertEquals(1, node.sent(BeaconShare.class).size());
        node.arrives(node.others().getFirst(), node.beacon(1));
        assertEquals(1, node.core.status().beacon().value());
        // R-C5: beacon 1 is held, but no block of height 1 is notarized.
        assertEquals(1, node.sent(BeaconShare.class).size());
        node.arrives(node.memberOfRank(1, 0), leader);
        node.completes(leader.ref());
        assertEquals(2, node.sent(BeaconShare.class).getLast().height().value());
    }

    @Test
    void aBadThresholdShareIsBlamedAndTheBeaconStillComes() {
        List<Integer> others = node.others();
        node.arrives(
                others.get(0),
                new BeaconShare(
                        new Height(1), node.members.get(others.get(0)), Blob.fromHex("0011")));
        node.pass(30);
        assertEquals(0, node.core.status().beacon().value());
        assertEquals(1, node.refusals(Refusal.BAD_SIGNATURE));
        node.arrives(others.get(1), node.beaconShare(1, others.get(1)));
        assertEquals(1, node.core.status().beacon().value());
    }

    @Test
    void refusesAForgedBeaconAndOneThatSkipsAHeight() {
        int peer = node.others().getFirst();
        node.arrives(peer, new Beacon(new Height(1), Blob.fromHex("12")));
        assertEquals(1, node.refusals(Refusal.BAD_SIGNATURE));
        node.arrives(peer, node.beacon(2));
        assertEquals(1, node.refusals(Refusal.PREMATURE));
    }

    @Test
    void waitsForTheTapeThatTheBlockDraws() {
        node.needsTape = true;
        node.execute(0);
        BlockProposal draws =
                node.proposal(
                        node.genesis(),
                        0,
                        new BlockContext(
                                Height.ZERO,
                                leader.block().context().registryVersion(),
                                leader.block().context().time(),
                                true));
        node.arrives(node.memberOfRank(1, 0), draws);
        node.completes(draws.ref());
        assertEquals(1, node.core.status().finalized().value());
        assertEquals(1, node.sent(TapeShare.class).size());
        assertEquals(List.of(), node.delivered);
        int peer = node.others().getFirst();
        node.arrives(
                peer,
                new TapeShare(
                        new Height(1),
                        node.members.get(peer),
                        node.crypto(peer)
                                .signShare(SubnetCrypto.ThresholdKey.LOW, node.signed.tape(1))));
        assertEquals(1, node.delivered.size());
        assertTrue(node.delivered.getFirst().tape() != null);
    }

    @Test
    void refusesABlockThatHidesThatRandomnessIsAsked() {
        node.needsTape = true;
        node.execute(0);
        node.arrives(node.memberOfRank(1, 0), leader);
        node.pass(50);
        assertEquals(1, node.refusals(Refusal.BAD_BLOCK));
    }

    @Test
    void haltsWhenTheSubnetCertifiedAnotherRoot() {
        node.stateSeed = Blob.fromHex("bb");
        Certification certified = certification(1);
        node.stateSeed = Blob.fromHex("aa");
        node.arrives(node.memberOfRank(1, 0), leader);
        node.completes(leader.ref());
        assertEquals(1, node.core.status().certified().value());
        assertEquals(List.of(), node.effects(Effect.Halt.class));

        TestNode diverged = TestNode.withRank(4, 3);
        diverged.arrives(diverged.others().getFirst(), certified);
        diverged.arrives(diverged.memberOfRank(1, 0), leader);
        for (int peer : diverged.others()) {
            diverged.arrives(peer, diverged.notarizationShare(leader.ref(), peer));
            diverged.arrives(peer, diverged.finalizationShare(leader.ref(), peer));
        }
        Effect.Halt halt = diverged.effects(Effect.Halt.class).getFirst();
        assertTrue(halt.reason().contains("certified"), halt.reason());
        assertEquals(1, halt.evidence().size());
        diverged.effects.clear();
        diverged.pass(5000);
        assertEquals(List.of(), diverged.effects);
    }

    private Certification certification(long height) {
        CertificationShare share = node.certificationShare(height, 0);
        return new Certification(
                share.height(),
                share.root(),
                share.witness(),
                share.signature().slice(1, share.signature().length()));
    }

    @Test
    void aCertificationOfOneHeightIsNotTakenForAnother() {
        Certification right = certification(1);
        Certification wrong =
                new Certification(new Height(2), right.root(), right.witness(), right.signature());
        node.arrives(node.others().getFirst(), wrong);
        assertEquals(1, node.refusals(Refusal.BAD_SIGNATURE));
    }

    @Test
    void haltsWhenReexecutionGivesAnotherRootThanItSigned() {
        node.arrives(node.memberOfRank(1, 0), leader);
        for (int peer : node.others()) {
            node.arrives(peer, node.notarizationShare(leader.ref(), peer));
            node.arrives(peer, node.finalizationShare(leader.ref(), peer));
        }
        assertEquals(1, node.sent(CertificationShare.class).size());
        node.stateSeed = Blob.fromHex("cc");
        node.restart(0);
        Effect.Halt halt = node.effects(Effect.Halt.class).getFirst();
        assertTrue(halt.reason().contains("before the restart"), halt.reason());
    }
}
