package icj.state.model;

import icj.types.Digest;

import org.jspecify.annotations.Nullable;

/// A node of a page tree: immutable in what it stands for; whether its content is in memory
/// changes. An absent node stands for zeros.
abstract sealed class PageNode {
    /// Computed once, known from the start for nodes that come from a store; races are harmless
    /// because a digest is immutable and always the same.
    @Nullable Digest digest;

    /// The digest; a node without one is in memory.
    abstract Digest digest(PageHasher hasher);

    /// One page.
    static final class Leaf extends PageNode {
        /// Null while the page is only in the store. Set back to null under this object's monitor.
        private volatile byte @Nullable [] bytes;

        /// Set under this object's monitor when the page is written.
        private @Nullable PageStore store;

        /// Where the page lies until a store has it; then null. Guarded by this object's monitor.
        private @Nullable SpilledPages spilled;

        /// The store no longer has this version, or soon won't: the bytes stay in memory.
        private boolean pinned;

        /// Read since the hand of the cache came by. Lost writes only cost a reload.
        private boolean touched;

        /// A page that no store has yet.
        Leaf(byte[] bytes, @Nullable Digest digest) {
            this.bytes = bytes;
            this.digest = digest;
        }

        /// A page in a store.
        Leaf(PageStore store, Digest digest) {
            this.store = store;
            this.digest = digest;
        }

        /// A page in the file of the message that wrote it.
        Leaf(SpilledPages spilled, Digest digest) {
            this.spilled = spilled;
            this.digest = digest;
        }

        /// The bytes, loaded if necessary.
        byte[] bytes(int index) {
            byte[] present = bytes;
            if (present != null) {
                if (!touched) {
                    touched = true;
                }
                return present;
            }
            PageStore from;
            synchronized (this) {
                present = bytes;
                if (present != null) {
                    return present;
                }
                if (spilled != null) {
                    // Not kept: these pages are where they are since they found no place here.
                    return checked(index, spilled.page(index));
                }
                from = loaded(index);
                present = bytes;
            }
            from.cache().admit(this);
            return present == null ? bytes(index) : present;
        }

        /// The bytes if they are in memory.
        byte @Nullable [] resident() {
            return bytes;
        }

        /// Keeps the bytes in memory from now on, since the store is about to overwrite them.
        synchronized void pin(int index) {
            if (spilled != null) {
                return;
            }
            if (bytes == null) {
                loaded(index);
            }
            pinned = true;
        }

        /// Tells that `store` has this page now, so that it may leave memory.
        void written(PageStore newStore) {
            synchronized (this) {
                if (spilled != null) {
                    spilled = null;
                    store = newStore;
                    return;
                }
                if (store != null && !pinned) {
                    return;
                }
                store = newStore;
                pinned = false;
            }
            newStore.cache().admit(this);
        }

        /// Lets go of the bytes if the store has them.
        synchronized void drop() {
            if (store != null && !pinned) {
                bytes = null;
            }
        }

        /// Whether the page was read since the last call.
        boolean takeTouch() {
            boolean was = touched;
            touched = false;
            return was;
        }

        @Override
        Digest digest(PageHasher hasher) {
            Digest known = digest;
            if (known != null) {
                return known;
            }
            byte[] present = bytes;
            if (present == null) {
                throw new IllegalStateException("A page without digest is in memory");
            }
            known = hasher.page(present);
            digest = known;
            return known;
        }

        private PageStore loaded(int index) {
            PageStore from = store;
            Digest expected = digest;
            if (from == null || expected == null) {
                throw new IllegalStateException("A page that left memory has a store and a digest");
            }
            bytes = checked(index, from.page(index));
            return from;
        }

        private byte[] checked(int index, byte[] page) {
            Digest expected = digest;
            if (expected == null
                    || page.length != PageMap.PAGE_BYTES
                    || !new PageHasher().page(page).equals(expected)) {
                throw new DamagedPageException(
                        "Page " + index + " has not the bytes of its digest");
            }
            return page;
        }
    }

    /// Sixteen nodes of the level below.
    static final class Inner extends PageNode {
        private static final int MASK_BYTES = 2;

        final int level;

        /// Null while the children are only in the store; never null again afterwards, so that all
        /// who share this node share its children too.
        private volatile @Nullable PageNode @Nullable [] children;

        private final @Nullable PageStore store;

        /// A node in memory.
        Inner(int level, @Nullable PageNode[] children) {
            this.level = level;
            this.children = children;
            this.store = null;
        }

        /// A node in a store.
        Inner(int level, PageStore store, Digest digest) {
            this.level = level;
            this.store = store;
            this.digest = digest;
        }

        /// The children, loaded if necessary; never written to.
        @Nullable PageNode[] children(int index) {
            @Nullable PageNode[] present = children;
            if (present != null) {
                return present;
            }
            synchronized (this) {
                present = children;
                if (present == null) {
                    present = load(index);
                    children = present;
                }
                return present;
            }
        }

        @Override
        Digest digest(PageHasher hasher) {
            Digest known = digest;
            if (known == null) {
                @Nullable PageNode[] present = children;
                if (present == null) {
                    throw new IllegalStateException("A node without digest is in memory");
                }
                known = hasher.inner(level, childDigests(present, hasher));
                digest = known;
            }
            return known;
        }

        /// Two bytes with a bit for each child that is not zero, the first child's being the
        /// lowest; then their digests.
        byte[] encode(int index, PageHasher hasher) {
            @Nullable PageNode[] present = children(index);
            int count = 0;
            int mask = 0;
            for (int i = 0; i < PageMap.ARITY; i++) {
                if (present[i] != null) {
                    mask |= 1 << i;
                    count++;
                }
            }
            byte[] bytes = new byte[MASK_BYTES + count * Digest.LENGTH];
            bytes[0] = (byte) (mask >> 8);
            bytes[1] = (byte) mask;
            int at = MASK_BYTES;
            for (PageNode child : present) {
                if (child != null) {
                    System.arraycopy(child.digest(hasher).shared(), 0, bytes, at, Digest.LENGTH);
                    at += Digest.LENGTH;
                }
            }
            return bytes;
        }

        private @Nullable PageNode[] load(int index) {
            PageStore from = store;
            Digest expected = digest;
            if (from == null || expected == null) {
                throw new IllegalStateException(
                        "A node that is not in memory has a store and a digest");
            }
            byte[] bytes = from.node(level, index);
            int mask = bytes.length < MASK_BYTES ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
            if (bytes.length != MASK_BYTES + Integer.bitCount(mask) * Digest.LENGTH) {
                throw damaged(index);
            }
            @Nullable PageNode[] loaded = new PageNode[PageMap.ARITY];
            int at = MASK_BYTES;
            for (int i = 0; i < PageMap.ARITY; i++) {
                if ((mask >> i & 1) != 0) {
                    byte[] digestBytes = new byte[Digest.LENGTH];
                    System.arraycopy(bytes, at, digestBytes, 0, Digest.LENGTH);
                    Digest child = Digest.owning(digestBytes);
                    loaded[i] =
                            level == 1 ? new Leaf(from, child) : new Inner(level - 1, from, child);
                    at += Digest.LENGTH;
                }
            }
            PageHasher hasher = new PageHasher();
            if (!hasher.inner(level, childDigests(loaded, hasher)).equals(expected)) {
                throw damaged(index);
            }
            return loaded;
        }

        private Digest[] childDigests(@Nullable PageNode[] present, PageHasher hasher) {
            Digest[] digests = new Digest[PageMap.ARITY];
            for (int i = 0; i < PageMap.ARITY; i++) {
                PageNode child = present[i];
                digests[i] = child == null ? PageHasher.zero(level - 1) : child.digest(hasher);
            }
            return digests;
        }

        private DamagedPageException damaged(int index) {
            return new DamagedPageException(
                    "Node " + index + " of level " + level + " has not the bytes of its digest");
        }
    }
}
