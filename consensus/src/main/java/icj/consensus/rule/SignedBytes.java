package icj.consensus.rule;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.BlockRef;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import java.nio.charset.StandardCharsets;

/// What signatures cover.
///
/// R-C9: domain (its length in one byte, "ICJ-consensus"), network id, subnet id (its length in one
/// byte), kind in one byte, height in 8 bytes, block hash, registry version in 8 bytes. A beacon
/// has the SHA-256 of the signature of the one below in place of a block hash, a tape zeros.
/// Certifications alone are what the interface specification says: 0x0d "ic-state-root" and the
/// root.
public final class SignedBytes {
    private static final byte[] DOMAIN = ascii("\rICJ-consensus");
    private static final byte[] STATE_ROOT = ascii("\ric-state-root");
    private static final byte[] GENESIS = ascii("\021ICJ-beacon-genesis");

    private enum Kind {
        PROPOSAL,
        NOTARIZATION,
        FINALIZATION,
        BEACON,
        TAPE
    }

    private final byte[] prefix;
    private final RegistryVersion version;

    /// @param version at which the committee is pinned
    public SignedBytes(Digest networkId, SubnetId subnet, RegistryVersion version) {
        byte[] id = subnet.principal().toBytes();
        this.prefix =
                new ByteWriter().raw(DOMAIN).digest(networkId).u8(id.length).raw(id).toBytes();
        this.version = version;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// What stands for the signature of beacon 0: a hash of network and subnet.
    public Blob genesisBeacon() {
        return Blob.owning(Sha256.of(GENESIS, prefix).toBytes());
    }

    /// For the maker's signature.
    public Blob proposal(BlockRef block) {
        return bytes(Kind.PROPOSAL, block.height().value(), block.hash());
    }

    /// For notarization shares.
    public Blob notarization(BlockRef block) {
        return bytes(Kind.NOTARIZATION, block.height().value(), block.hash());
    }

    /// For finalization shares.
    public Blob finalization(BlockRef block) {
        return bytes(Kind.FINALIZATION, block.height().value(), block.hash());
    }

    /// For the beacon above `below`.
    public Blob beacon(Beacon below) {
        Digest chained = Sha256.of(below.signature().shared());
        return bytes(Kind.BEACON, below.height().value() + 1, chained);
    }

    /// For the tape of a height.
    public Blob tape(long height) {
        return bytes(Kind.TAPE, height, Digest.ZERO);
    }

    /// For the certification of a root.
    public static Blob certification(Digest root) {
        return new ByteWriter(64).raw(STATE_ROOT).digest(root).toBlob();
    }

    private Blob bytes(Kind kind, long height, Digest hash) {
        return new ByteWriter(prefix.length + 64)
                .raw(prefix)
                .u8(kind.ordinal() + 1)
                .u64(height)
                .digest(hash)
                .u64(version.value())
                .toBlob();
    }
}
