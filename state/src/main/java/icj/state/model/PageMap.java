package icj.state.model;

import icj.types.Digest;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One version of a memory: an immutable map from page numbers to pages of 4096 bytes. A page that
/// it lacks is zeros, and a page of zeros is never in it.
///
/// It is a tree of arity 16 whose depth depends on the kind of memory only (R-S2). [#with] makes a
/// new version that shares everything but the changed paths. Digests are computed when [#root] asks
/// for them, once for each changed page and node. Pages that a store has written leave memory when
/// its [PageCache] is full and are loaded, and checked, when they are read again.
///
/// Any number of threads may read while the execution thread derives new versions.
public final class PageMap {
    /// The size of a page.
    public static final int PAGE_BYTES = 4096;

    /// The children of an inner node.
    static final int ARITY = 16;

    static final int BITS_PER_LEVEL = 4;

    private final MemoryKind kind;
    private final @Nullable PageNode top;
    private final Lineage lineage;

    private PageMap(MemoryKind kind, @Nullable PageNode top, Lineage lineage) {
        this.kind = kind;
        this.top = top;
        this.lineage = lineage;
    }

    /// What all versions of one memory share.
    private static final class Lineage {
        private long pagesHashed;
        private long taken;

        synchronized void add(long pages) {
            pagesHashed += pages;
        }

        synchronized long pagesHashed() {
            return pagesHashed;
        }

        synchronized long takePagesHashed() {
            long since = pagesHashed - taken;
            taken = pagesHashed;
            return since;
        }
    }

    /// A new memory of zeros. Each call makes a memory of its own: a store replaces the old one as
    /// a whole when a canister gets it, instead of comparing the two.
    public static PageMap empty(MemoryKind kind) {
        return new PageMap(kind, null, new Lineage());
    }

    /// A memory that lies in a store; nothing is read before it is needed.
    ///
    /// @param tree what [#tree] gave when the memory was written
    public static PageMap stored(MemoryKind kind, Digest tree, PageStore store) {
        boolean zeros = tree.equals(PageHasher.zero(kind.depth()));
        return new PageMap(
                kind, zeros ? null : new PageNode.Inner(kind.depth(), store, tree), new Lineage());
    }

    /// The kind of memory.
    public MemoryKind kind() {
        return kind;
    }

    /// Whether every byte is 0.
    public boolean isZero() {
        return top == null;
    }

    /// The bytes of a page, shared by all readers and never written to; null for zeros.
    ///
    /// @throws DamagedPageException if the store gives other bytes than were written
    public byte @Nullable [] page(int index) {
        checkIndex(index);
        PageNode node = top;
        for (int level = kind.depth(); level > 0; level--) {
            if (!(node instanceof PageNode.Inner inner)) {
                return null;
            }
            int below = BITS_PER_LEVEL * (level - 1);
            node = inner.children(index >>> (below + BITS_PER_LEVEL))[index >>> below & ARITY - 1];
        }
        return node instanceof PageNode.Leaf leaf ? leaf.bytes(index) : null;
    }

    /// This memory with the pages of `delta`. Pages that are equal to what is there are dropped
    /// (R-S2); if all are, the result is this map.
    public PageMap with(PageDelta delta) {
        if (delta.size() == 0) {
            return this;
        }
        checkIndex(delta.index(delta.size() - 1));
        PageHasher hasher = new PageHasher();
        PageNode changed = update(top, kind.depth(), delta, 0, delta.size(), hasher);
        lineage.add(hasher.pages);
        return changed == top ? this : new PageMap(kind, changed, lineage);
    }

    /// The digest of the memory: H(2, kind, size, tree).
    ///
    /// @param wasmPages the size that the canister sees, in pages of 64 KiB
    public Digest root(long wasmPages) {
        return new PageHasher().memory(kind, wasmPages, tree());
    }

    /// The digest of the page tree alone, without the size.
    public Digest tree() {
        if (top == null) {
            return PageHasher.zero(kind.depth());
        }
        Digest known = top.digest;
        if (known != null) {
            return known;
        }
        PageHasher hasher = new PageHasher();
        Digest computed = top.digest(hasher);
        lineage.add(hasher.pages);
        return computed;
    }

    /// How many times a page of this memory was hashed, in all its versions together. Checks of
    /// pages that come from a store are not counted.
    public long pagesHashed() {
        return lineage.pagesHashed();
    }

    /// How much [#pagesHashed] has risen since the last call of this.
    long takePagesHashed() {
        return lineage.takePagesHashed();
    }

    /// Whether `other` is a version of the same memory, made from the same [#empty] or [#stored] by
    /// [#with].
    public boolean isVersionOf(PageMap other) {
        return lineage == other.lineage;
    }

    /// How many pages differ from those of another version, by reference.
    public int pagesChangedSince(PageMap older) {
        return countChanges(older.top, top, kind.depth(), 0);
    }

    /// Tells `sink` what to write and remove so that a store that holds `written` holds this
    /// memory, and pins in memory what the store is about to overwrite, so that older versions stay
    /// readable. Computes digests that are still missing.
    ///
    /// @param written the version in the store, or null if the store has none of it
    /// @return to be told when the writing is done
    public Flush changesSince(@Nullable PageMap written, PageStore.Sink sink) {
        tree();
        Flush flush = new Flush();
        flush.report(written == null ? null : written.top, top, kind.depth(), 0, sink);
        return flush;
    }

    /// What one [#changesSince] reported.
    public static final class Flush {
        private final List<PageNode.Leaf> leaves = new ArrayList<>();
        private final PageHasher hasher = new PageHasher();

        private Flush() {}

        /// How many pages were reported as new or changed.
        public int pages() {
            return leaves.size();
        }

        /// Tells that `store` now has everything that was reported: pages may leave memory.
        public void written(PageStore store) {
            for (PageNode.Leaf leaf : leaves) {
                leaf.written(store);
            }
        }

        private void report(
                @Nullable PageNode before,
                @Nullable PageNode after,
                int level,
                int index,
                PageStore.Sink sink) {
            if (before == after) {
                return;
            }
            if (level == 0) {
                if (before instanceof PageNode.Leaf leaf) {
                    leaf.pin(index);
                }
                if (after instanceof PageNode.Leaf leaf) {
                    leaves.add(leaf);
                    sink.page(index, leaf.bytes(index));
                } else {
                    sink.page(index, null);
                }
                return;
            }
            @Nullable PageNode[] older =
                    before instanceof PageNode.Inner inner ? inner.children(index) : null;
            @Nullable PageNode[] newer =
                    after instanceof PageNode.Inner inner ? inner.children(index) : null;
            for (int i = 0; i < ARITY; i++) {
                report(
                        older == null ? null : older[i],
                        newer == null ? null : newer[i],
                        level - 1,
                        index << BITS_PER_LEVEL | i,
                        sink);
            }
            sink.node(
                    level,
                    index,
                    after instanceof PageNode.Inner inner ? inner.encode(index, hasher) : null);
        }
    }

    private void checkIndex(int index) {
        Invariant.check(
                index >= 0 && index < kind.pagesMax(), "Page %d lies outside of its memory", index);
    }

    /// The subtree at `node` with positions `from` to `to` (exclusive) of the delta; `node` itself
    /// if nothing changes.
    private static @Nullable PageNode update(
            @Nullable PageNode node,
            int level,
            PageDelta delta,
            int from,
            int to,
            PageHasher hasher) {
        if (level == 0) {
            return replace((PageNode.Leaf) node, delta, from, hasher);
        }
        int below = BITS_PER_LEVEL * (level - 1);
        int index = delta.index(from) >>> (below + BITS_PER_LEVEL);
        @Nullable PageNode[] old =
                node instanceof PageNode.Inner inner ? inner.children(index) : null;
        @Nullable PageNode[] changed = null;
        int start = from;
        while (start < to) {
            int child = delta.index(start) >>> below;
            int end = start + 1;
            while (end < to && delta.index(end) >>> below == child) {
                end++;
            }
            int slot = child & ARITY - 1;
            PageNode before = old == null ? null : old[slot];
            PageNode after = update(before, level - 1, delta, start, end, hasher);
            if (after != before) {
                if (changed == null) {
                    changed = old == null ? new PageNode[ARITY] : old.clone();
                }
                changed[slot] = after;
            }
            start = end;
        }
        if (changed == null) {
            return node;
        }
        for (PageNode child : changed) {
            if (child != null) {
                return new PageNode.Inner(level, changed);
            }
        }
        return null;
    }

    private static PageNode.@Nullable Leaf replace(
            PageNode.@Nullable Leaf old, PageDelta delta, int position, PageHasher hasher) {
        byte[] page = delta.page(position);
        if (page == null || PageHasher.isZero(page)) {
            return null;
        }
        SpilledPages spilled = delta.spilled(position);
        if (spilled != null) {
            Digest digest = hasher.page(page);
            return old != null && digest.equals(old.digest(hasher))
                    ? old
                    : new PageNode.Leaf(spilled, digest);
        }
        if (old == null) {
            return new PageNode.Leaf(page, null);
        }
        byte[] resident = old.resident();
        if (resident != null) {
            return Arrays.equals(resident, page) ? old : new PageNode.Leaf(page, null);
        }
        // The old bytes are only in the store: comparing digests saves the read, and the new one is
        // needed anyhow.
        Digest digest = hasher.page(page);
        return digest.equals(old.digest(hasher)) ? old : new PageNode.Leaf(page, digest);
    }

    private static int countChanges(
            @Nullable PageNode before, @Nullable PageNode after, int level, int index) {
        if (before == after) {
            return 0;
        }
        if (level == 0) {
            return 1;
        }
        @Nullable PageNode[] older =
                before instanceof PageNode.Inner inner ? inner.children(index) : null;
        @Nullable PageNode[] newer =
                after instanceof PageNode.Inner inner ? inner.children(index) : null;
        int count = 0;
        for (int i = 0; i < ARITY; i++) {
            count +=
                    countChanges(
                            older == null ? null : older[i],
                            newer == null ? null : newer[i],
                            level - 1,
                            index << BITS_PER_LEVEL | i);
        }
        return count;
    }
}
