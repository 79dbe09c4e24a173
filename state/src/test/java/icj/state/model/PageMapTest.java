package icj.state.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;
import icj.types.Digest;
import icj.wire.Sha256;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

final class PageMapTest {
    @Test
    void holdsWhatWasWritten() {
        Prng prng = Prng.fromProperty();
        for (MemoryKind kind : MemoryKind.values()) {
            TreeMap<Integer, byte[]> expected = new TreeMap<>();
            PageMap map = PageMap.empty(kind);
            for (int step = 0; step < 40; step++) {
                map = map.with(delta(prng, kind, expected));
                assertEquals(tree(kind, expected), map.tree());
            }
            for (Map.Entry<Integer, byte[]> page : expected.entrySet()) {
                assertArrayEquals(page.getValue(), map.page(page.getKey()));
            }
            assertNull(map.page(12_345));
        }
    }

    @Test
    void theRootIsAFunctionOfContentAndSizeOnly() {
        Prng prng = Prng.fromProperty();
        TreeMap<Integer, byte[]> content = new TreeMap<>();
        PageMap grown = PageMap.empty(MemoryKind.HEAP);
        for (int step = 0; step < 20; step++) {
            grown = grown.with(delta(prng, MemoryKind.HEAP, content));
        }
        PageMap atOnce = PageMap.empty(MemoryKind.HEAP).with(PageDelta.of(copies(content)));
        assertEquals(atOnce.root(7), grown.root(7));
        assertNotEquals(atOnce.root(8), grown.root(7));
        byte[] root =
                concat(
                        new byte[] {2, 0},
                        ByteBuffer.allocate(8).putLong(7).array(),
                        tree(MemoryKind.HEAP, content).toBytes());
        assertEquals(Sha256.of(root), grown.root(7));
    }

    @Test
    void emptyMemoriesOfEachKindHaveTheirOwnRoot() {
        assertEquals(tree(MemoryKind.HEAP, new TreeMap<>()), PageMap.empty(MemoryKind.HEAP).tree());
        assertNotEquals(
                PageMap.empty(MemoryKind.HEAP).root(0), PageMap.empty(MemoryKind.STABLE).root(0));
    }

    @Test
    void pagesEqualToWhatIsThereAreDropped() {
        PageMap map = PageMap.empty(MemoryKind.HEAP).with(one(3, page(1)));
        assertSame(map, map.with(one(3, page(1))));
        assertSame(map, map.with(one(4, new byte[PageMap.PAGE_BYTES])));
        assertSame(map, map.with(one(4, null)));
        assertTrue(map.with(one(3, null)).isZero());
        assertTrue(map.with(one(3, new byte[PageMap.PAGE_BYTES])).isZero());
    }

    /// Pages in a file, of which one may be damaged.
    private static final class File implements SpilledPages {
        private final TreeMap<Integer, byte[]> pages = new TreeMap<>();
        private int reads;

        @Override
        public byte[] page(int index) {
            reads++;
            return pages.get(index).clone();
        }

        private PageDelta delta() {
            PageDelta.Builder delta = new PageDelta.Builder();
            for (int index : pages.keySet()) {
                delta.put(index, this);
            }
            return delta.build();
        }
    }

    @Test
    void pagesInAFileStandForTheirBytesUntilAStoreHasThem() {
        TreeMap<Integer, byte[]> expected = new TreeMap<>();
        File file = new File();
        for (int i = 0; i < 50; i++) {
            file.pages.put(i * 700, page(i + 1));
            expected.put(i * 700, page(i + 1));
        }
        file.pages.put(5, new byte[PageMap.PAGE_BYTES]);
        PageMap map = PageMap.empty(MemoryKind.HEAP).with(file.delta());
        assertEquals(tree(MemoryKind.HEAP, expected), map.tree());
        assertEquals(50, map.pagesHashed());
        assertNull(map.page(5));
        assertSame(map, map.with(file.delta()));
        assertSame(map, map.with(one(700, page(2))));
        file.reads = 0;
        assertArrayEquals(page(2), map.page(700));
        assertArrayEquals(page(2), map.page(700));
        // They are not kept in memory.
        assertEquals(2, file.reads);
        PageMap older = map;
        map = map.with(one(700, page(99)));
        MemoryPageStore store = new MemoryPageStore(new PageCache(1 << 20));
        map.changesSince(null, store).written(store);
        file.reads = 0;
        assertArrayEquals(page(99), map.page(700));
        assertArrayEquals(page(3), map.page(1400));
        assertEquals(0, file.reads);
        // A version that was never written still reads its own.
        assertArrayEquals(page(2), older.page(700));
        assertEquals(1, file.reads);
        PageMap loaded = PageMap.stored(MemoryKind.HEAP, map.tree(), store);
        assertArrayEquals(page(50), loaded.page(49 * 700));
        // The store goes on, and what it overwrites stays readable.
        PageMap next = map.with(one(1400, page(77)));
        next.changesSince(map, store).written(store);
        assertArrayEquals(page(3), map.page(1400));
        assertArrayEquals(page(77), next.page(1400));
    }

    @Test
    void aPageInAFileThatIsNotWhatWasWrittenIsFound() {
        File file = new File();
        file.pages.put(3, page(1));
        PageMap map = PageMap.empty(MemoryKind.HEAP).with(file.delta());
        file.pages.put(3, page(2));
        assertThrows(DamagedPageException.class, () -> map.page(3));
    }

    @Test
    void eachWrittenPageIsHashedOnce() {
        PageMap map = PageMap.empty(MemoryKind.HEAP);
        TreeMap<Integer, byte[]> pages = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            pages.put(i * 31, page(i + 1));
        }
        map = map.with(PageDelta.of(pages));
        map.root(1);
        assertEquals(500, map.pagesHashed());
        map.root(2);
        assertEquals(500, map.pagesHashed());
        PageMap next =
                map.with(one(31, page(7777))).with(one(31, page(8888))).with(one(62, page(9)));
        next.root(1);
        assertEquals(502, next.pagesHashed());
    }

    @Test
    void aStoredMemoryIsReadLazily() {
        MemoryPageStore store = new MemoryPageStore(new PageCache(1 << 20));
        PageMap map = PageMap.empty(MemoryKind.STABLE);
        TreeMap<Integer, byte[]> pages = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            pages.put(i * 1000, page(i + 1));
        }
        map = map.with(PageDelta.of(pages));
        map.changesSince(null, store).written(store);
        PageMap loaded = PageMap.stored(MemoryKind.STABLE, map.tree(), store);
        assertEquals(map.root(5), loaded.root(5));
        assertEquals(0, store.loads());
        assertArrayEquals(page(51), loaded.page(50_000));
        assertEquals(1, store.loads());
        assertEquals(
                map.with(one(50_000, page(2))).tree(), loaded.with(one(50_000, page(2))).tree());
        assertEquals(1, store.loads());
    }

    @Test
    void olderVersionsStayReadableWhenTheStoreMovesOn() {
        Prng prng = Prng.fromProperty();
        // One page of cache: every page leaves memory at once.
        MemoryPageStore store = new MemoryPageStore(new PageCache(PageMap.PAGE_BYTES));
        TreeMap<Integer, byte[]> content = new TreeMap<>();
        PageMap written = null;
        PageMap map = PageMap.empty(MemoryKind.HEAP);
        List<PageMap> versions = new ArrayList<>();
        List<TreeMap<Integer, byte[]>> contents = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            map = map.with(delta(prng, MemoryKind.HEAP, content));
            versions.add(map);
            contents.add(new TreeMap<>(content));
            if (prng.chance(0.4)) {
                map.changesSince(written, store).written(store);
                written = map;
                assertEquals(content.size(), store.size());
                if (prng.chance(0.3)) {
                    map = PageMap.stored(MemoryKind.HEAP, map.tree(), store);
                    written = map;
                    versions.clear();
                    contents.clear();
                }
            }
            for (int v = 0; v < versions.size(); v++) {
                for (Map.Entry<Integer, byte[]> page : contents.get(v).entrySet()) {
                    assertArrayEquals(page.getValue(), versions.get(v).page(page.getKey()));
                }
            }
            if (versions.size() > 8) {
                versions.removeFirst();
                contents.removeFirst();
            }
        }
        PageMap.empty(MemoryKind.HEAP).changesSince(written, store);
        assertEquals(0, store.size());
        assertEquals(0, store.nodes());
    }

    @Test
    void theCacheBoundsWhatStaysInMemory() {
        PageCache cache = new PageCache(8L * PageMap.PAGE_BYTES);
        MemoryPageStore store = new MemoryPageStore(cache);
        TreeMap<Integer, byte[]> pages = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            pages.put(i, page(i + 1));
        }
        PageMap map = PageMap.empty(MemoryKind.HEAP).with(PageDelta.of(pages));
        map.changesSince(null, store).written(store);
        assertEquals(8L * PageMap.PAGE_BYTES, cache.bytes());
        long loads = store.loads();
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(page(i + 1), map.page(i));
        }
        assertTrue(store.loads() - loads >= 92, "only cached pages are not loaded");
        // A page that is read again and again stays.
        long before = store.loads();
        for (int i = 0; i < 100; i++) {
            map.page(7);
            map.page(i);
        }
        assertTrue(store.loads() - before <= 102, "page 7 got its second chances");
    }

    @Test
    void aPageThatIsNotWhatWasWrittenIsFound() {
        MemoryPageStore store = new MemoryPageStore(new PageCache(1 << 20));
        PageMap map = PageMap.empty(MemoryKind.HEAP).with(one(5, page(1)));
        map.changesSince(null, store).written(store);
        PageMap loaded = PageMap.stored(MemoryKind.HEAP, map.tree(), store);
        store.page(5, page(2));
        assertThrows(DamagedPageException.class, () -> loaded.page(5));
        store.page(5, page(1));
        assertArrayEquals(page(1), loaded.page(5));
    }

    @Test
    void onlyChangedPagesAndTheirPathsAreReported() {
        TreeMap<Integer, byte[]> pages = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            pages.put(i, page(i + 1));
        }
        PageMap before = PageMap.empty(MemoryKind.HEAP).with(PageDelta.of(pages));
        PageMap after = before.with(one(17, page(5000))).with(one(18, page(5001)));
        List<String> reported = new ArrayList<>();
        PageMap.Flush flush =
                after.changesSince(
                        before,
                        new PageStore.Sink() {
                            @Override
                            public void page(int index, byte[] page) {
                                reported.add("page " + index);
                            }

                            @Override
                            public void node(int level, int index, byte[] node) {
                                reported.add("node " + level + "/" + index);
                            }
                        });
        assertEquals(2, flush.pages());
        assertEquals(2, after.pagesChangedSince(before));
        assertEquals(
                List.of(
                        "page 17",
                        "page 18",
                        "node 1/1",
                        "node 2/0",
                        "node 3/0",
                        "node 4/0",
                        "node 5/0"),
                reported);
        assertTrue(after.isVersionOf(before));
        assertTrue(!PageMap.empty(MemoryKind.HEAP).isVersionOf(PageMap.empty(MemoryKind.HEAP)));
    }

    @Test
    void readersSeeTheirVersionWhileTheStoreMovesOn() throws Exception {
        MemoryPageStore store = new MemoryPageStore(new PageCache(4L * PageMap.PAGE_BYTES));
        int pages = 64;
        TreeMap<Integer, byte[]> start = new TreeMap<>();
        for (int i = 0; i < pages; i++) {
            start.put(i, page(1));
        }
        PageMap map = PageMap.empty(MemoryKind.HEAP).with(PageDelta.of(start));
        map.changesSince(null, store).written(store);
        AtomicReference<PageMap> newest = new AtomicReference<>(map);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<Boolean> done = new AtomicReference<>(false);
        List<Thread> readers = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            Thread reader =
                    new Thread(() -> {
                        try {
                            while (!done.get()) {
                                PageMap seen = newest.get();
                                byte[] first = seen.page(0);
                                for (int i = 1; i < pages; i++) {
                                    assertArrayEquals(first, seen.page(i));
                                }
                            }
                        } catch (Throwable e) {
                            failure.set(e);
                        }
                    });
            reader.start();
            readers.add(reader);
        }
        for (int version = 2; version < 300 && failure.get() == null; version++) {
            TreeMap<Integer, byte[]> delta = new TreeMap<>();
            for (int i = 0; i < pages; i++) {
                delta.put(i, page(version));
            }
            PageMap next = map.with(PageDelta.of(delta));
            newest.set(next);
            next.changesSince(map, store).written(store);
            map = next;
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertNull(failure.get());
    }

    private static PageDelta delta(Prng prng, MemoryKind kind, TreeMap<Integer, byte[]> content) {
        PageDelta.Builder builder = new PageDelta.Builder();
        int bound = prng.chance(0.5) ? 300 : kind.pagesMax();
        for (int i = prng.below(12); i > 0; i--) {
            int index = prng.below(bound);
            if (prng.chance(0.3) && !content.isEmpty()) {
                index = content.firstKey();
            }
            byte[] page = prng.chance(0.2) ? null : page(1 + prng.below(1000));
            builder.put(index, page == null ? null : page.clone());
            if (page == null) {
                content.remove(index);
            } else {
                content.put(index, page);
            }
        }
        return builder.build();
    }

    private static TreeMap<Integer, byte[]> copies(TreeMap<Integer, byte[]> pages) {
        TreeMap<Integer, byte[]> copies = new TreeMap<>();
        pages.forEach((index, page) -> copies.put(index, page.clone()));
        return copies;
    }

    private static PageDelta one(int index, byte[] page) {
        return new PageDelta.Builder().put(index, page).build();
    }

    private static byte[] page(int seed) {
        byte[] page = new byte[PageMap.PAGE_BYTES];
        ByteBuffer.wrap(page).putInt(0, seed).putInt(4000, ~seed);
        return page;
    }

    /// The tree's digest straight from the rule.
    private static Digest tree(MemoryKind kind, TreeMap<Integer, byte[]> pages) {
        TreeMap<Integer, Digest> level = new TreeMap<>();
        pages.forEach((index, page) -> level.put(index, Sha256.of(new byte[] {0}, page)));
        Digest zero = Sha256.of(new byte[] {0}, new byte[PageMap.PAGE_BYTES]);
        for (int l = 1; l <= kind.depth(); l++) {
            TreeMap<Integer, Digest> above = new TreeMap<>();
            for (int index : level.keySet()) {
                if (!above.containsKey(index >> 4)) {
                    ByteArrayOutputStream node = new ByteArrayOutputStream();
                    node.write(1);
                    node.write(l);
                    for (int i = 0; i < 16; i++) {
                        node.writeBytes(level.getOrDefault((index >> 4 << 4) + i, zero).toBytes());
                    }
                    above.put(index >> 4, Sha256.of(node.toByteArray()));
                }
            }
            byte[][] zeros = new byte[17][];
            Arrays.fill(zeros, zero.toBytes());
            zeros[0] = new byte[] {1, (byte) l};
            zero = Sha256.of(zeros);
            level.clear();
            level.putAll(above);
        }
        return level.getOrDefault(0, zero);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
