package icj.consensus.pool;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.BlockRef;
import icj.wire.ArtifactCodec;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

/// Reads the pool back from the journal after a start.
public final class PoolReader {
    /// More heights than this are never replayed from memory; a state so far behind its journal was
    /// lost.
    public static final int REPLAY_HEIGHTS_MAX = 10_000;

    private final Pool pool;
    private final JournalReader journal;
    private final NodeId self;
    private @Nullable String trouble;

    private PoolReader(Pool pool, JournalReader journal, NodeId self) {
        this.pool = pool;
        this.journal = journal;
        this.self = self;
    }

    /// Fills a fresh pool.
    ///
    /// @param executed the height at which the state was restored
    /// @return null, or one sentence that says why this journal and this state do not belong
    ///   together
    public static @Nullable String restore(
            Pool pool, JournalReader journal, NodeId self, long executed) {
        PoolReader reader = new PoolReader(pool, journal, self);
        reader.readMeta(executed);
        return reader.trouble;
    }

    static Blob tip(BlockRef tip, Height certified, long lowest, long bytes, long beacon) {
        return new ByteWriter(64)
                .u64(tip.height().value())
                .digest(tip.hash())
                .u64(certified.value())
                .u64(lowest)
                .u64(bytes)
                .u64(beacon)
                .toBlob();
    }

    static Blob flag(boolean value) {
        return new ByteWriter(16).bool(value).toBlob();
    }

    static Blob mark(long bytes) {
        return new ByteWriter(16).u64(bytes).toBlob();
    }

    private void readMeta(long executed) {
        long[] numbers = {0, 0, 1, 0, 0};
        Digest[] hash = {Digest.ZERO};
        boolean[] found = {false};
        journal.scan(
                JournalKeys.of(JournalKeys.META, 0),
                JournalKeys.end(JournalKeys.META),
                (key, value) -> {
                    try {
                        ByteReader in = new ByteReader(value);
                        long height = height(key);
                        if (height > 0) {
                            pool.restoreMark(height, in.u64());
                        } else {
                            numbers[0] = in.u64();
                            hash[0] = in.digest();
                            numbers[1] = in.u64();
                            numbers[2] = in.u64();
                            numbers[3] = in.u64();
                            numbers[4] = in.u64();
                            found[0] = true;
                        }
                    } catch (MalformedException e) {
                        damaged(key, e);
                    }
                });
        long finalized = numbers[0];
        if (trouble != null) {
            return;
        }
        if (executed > finalized) {
            trouble =
                    "The state is at height "
                            + executed
                            + ", but the journal's last final block is "
                            + finalized
                            + ": the journal was lost";
            return;
        }
        long from = Math.min(executed, numbers[1]);
        if (finalized - from > REPLAY_HEIGHTS_MAX || from + 1 < numbers[2]) {
            trouble =
                    "The state is at height "
                            + executed
                            + ", too far behind the journal, which is at "
                            + finalized
                            + " and begins at "
                            + numbers[2]
                            + ": the state was lost";
            return;
        }
        readHeights(from, Math.min(from, numbers[4]));
        if (trouble == null && found[0]) {
            setTip(finalized, hash[0], from, numbers[2], numbers[3]);
        }
        if (trouble == null) {
            pool.settleRestored();
        }
    }

    private void setTip(long finalized, Digest hash, long from, long lowest, long bytes) {
        for (long height = from + 1; height <= finalized; height++) {
            HeightState state = pool.get(height);
            if (state == null || state.blocks().size() != 1) {
                trouble = "The journal lacks the final block of height " + height;
                return;
            }
            BlockEntry entry = state.blocks().iterator().next();
            entry.markNotarized();
            state.finalBlock(entry);
            if (height == finalized) {
                if (!entry.hash().equals(hash)) {
                    trouble = "The journal's final block of height " + height + " is another";
                    return;
                }
                pool.restoreTip(entry, lowest, bytes);
            }
        }
    }

    private void readHeights(long from, long beacon) {
        scan(JournalKeys.CHAIN, from + 1);
        scan(JournalKeys.BEACON, beacon);
        scan(JournalKeys.TAPE, from + 1);
        scan(JournalKeys.CERTIFICATION, from);
        scan(JournalKeys.OWN, 0);
        journal.scan(
                JournalKeys.of(JournalKeys.VOTED, 0),
                JournalKeys.end(JournalKeys.VOTED),
                (_, _) -> pool.restoreVoted());
        journal.scan(
                JournalKeys.of(JournalKeys.DRAWS, from),
                JournalKeys.end(JournalKeys.DRAWS),
                (key, value) -> {
                    try {
                        pool.restoreDraws(height(key), new ByteReader(value).bool());
                    } catch (MalformedException e) {
                        damaged(key, e);
                    }
                });
    }

    private void scan(int group, long from) {
        journal.scan(
                JournalKeys.of(group, from),
                JournalKeys.end(group),
                (key, value) -> {
                    try {
                        take(ArtifactCodec.decode(value));
                    } catch (MalformedException e) {
                        damaged(key, e);
                    }
                });
    }

    private void take(Artifact artifact) {
        switch (artifact) {
            case BlockProposal a -> {
                BlockEntry entry = pool.restoreBlock(a);
                if (entry.maker().equals(self)) {
                    pool.restoreOwnProposal(a);
                }
            }
            case Notarization a -> pool.add(a);
            case Finalization a -> pool.add(a);
            case Beacon a -> pool.restoreBeacon(a);
            case Tape a -> pool.restoreTape(a);
            case Certification a -> pool.restoreCertification(a);
            case NotarizationShare a -> pool.restoreVote(a);
            case FinalizationShare a -> pool.restoreVote(a);
            case CertificationShare a -> pool.restoreVote(a);
            case Artifact.EquivocationProof _,
                    Artifact.BeaconShare _,
                    Artifact.TapeShare _,
                    Artifact.Status _,
                    Artifact.FetchChain _,
                    Artifact.FetchBlock _ ->
                    trouble = "The journal holds what is never written to it";
        }
    }

    private static long height(Blob key) throws MalformedException {
        ByteReader in = new ByteReader(key);
        in.u8();
        return in.u64();
    }

    private void damaged(Blob key, MalformedException e) {
        trouble = "The journal's record " + key + " is damaged: " + e.getMessage();
    }
}
