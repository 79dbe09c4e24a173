package icj.state.tree;

import icj.types.Blob;
import icj.types.Digest;

/// A part of a trie, with at least one entry, that is kept in another form. [SortedTrie#show] shows
/// it as a trie whose nodes live as long as somebody looks at them.
public interface TrieSource<V> {
    /// The digest of the part, as the hasher of the trie would make it.
    Digest digest();

    /// The node at the top.
    Opened<V> open();

    /// A node.
    sealed interface Opened<V> {}

    /// A part with one entry.
    record One<V>(Blob key, V value) implements Opened<V> {}

    /// A part with more of them.
    ///
    /// @param bit the first in which its keys differ: 0 is the highest of the first byte; no key
    ///   begins another
    /// @param left those with a 0 there
    record Fork<V>(int bit, TrieSource<V> left, TrieSource<V> right) implements Opened<V> {}
}
