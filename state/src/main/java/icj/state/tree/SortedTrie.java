package icj.state.tree;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// An immutable sorted map with byte strings as keys: a change makes a new map that shares all but
/// one path with the old one.
///
/// It is a crit-bit trie over symbols of 9 bits (R-S2): a byte `b` of a key is the symbol `256 +
/// b`, the end of the key is the symbol 0. So keys sort bytewise (unsigned), a key before every
/// longer one that it begins, and the shape depends on the set of keys alone, never on the order of
/// changes. A change and a look-up visit at most one node for each bit in which some keys differ.
///
/// With a [Hasher] each node keeps its digest once computed: after a change only the nodes of the
/// changed path are hashed again. Values are compared by reference wherever this class compares
/// them, so keep the reference of what did not change.
///
/// All methods may be called by any thread.
public final class SortedTrie<V> implements Records<V>, Iterable<SortedTrie.Entry<V>> {
    private static final SortedTrie<?> EMPTY = new SortedTrie<>(null, null, 0);

    private final @Nullable Node<V> top;
    private final @Nullable Hasher<V> hasher;
    private final int size;

    private SortedTrie(@Nullable Node<V> top, @Nullable Hasher<V> hasher, int size) {
        this.top = top;
        this.hasher = hasher;
        this.size = size;
    }

    /// How to compute the digests of a trie. It has no state and depends on its arguments only.
    public interface Hasher<V> {
        /// The digest of a trie without entries.
        Digest empty();

        /// The digest of a trie with one entry.
        Digest entry(Blob key, V value);

        /// The digest of the union of two tries, all keys of the left one before those of the
        /// right.
        Digest fork(Digest left, Digest right);
    }

    /// A node; package-private inside for [LabelTree].
    abstract static sealed class Node<V> {
        /// Computed once; races are harmless because a digest is immutable and always the same.
        @Nullable Digest digest;

        /// This node, or the one that it stands for.
        Node<V> open() {
            return this;
        }
    }

    /// A key with its value.
    public static final class Entry<V> extends Node<V> {
        private final Blob key;
        private final V value;

        private Entry(Blob key, V value) {
            this.key = key;
            this.value = value;
        }

        /// The key.
        public Blob key() {
            return key;
        }

        /// The value.
        public V value() {
            return value;
        }

        @Override
        public String toString() {
            return key + "=" + value;
        }
    }

    /// All keys below `left` have a 0 at `bit`, those below `right` a 1; they agree on every bit
    /// before.
    static final class Inner<V> extends Node<V> {
        final int bit;
        final Node<V> left;
        final Node<V> right;

        Inner(int bit, Node<V> left, Node<V> right) {
            this.bit = bit;
            this.left = left;
            this.right = right;
        }
    }

    /// A subtree that is kept elsewhere: its nodes are made again for each look into it.
    static final class Shown<V> extends Node<V> {
        private final TrieSource<V> source;

        Shown(TrieSource<V> source) {
            this.source = source;
        }

        @Override
        Node<V> open() {
            return switch (source.open()) {
                case TrieSource.One<V>(Blob key, V value) -> new Entry<>(key, value);
                case TrieSource.Fork<V>(int bit, TrieSource<V> left, TrieSource<V> right) ->
                        new Inner<>(TrieBits.ofByteBit(bit), new Shown<>(left), new Shown<>(right));
            };
        }
    }

    /// The map without entries and without digests.
    @SuppressWarnings("unchecked") // it holds no value of any type
    public static <V> SortedTrie<V> empty() {
        return (SortedTrie<V>) EMPTY;
    }

    /// The map without entries; it and all that derive from it have digests.
    public static <V> SortedTrie<V> empty(Hasher<V> hasher) {
        return new SortedTrie<>(null, hasher, 0);
    }

    /// The map of `size` entries, at least one, that are kept elsewhere.
    ///
    /// @param hasher by which the source's digests are made
    public static <V> SortedTrie<V> show(TrieSource<V> source, Hasher<V> hasher, int size) {
        return new SortedTrie<>(new Shown<>(source), hasher, size);
    }

    /// The number of entries.
    public int size() {
        return size;
    }

    /// Whether there is no entry.
    public boolean isEmpty() {
        return top == null;
    }

    /// The value of `key`, or null.
    public @Nullable V get(Blob key) {
        Entry<V> entry = find(key);
        return entry == null ? null : entry.value;
    }

    /// Whether `key` has a value.
    public boolean has(Blob key) {
        return find(key) != null;
    }

    /// The map with this value at `key`, in place of any other; the same map if that very value is
    /// there.
    @Override
    public SortedTrie<V> with(Blob key, V value) {
        if (top == null) {
            return new SortedTrie<>(new Entry<>(key, value), hasher, 1);
        }
        Entry<V> nearest = nearest(top, key);
        int bit = TrieBits.firstDifference(key, nearest.key);
        if (bit == TrieBits.NO_BIT) {
            if (TrieDiff.same(nearest.value, value)) {
                return this;
            }
            return new SortedTrie<>(insert(top, bit, new Entry<>(key, value)), hasher, size);
        }
        return new SortedTrie<>(insert(top, bit, new Entry<>(key, value)), hasher, size + 1);
    }

    /// The map without `key`; the same map if it has no such key.
    public SortedTrie<V> without(Blob key) {
        if (top == null || find(key) == null) {
            return this;
        }
        return new SortedTrie<>(remove(top, key), hasher, size - 1);
    }

    /// The digest of the whole map; computes what no earlier call did.
    public Digest digest() {
        if (hasher == null) {
            throw new Invariant.Violation("Digests are asked of a trie that has a hasher");
        }
        return top == null ? hasher.empty() : digest(top, hasher);
    }

    /// The entry of the lowest key, or null.
    public @Nullable Entry<V> first() {
        return top == null ? null : leftmost(top);
    }

    /// The entry of the highest key, or null.
    public @Nullable Entry<V> last() {
        return top == null ? null : rightmost(top);
    }

    /// The entry of the highest key at or below `key`, or null.
    public @Nullable Entry<V> floor(Blob key) {
        return top == null ? null : below(key, true);
    }

    /// The entry of the highest key below `key`, or null.
    public @Nullable Entry<V> lower(Blob key) {
        return top == null ? null : below(key, false);
    }

    /// The entry of the lowest key at or above `key`, or null.
    public @Nullable Entry<V> ceiling(Blob key) {
        Iterator<Entry<V>> entries = from(key).iterator();
        return entries.hasNext() ? entries.next() : null;
    }

    /// The entry of the lowest key above `key`, or null.
    public @Nullable Entry<V> higher(Blob key) {
        Iterator<Entry<V>> entries = from(key).iterator();
        while (entries.hasNext()) {
            Entry<V> entry = entries.next();
            if (!entry.key.equals(key)) {
                return entry;
            }
        }
        return null;
    }

    /// All entries in ascending order of keys.
    @Override
    public Iterator<Entry<V>> iterator() {
        Deque<Node<V>> pending = new ArrayDeque<>();
        if (top != null) {
            pending.push(top);
        }
        return new Ascent<>(pending);
    }

    /// The entries at or above `key`, ascending.
    public Iterable<Entry<V>> from(Blob key) {
        return () -> new Ascent<>(pendingFrom(key));
    }

    /// Reports each key that is in one map only or has another object as value, in ascending order
    /// of keys; subtrees that the maps share are skipped, so that the cost follows the number of
    /// changes between a map and one derived from it.
    public static <V> void diff(
            SortedTrie<V> before, SortedTrie<V> after, Records.Changes<V> changes) {
        TrieDiff.diff(before.top, after.top, changes);
    }

    @Override
    public void changesSince(Records<V> before, Records.Changes<V> changes) {
        diff((SortedTrie<V>) before, this, changes);
    }

    @Nullable Node<V> top() {
        return top;
    }

    /// The digest of a subtree.
    static <V> Digest digest(Node<V> node, Hasher<V> hasher) {
        Digest known = node.digest;
        if (known != null) {
            return known;
        }
        Digest computed =
                switch (node) {
                    case Shown<V> shown -> shown.source.digest();
                    case Entry<V> entry -> hasher.entry(entry.key, entry.value);
                    case Inner<V> inner ->
                            hasher.fork(digest(inner.left, hasher), digest(inner.right, hasher));
                };
        node.digest = computed;
        return computed;
    }

    private @Nullable Entry<V> find(Blob key) {
        if (top == null) {
            return null;
        }
        Entry<V> nearest = nearest(top, key);
        return nearest.key.equals(key) ? nearest : null;
    }

    /// The entry that shares the most bits with `key`, if any entry has all bits that are tested.
    private static <V> Entry<V> nearest(Node<V> top, Blob key) {
        Node<V> node = top;
        while (true) {
            switch (node) {
                case Entry<V> entry -> {
                    return entry;
                }
                case Inner<V> inner ->
                        node = TrieBits.bit(key, inner.bit) ? inner.right : inner.left;
                case Shown<V> shown -> node = shown.open();
            }
        }
    }

    private static <V> Node<V> insert(Node<V> node, int bit, Entry<V> entry) {
        if (node.open() instanceof Inner<V> inner && inner.bit < bit) {
            return TrieBits.bit(entry.key, inner.bit)
                    ? new Inner<>(inner.bit, inner.left, insert(inner.right, bit, entry))
                    : new Inner<>(inner.bit, insert(inner.left, bit, entry), inner.right);
        }
        if (bit == TrieBits.NO_BIT) {
            return entry;
        }
        return TrieBits.bit(entry.key, bit)
                ? new Inner<>(bit, node, entry)
                : new Inner<>(bit, entry, node);
    }

    /// The subtree without `key`, which is in it; null when nothing is left.
    private static <V> @Nullable Node<V> remove(Node<V> node, Blob key) {
        return switch (node) {
            case Shown<V> shown -> remove(shown.open(), key);
            case Entry<V> _ -> null;
            case Inner<V> inner -> {
                if (TrieBits.bit(key, inner.bit)) {
                    Node<V> right = remove(inner.right, key);
                    yield right == null ? inner.left : new Inner<>(inner.bit, inner.left, right);
                }
                Node<V> left = remove(inner.left, key);
                yield left == null ? inner.right : new Inner<>(inner.bit, left, inner.right);
            }
        };
    }

    private Deque<Node<V>> pendingFrom(Blob key) {
        Deque<Node<V>> pending = new ArrayDeque<>();
        if (top == null) {
            return pending;
        }
        int bit = TrieBits.firstDifference(key, nearest(top, key).key);
        Node<V> node = top.open();
        while (node instanceof Inner<V> inner && inner.bit < bit) {
            if (TrieBits.bit(key, inner.bit)) {
                node = inner.right.open();
            } else {
                pending.push(inner.right);
                node = inner.left.open();
            }
        }
        if (bit == TrieBits.NO_BIT || !TrieBits.bit(key, bit)) {
            pending.push(node);
        }
        return pending;
    }

    private @Nullable Entry<V> below(Blob key, boolean orEqual) {
        Node<V> start = top;
        if (start == null) {
            return null;
        }
        int bit = TrieBits.firstDifference(key, nearest(start, key).key);
        Node<V> node = start.open();
        Node<V> lower = null;
        while (node instanceof Inner<V> inner && inner.bit < bit) {
            if (TrieBits.bit(key, inner.bit)) {
                lower = inner.left;
                node = inner.right.open();
            } else {
                node = inner.left.open();
            }
        }
        if (bit == TrieBits.NO_BIT ? orEqual : TrieBits.bit(key, bit)) {
            return rightmost(node);
        }
        return lower == null ? null : rightmost(lower);
    }

    static <V> Entry<V> leftmost(Node<V> node) {
        Node<V> at = node.open();
        while (at instanceof Inner<V> inner) {
            at = inner.left.open();
        }
        return (Entry<V>) at;
    }

    private static <V> Entry<V> rightmost(Node<V> node) {
        Node<V> at = node.open();
        while (at instanceof Inner<V> inner) {
            at = inner.right.open();
        }
        return (Entry<V>) at;
    }

    /// Goes through the entries of subtrees, of which the lowest is on top.
    static final class Ascent<V> implements Iterator<Entry<V>> {
        private final Deque<Node<V>> pending;

        Ascent(Deque<Node<V>> pending) {
            this.pending = pending;
        }

        @Override
        public boolean hasNext() {
            return !pending.isEmpty();
        }

        @Override
        public Entry<V> next() {
            if (pending.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node<V> node = pending.pop().open();
            while (node instanceof Inner<V> inner) {
                pending.push(inner.right);
                node = inner.left.open();
            }
            return (Entry<V>) node;
        }
    }
}
