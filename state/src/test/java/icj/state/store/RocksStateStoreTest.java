package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.state.model.DamagedPageException;
import icj.state.model.MemoryKind;
import icj.state.model.PageDelta;
import icj.state.model.PageMap;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class RocksStateStoreTest {
    private static final Digest NETWORK = Digest.fromHex("cd".repeat(32));

    /// Small enough that pages leave memory and batches are split.
    private static final Limits SMALL =
            new Limits(
                    16L * PageMap.PAGE_BYTES,
                    Duration.ofHours(1),
                    Duration.ofHours(1),
                    0,
                    1 << 20,
                    2 << 20,
                    16 << 10,
                    1 << 20,
                    1 << 20,
                    32,
                    16 << 10);

    private final List<String> failures = new ArrayList<>();

    @TempDir Path directory;

    @Test
    void whatWasWrittenIsLoaded() throws Exception {
        Prng prng = Prng.fromProperty();
        ToyState state = null;
        Content content = null;
        for (int opening = 0; opening < 5; opening++) {
            try (RocksStateStore<ToyState> store = open()) {
                ToyState loaded = store.load();
                if (state == null) {
                    assertNull(loaded);
                    loaded = ToyState.EMPTY;
                } else {
                    assertEquals(content, Content.of(loaded));
                }
                state = loaded;
                List<ToyState> recent = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    state = step(prng, state);
                    recent.add(state);
                    store.offer(state);
                    if (prng.chance(0.3)) {
                        store.flush();
                        assertEquals(state.height(), store.writtenHeight());
                        assertEquals(0, store.dirtyBytes());
                    }
                    if (recent.size() > 4) {
                        recent.removeFirst();
                    }
                    // Older states stay readable whatever was written since.
                    recent.forEach(RocksStateStoreTest::readAll);
                }
                content = Content.of(state);
            }
            assertEquals(List.of(), failures);
        }
    }

    @Test
    void aKilledProcessLeavesAStateThatItWrote() throws Exception {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 3; round++) {
            long seed = prng.bits();
            Path path = directory.resolve("killed" + round);
            Process victim =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Victim.class.getName(),
                                    path.toString(),
                                    Long.toString(seed))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            long told = 0;
            BufferedReader lines = victim.inputReader();
            for (int flushes = 1 + prng.below(20); flushes > 0; flushes--) {
                told = Long.parseLong(lines.readLine());
            }
            victim.destroyForcibly().waitFor();
            try (RocksStateStore<ToyState> store = open(path)) {
                ToyState loaded = store.load();
                assertTrue(loaded.height().value() >= told);
                Prng again = Prng.of(seed);
                ToyState expected = ToyState.EMPTY;
                while (loaded.height().isAbove(expected.height())) {
                    expected = step(again, expected);
                }
                assertEquals(Content.of(expected), Content.of(loaded));
            }
        }
    }

    /// Writes states of a seed and tells each height that is on disk, until it is killed.
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            Prng prng = Prng.of(Long.parseLong(arguments[1]));
            try (RocksStateStore<ToyState> store =
                    RocksStateStore.open(
                            Path.of(arguments[0]),
                            NETWORK,
                            ToyState.LAYOUT,
                            SMALL,
                            System.err::println)) {
                store.load();
                ToyState state = ToyState.EMPTY;
                for (int i = 0; i < 100_000; i++) {
                    state = step(prng, state);
                    store.offer(state);
                    if (i % 3 == 0) {
                        store.flush();
                        System.out.println(state.height());
                    }
                }
            }
        }
    }

    @Test
    void pagesAreReadWhenTheyAreNeededOnly() throws Exception {
        ToyState state = ToyState.EMPTY.next();
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = 0; i < 500; i++) {
            delta.put(i * 7, page(i + 1));
        }
        state =
                state.with(
                        text("big"),
                        new ToyState.Item(
                                text("x"),
                                PageMap.empty(MemoryKind.HEAP).with(delta.build()),
                                PageMap.empty(MemoryKind.STABLE)));
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            store.offer(state);
        }
        try (RocksStateStore<ToyState> store = open()) {
            ToyState loaded = store.load();
            PageMap heap = loaded.items().get(text("big")).heap();
            assertEquals(0, heap.pagesHashed());
            assertArrayEquals(page(31), heap.page(210));
            // Changing one page needs its siblings' digests, not their bytes.
            ToyState next =
                    loaded.next()
                            .with(
                                    text("big"),
                                    new ToyState.Item(
                                            text("x"),
                                            heap.with(
                                                    new PageDelta.Builder()
                                                            .put(7, page(9))
                                                            .build()),
                                            loaded.items().get(text("big")).stable()));
            next.root();
            assertEquals(1, heap.pagesHashed());
            store.offer(next);
            store.flush();
            assertEquals(1, store.statistics().pages());
        }
    }

    @Test
    void theLayersOfRemovedMemoriesAreDeleted() throws Exception {
        ToyState state = ToyState.EMPTY.next();
        for (int i = 0; i < 5; i++) {
            state = state.with(text("c" + i), item(i, 50));
        }
        Content content;
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            store.offer(state);
            store.flush();
            ToyState before = state;
            // One is removed, one gets another memory, both at once.
            state = state.next().without(text("c1")).with(text("c2"), item(77, 3));
            store.offer(state);
            store.flush();
            // Whoever still holds the state before can read it.
            readAll(before);
            content = Content.of(state);
        }
        try (RocksStateStore<ToyState> store = open()) {
            ToyState loaded = store.load();
            assertEquals(content, Content.of(loaded));
            store.offer(loaded.next());
        }
        assertEquals(3 * 50 + 3, pagesOnDisk());
    }

    @Test
    void writesByItselfWhenMuchHasChanged() throws Exception {
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            ToyState state = ToyState.EMPTY;
            for (int i = 0; i < 40; i++) {
                state = state.next().with(text("c" + i), item(i, 40));
                store.offer(state);
                store.awaitRoom();
                assertTrue(store.dirtyBytes() < SMALL.dirtyBytesMax());
            }
            assertTrue(store.statistics().flushes() > 0);
        }
    }

    /// A node without work writes its height every two seconds for as long as it runs.
    @Test
    void flushesWithoutEndTakeNoMoreAndMoreRoom() throws Exception {
        Prng prng = Prng.fromProperty();
        ToyState state = ToyState.EMPTY;
        Path files = directory.resolve("state");
        long early = 0;
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            for (int i = 1; i <= 400; i++) {
                if (i <= 20) {
                    state = step(prng, state);
                }
                state = state.next();
                store.offer(state);
                store.flush();
                if (i == 100) {
                    early = JournalFiles.bytes(files);
                }
            }
            long late = JournalFiles.bytes(files);
            assertTrue(late <= early + 2 * SMALL.manifestBytesMax(), early + " became " + late);
        }
    }

    @Test
    void writesByItselfAfterAWhile() throws Exception {
        try (RocksStateStore<ToyState> store = open(byTheClock(Duration.ofMillis(20), 0))) {
            store.load();
            store.offer(ToyState.EMPTY.next().with(text("a"), item(1, 1)));
            while (store.writtenHeight() == null) {
                Thread.onSpinWait();
            }
            assertEquals(new Height(1), store.writtenHeight());
        }
    }

    @Test
    void whileLittleHasChangedItWaitsForMore() throws Exception {
        try (RocksStateStore<ToyState> store = open(byTheClock(Duration.ZERO, 2_000))) {
            store.load();
            ToyState state = ToyState.EMPTY;
            for (int round = 1; round <= 50; round++) {
                state = state.next();
                store.offer(state);
                state = state.next().with(text("c" + round), item(round, 1));
                store.offer(state);
                while (!state.height().equals(store.writtenHeight())) {
                    Thread.onSpinWait();
                }
                assertEquals(round, store.statistics().flushes(), "one flush for both heights");
            }
        }
    }

    private static Limits byTheClock(Duration flushInterval, long quietBytes) {
        return new Limits(
                1 << 20,
                flushInterval,
                Duration.ofHours(1),
                quietBytes,
                1 << 20,
                2 << 20,
                4096,
                4096,
                4096,
                32,
                1 << 20);
    }

    @Test
    void aSmallStateTakesLittleDiskSpace() throws Exception {
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            store.offer(ToyState.EMPTY.next().with(text("a"), item(1, 1)));
            store.flush();
            Process du =
                    new ProcessBuilder("du", "-sk", directory.resolve("state").toString()).start();
            String kib = new String(du.getInputStream().readAllBytes()).split("\\s")[0];
            assertTrue(Integer.parseInt(kib) < 1024, kib + " KiB");
        }
    }

    @Test
    void lowerHeightsAreIgnored() throws Exception {
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            ToyState first = ToyState.EMPTY.next();
            store.offer(first.next().with(text("a"), item(1, 1)));
            store.offer(first);
            store.flush();
            assertEquals(new Height(2), store.writtenHeight());
        }
    }

    @Test
    void anotherNetworkOrANewerFormatIsRefused() throws Exception {
        open().close();
        StoreException e =
                assertThrows(
                        StoreException.class,
                        () ->
                                RocksStateStore.open(
                                        directory.resolve("state"),
                                        Digest.ZERO,
                                        ToyState.LAYOUT,
                                        SMALL,
                                        failures::add));
        assertEquals(StoreException.Reason.OTHER_NETWORK, e.reason());
    }

    @Test
    void aChangedRecordIsFoundByTheRoot() throws Exception {
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            store.offer(ToyState.EMPTY.next().with(text("a"), item(1, 1)));
        }
        byte[] key = StateKeys.record((byte) 1, text("a"));
        tamper(db -> {
            byte[] record = db.get(key);
            record[record.length - 1] ^= 1;
            db.put(key, record);
        });
        try (RocksStateStore<ToyState> store = open()) {
            StoreException e = assertThrows(StoreException.class, store::load);
            assertEquals(StoreException.Reason.DAMAGED, e.reason());
        }
    }

    @Test
    void aHalfWrittenStateIsRefused() throws Exception {
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            store.offer(ToyState.EMPTY.next().with(text("a"), item(1, 1)));
        }
        tamper(db -> db.put(StateKeys.WRITING, new byte[0]));
        try (RocksStateStore<ToyState> store = open()) {
            assertEquals(
                    StoreException.Reason.DAMAGED,
                    assertThrows(StoreException.class, store::load).reason());
        }
    }

    @Test
    void aDamagedPageIsFoundWhenItIsRead() throws Exception {
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            store.offer(ToyState.EMPTY.next().with(text("a"), item(1, 10)));
        }
        byte[] key = StateKeys.node(1, MemoryKind.HEAP, 0, 5);
        tamper(db -> db.put(key, page(4711)));
        try (RocksStateStore<ToyState> store = open()) {
            PageMap heap = store.load().items().get(text("a")).heap();
            heap.page(4);
            assertThrows(DamagedPageException.class, () -> heap.page(5));
        }
    }

    @Test
    void aFailureInTheBackgroundIsReported() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        RocksStateStore<ToyState> store =
                RocksStateStore.open(
                        directory.resolve("state"),
                        NETWORK,
                        ToyState.LAYOUT,
                        SMALL,
                        message -> reported.countDown());
        store.load();
        // Without its directory the library can't make a file.
        JournalFiles.delete(directory.resolve("state"));
        Files.delete(directory.resolve("state"));
        store.offer(ToyState.EMPTY.next().with(text("a"), item(1, 10)));
        assertThrows(StoreFailedException.class, store::flush);
        assertTrue(reported.await(60, TimeUnit.SECONDS));
        assertThrows(StoreFailedException.class, store::flush);
        store.close();
    }

    @Test
    void aChangedByteInAFileIsFoundOrHarmless() throws Exception {
        Prng prng = Prng.fromProperty();
        ToyState state = ToyState.EMPTY;
        Content content;
        try (RocksStateStore<ToyState> store = open()) {
            store.load();
            for (int i = 0; i < 10; i++) {
                state = step(prng, state);
            }
            store.offer(state);
            store.flush();
            content = Content.of(state);
        }
        List<Path> tables = JournalFiles.all(directory.resolve("state"), ".sst");
        int found = 0;
        for (int i = 0; i < 30; i++) {
            Path copy =
                    JournalFiles.copy(directory.resolve("state"), directory.resolve("flip" + i));
            Path table = copy.resolve(prng.pick(tables).getFileName());
            try (RandomAccessFile bytes = new RandomAccessFile(table.toFile(), "rw")) {
                bytes.seek(prng.between(0, Files.size(table) - 1));
                int old = bytes.read();
                bytes.seek(bytes.getFilePointer() - 1);
                bytes.write(old ^ 1);
            }
            try (RocksStateStore<ToyState> store = open(copy)) {
                assertEquals(content, Content.of(store.load()));
            } catch (StoreException | DamagedPageException | StoreFailedException e) {
                found++;
            }
        }
        assertTrue(found > 20, "only " + found + " of 30 were found");
    }

    private static ToyState step(Prng prng, ToyState state) {
        ToyState next = state.next();
        for (int i = prng.below(4); i > 0; i--) {
            Blob key = text("canister" + prng.below(8));
            ToyState.Item old = next.items().get(key);
            if (old == null || prng.chance(0.1)) {
                next = next.with(key, item(prng.below(1000), prng.below(60)));
            } else if (prng.chance(0.1)) {
                next = next.without(key);
            } else if (prng.chance(0.1)) {
                // As by loading a snapshot: a memory gets the version of another one.
                ToyState.Item other = next.items().first().value();
                next = next.with(key, new ToyState.Item(old.value(), other.heap(), old.stable()));
            } else {
                next =
                        next.with(
                                key,
                                new ToyState.Item(
                                        text("value" + prng.below(100)),
                                        old.heap().with(delta(prng, 100)),
                                        old.stable().with(delta(prng, 1_000_000))));
            }
        }
        return next;
    }

    private static PageDelta delta(Prng prng, int bound) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = prng.below(5); i > 0; i--) {
            delta.put(prng.below(bound), prng.chance(0.2) ? null : page(1 + prng.below(999)));
        }
        return delta.build();
    }

    private static ToyState.Item item(int seed, int pages) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = 0; i < pages; i++) {
            delta.put(i, page(seed * 1000 + i + 1));
        }
        return new ToyState.Item(
                text("item" + seed),
                PageMap.empty(MemoryKind.HEAP).with(delta.build()),
                PageMap.empty(MemoryKind.STABLE));
    }

    /// What a state holds, to compare with when its store is closed.
    private record Content(Height height, Digest root, TreeMap<String, Integer> pages) {
        static Content of(ToyState state) {
            return new Content(state.height(), state.root(), readAll(state));
        }
    }

    /// Every page by item, memory and number; reading checks the bytes against their digests.
    private static TreeMap<String, Integer> readAll(ToyState state) {
        TreeMap<String, Integer> pages = new TreeMap<>();
        state.items()
                .forEach(item -> {
                    for (int i = 0; i < 100; i++) {
                        put(pages, item.key() + "/heap/" + i, item.value().heap().page(i));
                        put(pages, item.key() + "/st/" + i, item.value().stable().page(i));
                    }
                });
        return pages;
    }

    private static void put(TreeMap<String, Integer> pages, String key, byte[] page) {
        if (page != null) {
            pages.put(key, ByteBuffer.wrap(page).getInt());
        }
    }

    private RocksStateStore<ToyState> open() throws StoreException {
        return open(directory.resolve("state"));
    }

    private RocksStateStore<ToyState> open(Path path) throws StoreException {
        return RocksStateStore.open(path, NETWORK, ToyState.LAYOUT, SMALL, failures::add);
    }

    private RocksStateStore<ToyState> open(Limits limits) throws StoreException {
        return RocksStateStore.open(
                directory.resolve("state"), NETWORK, ToyState.LAYOUT, limits, failures::add);
    }

    private int pagesOnDisk() throws Exception {
        int[] pages = new int[1];
        tamper(db -> {
            try (var entries = db.newIterator()) {
                for (entries.seek(StateKeys.layer(0)); entries.isValid(); entries.next()) {
                    if (StateKeys.isLayer(entries.key()) && entries.key()[10] == 0) {
                        pages[0]++;
                    }
                }
            }
        });
        return pages[0];
    }

    @FunctionalInterface
    private interface Tampering {
        void with(RocksDB db) throws Exception;
    }

    private void tamper(Tampering tampering) throws Exception {
        try (Options options = new Options();
                RocksDB db = RocksDB.open(options, directory.resolve("state").toString())) {
            tampering.with(db);
        }
    }

    private static byte[] page(int seed) {
        byte[] page = new byte[PageMap.PAGE_BYTES];
        ByteBuffer.wrap(page).putInt(0, seed).putInt(4000, ~seed);
        return page;
    }

    private static Blob text(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
