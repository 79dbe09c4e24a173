package icj.state.model;

import icj.state.tree.LabelItem;
import icj.state.tree.TrieSource;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A part of the ingress history, immutable: a fork, or a bucket of a few calls. It also shows
/// itself as a part of the certified tree.
///
/// The shape is a function of the ids: a part of at most [#BUCKET_MAX] calls is a bucket, a larger
/// one a fork.
abstract sealed class HistoryNode implements TrieSource<LabelItem> {
    /// Calls of one bucket. Each change hashes a bucket anew, and each bucket costs some 200 bytes
    /// beside its records.
    static final int BUCKET_MAX = 8;

    /// Computed once; races are harmless, since a pair is immutable and always the same.
    private @Nullable DigestPair digests;

    /// The digests of all calls of this part; computes what no earlier call did.
    final DigestPair digests() {
        DigestPair known = digests;
        if (known == null) {
            known = computeDigests();
            digests = known;
        }
        return known;
    }

    abstract DigestPair computeDigests();

    /// The part that holds these calls, which ascend strictly; there is at least one.
    static HistoryNode of(List<HistoryRecord> records) {
        if (records.size() <= BUCKET_MAX) {
            return new Bucket(HistoryRecord.pack(records), HistoryRecord.shared(records));
        }
        Range range = new Range(records);
        int bit = range.bit();
        return new Fork(bit, of(range.side(bit, false)), of(range.side(bit, true)));
    }

    @Override
    public final Digest digest() {
        return digests().labels();
    }

    /// All ids below `left` have a 0 at `bit`, those below `right` a 1; they agree on every bit
    /// before.
    static final class Fork extends HistoryNode {
        final int bit;
        final HistoryNode left;
        final HistoryNode right;

        Fork(int bit, HistoryNode left, HistoryNode right) {
            this.bit = bit;
            this.left = left;
            this.right = right;
        }

        @Override
        DigestPair computeDigests() {
            return DigestPair.fork(left.digests(), right.digests());
        }

        @Override
        public Opened<LabelItem> open() {
            return new TrieSource.Fork<>(bit, left, right);
        }
    }

    /// A few calls, packed: their records one after the other in one array, and beside it the
    /// objects that records share.
    static final class Bucket extends HistoryNode {
        private final byte[] data;
        private final Object[] shared;

        Bucket(byte[] data, Object[] shared) {
            this.data = data;
            this.shared = shared;
        }

        /// The calls by ascending id.
        List<HistoryRecord> records() {
            return HistoryRecord.unpack(data, shared);
        }

        /// The call with this id, or null.
        @Nullable HistoryRecord find(byte[] id) {
            for (HistoryRecord record : records()) {
                if (record.difference(id) == HistoryRecord.NO_BIT) {
                    return record;
                }
            }
            return null;
        }

        @Override
        DigestPair computeDigests() {
            return new Range(records()).digests();
        }

        @Override
        public Opened<LabelItem> open() {
            return new Range(records()).open();
        }
    }

    /// Calls of a bucket that stand below one node of the certified tree.
    private record Range(List<HistoryRecord> records) implements TrieSource<LabelItem> {
        private int bit() {
            return records.getFirst().difference(records.getLast().id());
        }

        private List<HistoryRecord> side(int bit, boolean ones) {
            int split = 0;
            while (!records.get(split).bit(bit)) {
                split++;
            }
            return ones ? records.subList(split, records.size()) : records.subList(0, split);
        }

        DigestPair digests() {
            if (records.size() == 1) {
                return records.getFirst().digests();
            }
            int bit = bit();
            return DigestPair.fork(
                    new Range(side(bit, false)).digests(), new Range(side(bit, true)).digests());
        }

        @Override
        public Digest digest() {
            return digests().labels();
        }

        @Override
        public Opened<LabelItem> open() {
            if (records.size() == 1) {
                HistoryRecord record = records.getFirst();
                return new TrieSource.One<>(record.key(), record.entry());
            }
            int bit = bit();
            return new TrieSource.Fork<>(
                    bit, new Range(side(bit, false)), new Range(side(bit, true)));
        }
    }
}
