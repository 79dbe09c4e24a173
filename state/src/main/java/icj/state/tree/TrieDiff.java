package icj.state.tree;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// The comparison of two tries: [SortedTrie#diff].
final class TrieDiff {
    private TrieDiff() {}

    static <V> void diff(
            SortedTrie.@Nullable Node<V> before,
            SortedTrie.@Nullable Node<V> after,
            Records.Changes<V> changes) {
        if (before == after) {
            return;
        }
        if (before == null || after == null) {
            reportAll(before, after, changes);
            return;
        }
        diffOpened(before.open(), after.open(), changes);
    }

    private static <V> void diffOpened(
            SortedTrie.Node<V> before, SortedTrie.Node<V> after, Records.Changes<V> changes) {
        Blob beforeKey = SortedTrie.leftmost(before).key();
        Blob afterKey = SortedTrie.leftmost(after).key();
        int parting = TrieBits.firstDifference(beforeKey, afterKey);
        int beforeBit = before instanceof SortedTrie.Inner<V> inner ? inner.bit : TrieBits.NO_BIT;
        int afterBit = after instanceof SortedTrie.Inner<V> inner ? inner.bit : TrieBits.NO_BIT;
        if (parting < Math.min(beforeBit, afterBit)) {
            // No key of the one subtree is in the other: all of one side comes first.
            if (TrieBits.bit(afterKey, parting)) {
                reportAll(before, null, changes);
                reportAll(null, after, changes);
            } else {
                reportAll(null, after, changes);
                reportAll(before, null, changes);
            }
        } else if (beforeBit < afterBit) {
            SortedTrie.Inner<V> inner = (SortedTrie.Inner<V>) before;
            boolean right = TrieBits.bit(afterKey, beforeBit);
            diff(inner.left, right ? null : after, changes);
            diff(inner.right, right ? after : null, changes);
        } else if (afterBit < beforeBit) {
            SortedTrie.Inner<V> inner = (SortedTrie.Inner<V>) after;
            boolean right = TrieBits.bit(beforeKey, afterBit);
            diff(right ? null : before, inner.left, changes);
            diff(right ? before : null, inner.right, changes);
        } else if (before instanceof SortedTrie.Inner<V> a
                && after instanceof SortedTrie.Inner<V> b) {
            diff(a.left, b.left, changes);
            diff(a.right, b.right, changes);
        } else if (before instanceof SortedTrie.Entry<V> a
                && after instanceof SortedTrie.Entry<V> b
                && !same(a.value(), b.value())) {
            changes.changed(a.key(), a.value(), b.value());
        }
    }

    private static <V> void reportAll(
            SortedTrie.@Nullable Node<V> before,
            SortedTrie.@Nullable Node<V> after,
            Records.Changes<V> changes) {
        Deque<SortedTrie.Node<V>> pending = new ArrayDeque<>();
        SortedTrie.Node<V> node = before == null ? after : before;
        if (node == null) {
            return;
        }
        pending.push(node);
        for (Iterator<SortedTrie.Entry<V>> entries = new SortedTrie.Ascent<>(pending);
                entries.hasNext(); ) {
            SortedTrie.Entry<V> entry = entries.next();
            changes.changed(
                    entry.key(),
                    before == null ? null : entry.value(),
                    before == null ? entry.value() : null);
        }
    }

    /// Whether two values are the same object: the comparison of tries.
    @SuppressWarnings("ReferenceEquality") // equal objects may cost much to compare
    static boolean same(Object a, Object b) {
        return a == b;
    }
}
