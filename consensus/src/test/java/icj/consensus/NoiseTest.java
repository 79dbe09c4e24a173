package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;
import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Rank;
import icj.types.RegistryVersion;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.types.artifact.Payload;
import icj.wire.ArtifactCodec;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// What one Byzantine member may send: it must not throw, fill memory, or stop the others.
final class NoiseTest {
    private final Prng random = Prng.fromProperty();
    private final TestNode node = TestNode.withRank(4, 3);
    private final int villain = node.memberOfRank(1, 1);

    private Height height() {
        return new Height(random.chance(0.8) ? random.below(60) : random.bits() >>> 1);
    }

    private BlockRef ref() {
        return new BlockRef(height(), Digest.of(random.bytes(32)));
    }

    private NodeId signer() {
        return node.members.get(random.chance(0.9) ? villain : random.below(4));
    }

    private Blob signature(Blob message) {
        return random.chance(0.6)
                ? node.crypto(villain).sign(message)
                : Blob.of(random.bytes(random.below(65)));
    }

    private List<IndexedSignature> list() {
        List<IndexedSignature> list = new ArrayList<>();
        for (int i = random.below(5); i > 0; i--) {
            list.add(new IndexedSignature(random.below(6), Blob.of(random.bytes(32))));
        }
        return list;
    }

    private Artifact artifact() {
        return switch (random.below(15)) {
            case 0, 1 -> proposal();
            case 2 -> {
                BlockRef ref = ref();
                yield new Artifact.NotarizationShare(
                        ref, signer(), signature(node.signed.notarization(ref)));
            }
            case 3 -> {
                BlockRef ref = ref();
                yield new Artifact.FinalizationShare(
                        ref, signer(), signature(node.signed.finalization(ref)));
            }
            case 4 -> new Artifact.Notarization(ref(), list());
            case 5 -> new Artifact.Finalization(ref(), list());
            case 6 -> new Artifact.BeaconShare(height(), signer(), Blob.of(random.bytes(33)));
            case 7 -> new Artifact.Beacon(height(), Blob.of(random.bytes(32)));
            case 8 -> new Artifact.TapeShare(height(), signer(), Blob.of(random.bytes(33)));
            case 9 -> new Artifact.Tape(height(), Blob.of(random.bytes(32)));
            case 10 -> {
                Height height = height();
                Blob witness = Blob.of(random.bytes(random.below(50)));
                yield new Artifact.CertificationShare(
                        height,
                        TestCrypto.root(height, witness),
                        witness,
                        signer(),
                        Blob.of(random.bytes(33)));
            }
            case 11 -> {
                Height height = height();
                Blob witness = Blob.of(random.bytes(random.below(50)));
                yield new Artifact.Certification(
                        height,
                        TestCrypto.root(height, witness),
                        witness,
                        Blob.of(random.bytes(32)));
            }
            case 12 -> new Artifact.Status(height(), height(), height(), height(), height());
            case 13 -> new Artifact.FetchChain(height(), height(), height(), height());
            default -> new Artifact.FetchBlock(ref());
        };
    }

    private BlockProposal proposal() {
        BlockRef parent = random.chance(0.5) ? node.genesis() : ref();
        Block block =
                new Block(
                        height(),
                        parent.hash(),
                        new Rank(random.below(3)),
                        node.members.get(villain),
                        new BlockContext(
                                height(),
                                new RegistryVersion(random.below(3)),
                                new ConsensusTime(TestNode.GENESIS + random.below(1_000_000)),
                                random.chance(0.2)),
                        Payload.EMPTY);
        Digest hash = ArtifactCodec.hash(block);
        Blob signed = signature(node.signed.proposal(new BlockRef(block.height(), hash)));
        return new BlockProposal(block, hash, signed, List.of());
    }

    @Test
    void neitherThrowsNorFillsMemoryNorStopsTheOthers() {
        for (int i = 0; i < 30_000; i++) {
            node.arrives(villain, artifact());
            if (i % 50 == 0) {
                node.pass(1);
            }
            node.effects.clear();
        }
        ConsensusStatus status = node.core.status();
        assertTrue(status.poolBlocks() <= 100, status.toString());
        assertTrue(status.poolHeights() <= 60, status.toString());
        assertTrue(status.poolShares() <= 60 * 8, status.toString());
        assertEquals(0, status.notarized().value());

        BlockProposal leader =
                node.proposal(
                        node.genesis(), 0, node.context(0, TestNode.GENESIS + TestNode.MILLI));
        node.pass(11_000);
        node.arrives(node.memberOfRank(1, 0), leader);
        for (int peer : node.others()) {
            if (peer != villain) {
                node.arrives(peer, node.notarizationShare(leader.ref(), peer));
                node.arrives(peer, node.finalizationShare(leader.ref(), peer));
                node.arrives(peer, node.beaconShare(1, peer));
                node.arrives(peer, node.certificationShare(1, peer));
            }
        }
        assertEquals(1, node.core.status().certified().value());
    }
}
