package icj.state.model;

import icj.state.tree.LabelTree;
import icj.state.tree.Records;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.RequestId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/// The update calls that a subnet remembers (R-S8), an immutable map by id. A change makes a new
/// one that shares all but one path with the old one.
///
/// It stands for two tries with the same keys, the one under the state root ([#digest]) and
/// `/request_status` of the certified tree ([#labels]), and keeps the digests of both at one node
/// (ADR 8). Calls lie packed in buckets; an [IngressEntry] is made anew for each look at it, so
/// compare with `equals`.
///
/// All methods may be called by any thread.
public final class IngressHistory implements Records<IngressEntry> {
    /// No calls.
    public static final IngressHistory EMPTY = new IngressHistory(null, 0);

    private final @Nullable HistoryNode top;
    private final int size;

    private IngressHistory(@Nullable HistoryNode top, int size) {
        this.top = top;
        this.size = size;
    }

    /// The number of calls.
    public int size() {
        return size;
    }

    /// The call, or null when it is unknown or forgotten.
    public @Nullable IngressEntry get(RequestId id) {
        HistoryRecord record = find(id.digest().shared());
        return record == null ? null : record.entry();
    }

    /// Whether the call is known; does not read its answer.
    public boolean has(RequestId id) {
        return find(id) != null;
    }

    /// The history with this call, in place of any other with its id.
    public IngressHistory with(IngressEntry entry) {
        HistoryRecord record = HistoryRecord.of(entry);
        byte[] id = entry.id().digest().shared();
        if (top == null) {
            return new IngressHistory(HistoryNode.of(List.of(record)), 1);
        }
        HistoryNode.Bucket nearest = nearest(top, id);
        int difference = nearest.records().getFirst().difference(id);
        boolean known = nearest.find(id) != null;
        return new IngressHistory(put(top, record, difference), known ? size : size + 1);
    }

    @Override
    public IngressHistory with(Blob key, IngressEntry entry) {
        return with(entry);
    }

    /// The history without this call.
    public IngressHistory without(RequestId id) {
        byte[] bytes = id.digest().shared();
        return top == null || find(bytes) == null
                ? this
                : new IngressHistory(remove(top, bytes), size - 1);
    }

    /// The digest under the state root; computes what no earlier call did.
    public Digest digest() {
        return top == null ? StateHashers.EMPTY : top.digests().state();
    }

    /// The certified subtree `/request_status`.
    public LabelTree labels() {
        return top == null ? LabelTree.EMPTY : LabelTree.show(top, size);
    }

    @Override
    public void changesSince(Records<IngressEntry> before, Changes<IngressEntry> changes) {
        diff(((IngressHistory) before).top, top, changes);
    }

    @Override
    public String toString() {
        return "IngressHistory(" + size + " calls)";
    }

    /// Shows all calls by ascending id.
    void forEachRecord(Consumer<HistoryRecord> calls) {
        new Ascent(top).forEachRemaining(calls);
    }

    /// The record of a call, or null.
    @Nullable HistoryRecord find(RequestId id) {
        return find(id.digest().shared());
    }

    /// The store has the record of this key from now on.
    void stored(Blob key, RecordSource source) {
        HistoryRecord record = find(key.shared());
        if (record != null) {
            record.isStored(source);
        }
    }

    /// The calls whose id begins with these eight bytes: one, if nobody can make ids collide.
    List<HistoryRecord> withPrefix(long prefix) {
        List<HistoryRecord> found = new ArrayList<>();
        HistoryNode node = top;
        while (node instanceof HistoryNode.Fork fork && fork.bit < Long.SIZE) {
            node = (prefix << fork.bit) < 0 ? fork.right : fork.left;
        }
        for (Iterator<HistoryRecord> records = new Ascent(node); records.hasNext(); ) {
            HistoryRecord record = records.next();
            if (record.prefix() == prefix) {
                found.add(record);
            }
        }
        return found;
    }

    private @Nullable HistoryRecord find(byte[] id) {
        return top == null ? null : nearest(top, id).find(id);
    }

    /// The bucket with this id, if any has it.
    private static HistoryNode.Bucket nearest(HistoryNode top, byte[] id) {
        HistoryNode node = top;
        while (true) {
            switch (node) {
                case HistoryNode.Fork fork ->
                        node = HistoryRecord.bit(id, fork.bit) ? fork.right : fork.left;
                case HistoryNode.Bucket bucket -> {
                    return bucket;
                }
            }
        }
    }

    /// @param difference the first bit in which the id differs from one of the nearest bucket
    private static HistoryNode put(HistoryNode node, HistoryRecord record, int difference) {
        return switch (node) {
            case HistoryNode.Bucket bucket -> put(bucket, record);
            case HistoryNode.Fork fork when fork.bit < difference ->
                    record.bit(fork.bit)
                            ? new HistoryNode.Fork(
                                    fork.bit, fork.left, put(fork.right, record, difference))
                            : new HistoryNode.Fork(
                                    fork.bit, put(fork.left, record, difference), fork.right);
            case HistoryNode.Fork fork -> {
                HistoryNode alone = HistoryNode.of(List.of(record));
                yield record.bit(difference)
                        ? new HistoryNode.Fork(difference, fork, alone)
                        : new HistoryNode.Fork(difference, alone, fork);
            }
        };
    }

    private static HistoryNode put(HistoryNode.Bucket bucket, HistoryRecord record) {
        List<HistoryRecord> records = bucket.records();
        int at = Collections.binarySearch(records, record, HistoryRecord::compareIds);
        if (at >= 0) {
            records.set(at, record);
        } else {
            records.add(-at - 1, record);
        }
        return HistoryNode.of(records);
    }

    /// The part without a call that is in it; null when nothing is left.
    private static @Nullable HistoryNode remove(HistoryNode node, byte[] id) {
        return switch (node) {
            case HistoryNode.Bucket bucket -> {
                List<HistoryRecord> records = bucket.records();
                records.removeIf(record -> record.difference(id) == HistoryRecord.NO_BIT);
                yield records.isEmpty() ? null : HistoryNode.of(records);
            }
            case HistoryNode.Fork fork -> {
                boolean inRight = HistoryRecord.bit(id, fork.bit);
                HistoryNode left = inRight ? fork.left : remove(fork.left, id);
                HistoryNode right = inRight ? remove(fork.right, id) : fork.right;
                yield left == null ? right : right == null ? left : fork(fork.bit, left, right);
            }
        };
    }

    /// Two parts together; small ones in one bucket.
    private static HistoryNode fork(int bit, HistoryNode left, HistoryNode right) {
        if (left instanceof HistoryNode.Bucket a && right instanceof HistoryNode.Bucket b) {
            List<HistoryRecord> records = a.records();
            records.addAll(b.records());
            if (records.size() <= HistoryNode.BUCKET_MAX) {
                return HistoryNode.of(records);
            }
        }
        return new HistoryNode.Fork(bit, left, right);
    }

    private static void diff(
            @Nullable HistoryNode before,
            @Nullable HistoryNode after,
            Changes<IngressEntry> changes) {
        if (before == after) {
            return;
        }
        if (!(before instanceof HistoryNode.Fork a) || !(after instanceof HistoryNode.Fork b)) {
            merge(before, after, changes);
            return;
        }
        int parting = first(b).difference(first(a).id());
        if (parting < Math.min(a.bit, b.bit)) {
            merge(a, b, changes);
        } else if (a.bit < b.bit) {
            boolean right = first(b).bit(a.bit);
            diff(a.left, right ? null : b, changes);
            diff(a.right, right ? b : null, changes);
        } else if (b.bit < a.bit) {
            boolean right = first(a).bit(b.bit);
            diff(right ? null : a, b.left, changes);
            diff(right ? a : null, b.right, changes);
        } else {
            diff(a.left, b.left, changes);
            diff(a.right, b.right, changes);
        }
    }

    /// Compares two parts call by call: those of which one is a bucket, so that nearly all that the
    /// other has are changes, and those without a common id.
    private static void merge(
            @Nullable HistoryNode before,
            @Nullable HistoryNode after,
            Changes<IngressEntry> changes) {
        Ascent olds = new Ascent(before);
        Ascent news = new Ascent(after);
        HistoryRecord old = olds.nextOrNull();
        HistoryRecord now = news.nextOrNull();
        while (old != null || now != null) {
            int order = old == null ? 1 : now == null ? -1 : old.compareIds(now);
            if (order < 0 && old != null) {
                changes.changed(old.key(), old.entry(), null);
                old = olds.nextOrNull();
            } else if (order > 0 && now != null) {
                changes.changed(now.key(), null, now.entry());
                now = news.nextOrNull();
            } else if (old != null && now != null) {
                if (!old.isSame(now)) {
                    changes.changed(now.key(), old.entry(), now.entry());
                }
                old = olds.nextOrNull();
                now = news.nextOrNull();
            }
        }
    }

    private static HistoryRecord first(HistoryNode top) {
        return new Ascent(top).next();
    }

    /// Goes through the calls of a part by ascending id.
    private static final class Ascent implements Iterator<HistoryRecord> {
        private final Deque<HistoryNode> pending = new ArrayDeque<>();
        private Iterator<HistoryRecord> bucket = Collections.emptyIterator();

        Ascent(@Nullable HistoryNode top) {
            if (top != null) {
                pending.push(top);
            }
        }

        @Override
        public boolean hasNext() {
            return bucket.hasNext() || !pending.isEmpty();
        }

        @Override
        public HistoryRecord next() {
            if (!bucket.hasNext()) {
                if (pending.isEmpty()) {
                    throw new NoSuchElementException();
                }
                HistoryNode node = pending.pop();
                while (node instanceof HistoryNode.Fork fork) {
                    pending.push(fork.right);
                    node = fork.left;
                }
                bucket = ((HistoryNode.Bucket) node).records().iterator();
            }
            return bucket.next();
        }

        @Nullable HistoryRecord nextOrNull() {
            return hasNext() ? next() : null;
        }
    }
}
