package icj.consensus.pool;

import icj.types.Blob;
import icj.types.Digest;
import icj.wire.ByteWriter;

/// The keys of the journal: one byte of group, the height in 8 bytes, then what tells records of
/// one height apart. Values are encoded artifacts but for the groups META, DRAWS and VOTED.
///
/// | group | height | rest | value |
/// |---|---|---|---|
/// | 1 chain | of the block | kind 1, block hash | notarization |
/// | 1 chain | of the block | kind 2, block hash | proposal with bodies |
/// | 1 chain | of the block | kind 3, block hash | finalization |
/// | 2 beacon, 3 tape, 4 certification | its own | | the artifact |
/// | 5 own | of the vote | kind of artifact, block hash | share that this node signed |
/// | 6 meta | 0 | | tip: finalized height, its hash, its certified height, lowest height, bytes, beacon |
/// | 6 meta | h > 0 | | bytes of the chain up to h |
/// | 7 draws | of the state | | 1 if it has requests for randomness pending, else 0 |
/// | 8 voted | 0 | | 1: this node has voted before |
///
/// A notarization stands before its block, so that a peer that reads the chain in this order knows
/// a block as wanted when it arrives.
public final class JournalKeys {
    /// Blocks, notarizations and finalizations.
    public static final int CHAIN = 1;

    /// Beacons.
    public static final int BEACON = 2;

    /// Tapes.
    public static final int TAPE = 3;

    /// Certifications.
    public static final int CERTIFICATION = 4;

    /// What this node signed.
    public static final int OWN = 5;

    /// Tip and marks.
    public static final int META = 6;

    /// Whether executed states draw tapes.
    public static final int DRAWS = 7;

    /// One record, written with the first vote of this node.
    public static final int VOTED = 8;

    static final int NOTARIZATION = 1;
    static final int PROPOSAL = 2;
    static final int FINALIZATION = 3;

    static final int OWN_NOTARIZATION = 1;
    static final int OWN_FINALIZATION = 2;
    static final int OWN_CERTIFICATION = 3;

    private JournalKeys() {}

    /// The lowest key of a height in a group.
    public static Blob of(int group, long height) {
        return new ByteWriter(16).u8(group).u64(height).toBlob();
    }

    /// The lowest key above a group.
    public static Blob end(int group) {
        return new ByteWriter(16).u8(group + 1).toBlob();
    }

    static Blob of(int group, long height, int kind, Digest hash) {
        return new ByteWriter(48).u8(group).u64(height).u8(kind).digest(hash).toBlob();
    }

    /// The key of a block's proposal.
    public static Blob proposal(long height, Digest hash) {
        return of(CHAIN, height, PROPOSAL, hash);
    }

    /// The lowest key above this one.
    public static Blob after(Blob key) {
        return new ByteWriter(key.length() + 1).raw(key).u8(0).toBlob();
    }
}
