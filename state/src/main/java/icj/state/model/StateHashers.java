package icj.state.model;

import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.Sha256;

/// How the tries under the state root are hashed: H(0) when empty, H(1, length of the key, key,
/// hash of the value) for an entry, H(2, left, right) for a fork.
final class StateHashers {
    static final SortedTrie.Hasher<CanisterState> CANISTERS =
            new Hasher<>() {
                @Override
                Digest value(CanisterState canister) {
                    return canister.root();
                }
            };

    /// The first byte of what is hashed for a fork.
    static final byte FORK = 2;

    /// The digest of a trie without entries.
    static final Digest EMPTY = Sha256.of(new byte[] {0});

    private StateHashers() {}

    /// The digest of one entry, whose value has this digest.
    static Digest entry(Blob key, Digest value) {
        return Sha256.of(new byte[] {1, (byte) key.length()}, key.shared(), value.shared());
    }

    private abstract static class Hasher<V> implements SortedTrie.Hasher<V> {
        abstract Digest value(V value);

        @Override
        public Digest empty() {
            return EMPTY;
        }

        @Override
        public Digest entry(Blob key, V value) {
            return StateHashers.entry(key, value(value));
        }

        @Override
        public Digest fork(Digest left, Digest right) {
            return Sha256.of(new byte[] {FORK}, left.shared(), right.shared());
        }
    }
}
