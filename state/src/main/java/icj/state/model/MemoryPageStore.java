package icj.state.model;

import org.jspecify.annotations.Nullable;

import java.util.TreeMap;

/// A [PageStore] in memory, for tests and simulations. For any thread.
public final class MemoryPageStore implements PageStore, PageStore.Sink {
    private final TreeMap<Integer, byte[]> pages = new TreeMap<>();
    private final TreeMap<Long, byte[]> nodes = new TreeMap<>();
    private final PageCache cache;
    private long loads;

    /// @param cache where loaded pages are kept
    public MemoryPageStore(PageCache cache) {
        this.cache = cache;
    }

    /// How many pages were loaded from here.
    public synchronized long loads() {
        return loads;
    }

    /// How many pages it holds.
    public synchronized int size() {
        return pages.size();
    }

    /// How many tree nodes it holds.
    public synchronized int nodes() {
        return nodes.size();
    }

    @Override
    public synchronized byte[] page(int index) {
        loads++;
        return present(pages.get(index), "page " + index);
    }

    @Override
    public synchronized byte[] node(int level, int index) {
        return present(nodes.get(key(level, index)), "node " + index + " of level " + level);
    }

    @Override
    public PageCache cache() {
        return cache;
    }

    @Override
    public synchronized void page(int index, byte @Nullable [] page) {
        if (page == null) {
            pages.remove(index);
        } else {
            pages.put(index, page.clone());
        }
    }

    @Override
    public synchronized void node(int level, int index, byte @Nullable [] node) {
        if (node == null) {
            nodes.remove(key(level, index));
        } else {
            nodes.put(key(level, index), node.clone());
        }
    }

    private static long key(int level, int index) {
        return (long) level << Integer.SIZE | index;
    }

    private static byte[] present(byte @Nullable [] bytes, String what) {
        if (bytes == null) {
            throw new DamagedPageException("The store has no " + what);
        }
        return bytes.clone();
    }
}
