package icj.wire;

import icj.candid.Principal;
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
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BeaconShare;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.EquivocationProof;
import icj.types.artifact.Artifact.FetchBlock;
import icj.types.artifact.Artifact.FetchChain;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Status;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.Artifact.TapeShare;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.types.artifact.IngressRef;
import icj.types.artifact.Payload;
import icj.types.message.IngressBody;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The one encoding of artifacts: what is sent is what is journaled, and a block's part of it is
/// what is hashed.
///
/// An artifact is one byte of kind, then its fields in the order of the record, big-endian:
/// heights, times and versions 8 bytes, digests 32, a principal its length in one byte and its
/// bytes, signatures and other byte strings their length in 4 bytes and their bytes, lists their
/// number in 4 bytes. Kinds are never reused. Decoding is total, strict (each artifact has one
/// encoding) and checks every length before it allocates.
public final class ArtifactCodec {
    /// The most calls in a block (reference/consensus-and-state.md section 2).
    public static final int PAYLOAD_CALLS_MAX = 1000;

    /// The most bytes of all envelopes of a block together.
    public static final int PAYLOAD_BYTES_MAX = 4 << 20;

    /// The most bytes of an encoded artifact: a full block with its list and some room.
    public static final int ARTIFACT_BYTES_MAX = PAYLOAD_BYTES_MAX + (128 << 10);

    /// The most bytes of the witness of a height: a few dozen digests.
    public static final int WITNESS_BYTES_MAX = 4096;

    /// The most members of a committee.
    public static final int MEMBERS_MAX = 128;

    private static final int SIGNATURE_BYTES_MAX = 64;
    private static final int REF_BYTES = 2 * Digest.LENGTH;
    private static final int BLOCK_BYTES_MAX = PAYLOAD_CALLS_MAX * REF_BYTES + 256;
    private static final byte[] BLOCK_DOMAIN = "\tICJ-block".getBytes(StandardCharsets.US_ASCII);

    private ArtifactCodec() {}

    /// The hash of a block: SHA-256 of the length-prefixed domain "ICJ-block" and the block's
    /// encoding.
    public static Digest hash(Block block) {
        return hash(blockBytes(block));
    }

    private static Digest hash(byte[] block) {
        return Sha256.of(BLOCK_DOMAIN, block);
    }

    /// The bytes of an artifact.
    public static Blob encode(Artifact artifact) {
        return switch (artifact) {
            case BlockProposal a -> proposal(a);
            case NotarizationShare a -> share(2, a.block(), a.signer(), a.signature());
            case Notarization a -> list(3, a.block(), a.signatures());
            case FinalizationShare a -> share(4, a.block(), a.signer(), a.signature());
            case Finalization a -> list(5, a.block(), a.signatures());
            case BeaconShare a -> share(6, a.height(), a.signer(), a.signature());
            case Beacon a -> start(7, a.height()).blob(a.signature()).toBlob();
            case TapeShare a -> share(8, a.height(), a.signer(), a.signature());
            case Tape a -> start(9, a.height()).blob(a.signature()).toBlob();
            case CertificationShare a ->
                    principal(
                                    start(10, a.height()).digest(a.root()).blob(a.witness()),
                                    a.signer().principal())
                            .blob(a.signature())
                            .toBlob();
            case Certification a ->
                    start(11, a.height())
                            .digest(a.root())
                            .blob(a.witness())
                            .blob(a.signature())
                            .toBlob();
            case Status a ->
                    start(12, a.notarized())
                            .u64(a.finalized().value())
                            .u64(a.beacon().value())
                            .u64(a.certified().value())
                            .u64(a.lowest().value())
                            .toBlob();
            case FetchChain a ->
                    start(13, a.chain())
                            .u64(a.beacon().value())
                            .u64(a.certification().value())
                            .u64(a.tape().value())
                            .toBlob();
            case EquivocationProof a ->
                    principal(start(15, a.height()), a.maker().principal())
                            .digest(a.first())
                            .blob(a.firstSignature())
                            .digest(a.second())
                            .blob(a.secondSignature())
                            .toBlob();
            case FetchBlock a -> start(14, a.block().height()).digest(a.block().hash()).toBlob();
        };
    }

    private static ByteWriter start(int kind, Height height) {
        return new ByteWriter().u8(kind).u64(height.value());
    }

    private static Blob share(int kind, Height height, NodeId signer, Blob signature) {
        return principal(start(kind, height), signer.principal()).blob(signature).toBlob();
    }

    private static Blob share(int kind, BlockRef block, NodeId signer, Blob signature) {
        return principal(start(kind, block.height()).digest(block.hash()), signer.principal())
                .blob(signature)
                .toBlob();
    }

    private static Blob list(int kind, BlockRef block, List<IndexedSignature> signatures) {
        ByteWriter out = start(kind, block.height()).digest(block.hash()).count(signatures.size());
        for (IndexedSignature signature : signatures) {
            out.u16(signature.signer()).blob(signature.signature());
        }
        return out.toBlob();
    }

    private static Blob proposal(BlockProposal proposal) {
        byte[] block = blockBytes(proposal.block());
        int size = block.length + 256;
        for (IngressBody body : proposal.bodies()) {
            size += body.envelope().length() + 4;
        }
        ByteWriter out = new ByteWriter(size).u8(1).blob(block).blob(proposal.signature());
        out.count(proposal.bodies().size());
        for (IngressBody body : proposal.bodies()) {
            out.blob(body.envelope());
        }
        return out.toBlob();
    }

    private static byte[] blockBytes(Block block) {
        BlockContext context = block.context();
        List<IngressRef> ingress = block.payload().ingress();
        ByteWriter out = new ByteWriter(192 + ingress.size() * REF_BYTES);
        out.u64(block.height().value()).digest(block.parent()).u16(block.rank().value());
        principal(out, block.maker().principal());
        out.u64(context.certified().value())
                .u64(context.registryVersion().value())
                .u64(context.time().value())
                .bool(context.drawsTape())
                .count(ingress.size());
        for (IngressRef ref : ingress) {
            out.digest(ref.id().digest()).digest(ref.hash().digest());
        }
        return out.toBytes();
    }

    private static ByteWriter principal(ByteWriter out, Principal principal) {
        byte[] bytes = principal.toBytes();
        return out.u8(bytes.length).raw(bytes);
    }

    /// Reads an artifact.
    ///
    /// @throws MalformedException unless `bytes` are exactly what [#encode] writes
    public static Artifact decode(Blob bytes) throws MalformedException {
        if (bytes.length() > ARTIFACT_BYTES_MAX) {
            throw new MalformedException(
                    "An artifact of " + bytes.length() + " bytes is longer than allowed");
        }
        ByteReader in = new ByteReader(bytes);
        Artifact artifact = read(in);
        in.end();
        return artifact;
    }

    private static Artifact read(ByteReader in) throws MalformedException {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> readProposal(in);
            case 2 -> new NotarizationShare(ref(in), node(in), signature(in));
            case 3 -> new Notarization(ref(in), signatures(in));
            case 4 -> new FinalizationShare(ref(in), node(in), signature(in));
            case 5 -> new Finalization(ref(in), signatures(in));
            case 6 -> new BeaconShare(height(in), node(in), signature(in));
            case 7 -> new Beacon(height(in), signature(in));
            case 8 -> new TapeShare(height(in), node(in), signature(in));
            case 9 -> new Tape(height(in), signature(in));
            case 10 ->
                    new CertificationShare(
                            height(in), in.digest(), witness(in), node(in), signature(in));
            case 11 -> new Certification(height(in), in.digest(), witness(in), signature(in));
            case 12 -> new Status(height(in), height(in), height(in), height(in), height(in));
            case 13 -> new FetchChain(height(in), height(in), height(in), height(in));
            case 14 -> new FetchBlock(ref(in));
            case 15 ->
                    new EquivocationProof(
                            height(in),
                            node(in),
                            in.digest(),
                            signature(in),
                            in.digest(),
                            signature(in));
            default -> throw new MalformedException("There is no artifact of kind " + kind);
        };
    }

    private static Height height(ByteReader in) throws MalformedException {
        return new Height(positive(in, "A height"));
    }

    private static long positive(ByteReader in, String what) throws MalformedException {
        long value = in.u64();
        if (value < 0) {
            throw new MalformedException(what + " is above 2^63 - 1");
        }
        return value;
    }

    private static BlockRef ref(ByteReader in) throws MalformedException {
        return new BlockRef(height(in), in.digest());
    }

    private static NodeId node(ByteReader in) throws MalformedException {
        int length = in.u8();
        if (length > Principal.LENGTH_MAX) {
            throw new MalformedException("A principal has " + length + " bytes");
        }
        return new NodeId(Principal.of(in.raw(length)));
    }

    private static Blob signature(ByteReader in) throws MalformedException {
        return in.blob(SIGNATURE_BYTES_MAX);
    }

    private static Blob witness(ByteReader in) throws MalformedException {
        return in.blob(WITNESS_BYTES_MAX);
    }

    private static List<IndexedSignature> signatures(ByteReader in) throws MalformedException {
        int count = in.count(MEMBERS_MAX, 6);
        List<IndexedSignature> signatures = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            signatures.add(new IndexedSignature(in.u16(), signature(in)));
        }
        return signatures;
    }

    private static BlockProposal readProposal(ByteReader in) throws MalformedException {
        Blob encoded = in.blob(BLOCK_BYTES_MAX);
        Block block = readBlock(new ByteReader(encoded));
        Blob signature = signature(in);
        List<IngressRef> refs = block.payload().ingress();
        int count = in.count(PAYLOAD_CALLS_MAX, 4);
        if (count != refs.size()) {
            throw new MalformedException(
                    "A block lists " + refs.size() + " calls and brings " + count + " bodies");
        }
        List<IngressBody> bodies = new ArrayList<>(count);
        int left = PAYLOAD_BYTES_MAX;
        for (IngressRef ref : refs) {
            Blob envelope = in.blob(left);
            left -= envelope.length();
            bodies.add(new IngressBody(ref.id(), ref.hash(), envelope));
        }
        return new BlockProposal(block, hash(encoded.shared()), signature, bodies);
    }

    private static Block readBlock(ByteReader in) throws MalformedException {
        Height height = height(in);
        Digest parent = in.digest();
        Rank rank = new Rank(in.u16());
        NodeId maker = node(in);
        BlockContext context =
                new BlockContext(
                        height(in),
                        new RegistryVersion(positive(in, "A registry version")),
                        new ConsensusTime(positive(in, "A time")),
                        in.bool());
        int count = in.count(PAYLOAD_CALLS_MAX, REF_BYTES);
        List<IngressRef> refs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            refs.add(new IngressRef(new RequestId(in.digest()), new EnvelopeHash(in.digest())));
        }
        in.end();
        return new Block(height, parent, rank, maker, context, new Payload(refs));
    }
}
