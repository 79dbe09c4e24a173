package icj.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.testing.Golden;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.EnvelopeHash;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Rank;
import icj.types.RegistryVersion;
import icj.types.RequestId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.types.artifact.IngressRef;
import icj.types.artifact.Payload;
import icj.types.message.IngressBody;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

final class ArtifactCodecTest {
    private static final int KINDS = 15;

    private static Height height(Prng random) {
        return new Height(random.bits() >>> 1);
    }

    private static Digest digest(Prng random) {
        return Digest.of(random.bytes(Digest.LENGTH));
    }

    private static NodeId node(Prng random) {
        return new NodeId(Principal.of(random.bytes(random.below(Principal.LENGTH_MAX + 1))));
    }

    private static Blob signature(Prng random) {
        return Blob.of(random.bytes(random.chance(0.5) ? 64 : 48));
    }

    private static Blob witness(Prng random) {
        return Blob.of(random.bytes(random.below(400)));
    }

    private static BlockRef ref(Prng random) {
        return new BlockRef(height(random), digest(random));
    }

    private static List<IndexedSignature> list(Prng random) {
        List<IndexedSignature> list = new ArrayList<>();
        for (int i = random.below(6); i > 0; i--) {
            list.add(new IndexedSignature(random.below(1 << 16), signature(random)));
        }
        return list;
    }

    private static Artifact proposal(Prng random) {
        List<IngressBody> bodies = new ArrayList<>();
        List<IngressRef> refs = new ArrayList<>();
        for (int i = random.below(5); i > 0; i--) {
            RequestId id = new RequestId(digest(random));
            EnvelopeHash hash = new EnvelopeHash(digest(random));
            refs.add(new IngressRef(id, hash));
            bodies.add(new IngressBody(id, hash, Blob.of(random.bytes(random.below(300)))));
        }
        Block block =
                new Block(
                        height(random),
                        digest(random),
                        new Rank(random.below(1 << 16)),
                        node(random),
                        new BlockContext(
                                height(random),
                                new RegistryVersion(random.bits() >>> 1),
                                new ConsensusTime(random.bits() >>> 1),
                                random.chance(0.5)),
                        new Payload(refs));
        return new Artifact.BlockProposal(
                block, ArtifactCodec.hash(block), signature(random), bodies);
    }

    private static Artifact artifact(Prng random, int kind) {
        return switch (kind) {
            case 1 -> proposal(random);
            case 2 -> new Artifact.NotarizationShare(ref(random), node(random), signature(random));
            case 3 -> new Artifact.Notarization(ref(random), list(random));
            case 4 -> new Artifact.FinalizationShare(ref(random), node(random), signature(random));
            case 5 -> new Artifact.Finalization(ref(random), list(random));
            case 6 -> new Artifact.BeaconShare(height(random), node(random), signature(random));
            case 7 -> new Artifact.Beacon(height(random), signature(random));
            case 8 -> new Artifact.TapeShare(height(random), node(random), signature(random));
            case 9 -> new Artifact.Tape(height(random), signature(random));
            case 10 ->
                    new Artifact.CertificationShare(
                            height(random),
                            digest(random),
                            witness(random),
                            node(random),
                            signature(random));
            case 11 ->
                    new Artifact.Certification(
                            height(random), digest(random), witness(random), signature(random));
            case 12 ->
                    new Artifact.Status(
                            height(random),
                            height(random),
                            height(random),
                            height(random),
                            height(random));
            case 13 ->
                    new Artifact.FetchChain(
                            height(random), height(random), height(random), height(random));
            case 14 -> new Artifact.FetchBlock(ref(random));
            default ->
                    new Artifact.EquivocationProof(
                            height(random),
                            node(random),
                            digest(random),
                            signature(random),
                            digest(random),
                            signature(random));
        };
    }

    @Test
    void decodesWhatItEncodes() throws MalformedException {
        Prng random = Prng.fromProperty();
        for (int i = 0; i < 3000; i++) {
            Artifact artifact = artifact(random, 1 + i % KINDS);
            assertEquals(artifact, ArtifactCodec.decode(ArtifactCodec.encode(artifact)));
        }
    }

    @Test
    void hasOneEncodingForEachArtifact() {
        Prng random = Prng.fromProperty();
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = ArtifactCodec.encode(artifact(random, 1 + i % KINDS)).toBytes();
            bytes[random.below(bytes.length)] ^= (byte) (1 << random.below(8));
            Blob changed = Blob.of(bytes);
            try {
                assertEquals(changed, ArtifactCodec.encode(ArtifactCodec.decode(changed)));
            } catch (MalformedException e) {
                assertTrue(e.getMessage() != null);
            }
        }
    }

    @Test
    void refusesEveryPrefixAndEverySuffix() {
        Prng random = Prng.fromProperty();
        for (int kind = 1; kind <= KINDS; kind++) {
            byte[] bytes = ArtifactCodec.encode(artifact(random, kind)).toBytes();
            for (int length = 0; length < bytes.length; length++) {
                Blob prefix = Blob.of(Arrays.copyOf(bytes, length));
                assertThrows(MalformedException.class, () -> ArtifactCodec.decode(prefix));
            }
            Blob longer = Blob.of(Arrays.copyOf(bytes, bytes.length + 1));
            assertThrows(MalformedException.class, () -> ArtifactCodec.decode(longer));
        }
    }

    @Test
    void throwsNothingElseOnNoise() {
        Prng random = Prng.fromProperty();
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = random.bytes(random.below(120));
            if (noise.length > 0) {
                noise[0] = (byte) (1 + random.below(KINDS));
            }
            try {
                ArtifactCodec.decode(Blob.of(noise));
            } catch (MalformedException e) {
                assertTrue(e.getMessage() != null);
            }
        }
    }

    @Test
    void refusesLengthsBeforeItAllocates() {
        byte[] list = new ByteWriter().u8(3).u64(1).digest(Digest.ZERO).u32(1 << 30).toBytes();
        assertThrows(MalformedException.class, () -> ArtifactCodec.decode(Blob.of(list)));
        byte[] witness = new ByteWriter().u8(11).u64(1).digest(Digest.ZERO).u32(5000).toBytes();
        assertThrows(MalformedException.class, () -> ArtifactCodec.decode(Blob.of(witness)));
        byte[] height = new ByteWriter().u8(14).u64(-1).digest(Digest.ZERO).toBytes();
        assertThrows(MalformedException.class, () -> ArtifactCodec.decode(Blob.of(height)));
        Blob huge = Blob.of(new byte[ArtifactCodec.ARTIFACT_BYTES_MAX + 1]);
        assertThrows(MalformedException.class, () -> ArtifactCodec.decode(huge));
    }

    @Test
    void aFullBlockFitsInAnArtifact() throws MalformedException {
        List<IngressRef> refs = new ArrayList<>();
        List<IngressBody> bodies = new ArrayList<>();
        int each = ArtifactCodec.PAYLOAD_BYTES_MAX / ArtifactCodec.PAYLOAD_CALLS_MAX;
        Blob envelope = Blob.of(new byte[each]);
        for (int i = 0; i < ArtifactCodec.PAYLOAD_CALLS_MAX; i++) {
            RequestId id = new RequestId(Digest.ZERO);
            EnvelopeHash hash = new EnvelopeHash(Digest.ZERO);
            refs.add(new IngressRef(id, hash));
            bodies.add(new IngressBody(id, hash, envelope));
        }
        Block block =
                new Block(
                        new Height(1),
                        Digest.ZERO,
                        Rank.LEADER,
                        new NodeId(Principal.of(new byte[29])),
                        new BlockContext(
                                Height.ZERO, RegistryVersion.ZERO, ConsensusTime.ZERO, false),
                        new Payload(refs));
        Artifact full =
                new Artifact.BlockProposal(
                        block, ArtifactCodec.hash(block), Blob.of(new byte[64]), bodies);
        assertEquals(full, ArtifactCodec.decode(ArtifactCodec.encode(full)));
    }

    @Test
    void theHashCoversTheListOfCallsButNoSignature() throws MalformedException {
        Prng random = Prng.of(5);
        for (int i = 0; i < 200; i++) {
            Artifact.BlockProposal one = (Artifact.BlockProposal) proposal(random);
            Artifact.BlockProposal signed =
                    new Artifact.BlockProposal(
                            one.block(), one.hash(), Blob.of(new byte[64]), one.bodies());
            Artifact read = ArtifactCodec.decode(ArtifactCodec.encode(signed));
            assertEquals(one.hash(), ((Artifact.BlockProposal) read).hash());
            Block other =
                    new Block(
                            one.block().height(),
                            one.block().parent(),
                            one.block().rank(),
                            one.block().maker(),
                            one.block().context(),
                            new Payload(
                                    List.of(
                                            new IngressRef(
                                                    new RequestId(digest(random)),
                                                    new EnvelopeHash(digest(random))))));
            assertNotEquals(one.hash(), ArtifactCodec.hash(other));
        }
    }

    @Test
    void keepsItsBytes() {
        Prng random = Prng.of(42);
        StringBuilder text = new StringBuilder();
        for (int kind = 1; kind <= KINDS; kind++) {
            Artifact artifact = artifact(random, kind);
            text.append(artifact.getClass().getSimpleName()).append(' ');
            text.append(HexFormat.of().formatHex(ArtifactCodec.encode(artifact).shared()));
            if (artifact instanceof Artifact.BlockProposal proposal) {
                text.append(" hash ").append(proposal.hash());
            }
            text.append('\n');
        }
        Golden.check("artifacts.txt", text.toString());
    }
}
