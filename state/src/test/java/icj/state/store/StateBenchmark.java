package icj.state.store;

import icj.state.model.MemoryKind;
import icj.state.model.PageDelta;
import icj.state.model.PageMap;
import icj.state.tree.LabelTree;
import icj.state.tree.SortedTrie;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Costs of the trees and the stores, printed. By hand: run the main method with a directory.
final class StateBenchmark {
    private static final int MEMORY_PAGES = 16_384;

    private StateBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "bench");
        for (int round = 0; round < 3; round++) {
            System.out.println("-- round " + round);
            tries();
            hashing();
            journal(directory.resolve("journal" + round), 64);
            journal(directory.resolve("journal4k" + round), 4096);
            purged(directory.resolve("purged" + round));
            flushes(directory.resolve("state" + round), 20);
            flushes(directory.resolve("large" + round), 4000);
            System.out.println("resident " + resident());
        }
    }

    private static void tries() {
        Prng prng = Prng.of(1);
        List<Blob> keys = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            keys.add(Blob.owning(prng.bytes(32)));
        }
        SortedTrie<Blob> trie = SortedTrie.empty();
        long start = System.nanoTime();
        for (Blob key : keys) {
            trie = trie.with(key, key);
        }
        print("trie: with, 100,000 keys", start, keys.size());
        start = System.nanoTime();
        for (Blob key : keys) {
            trie.get(key);
        }
        print("trie: get", start, keys.size());
        LabelTree tree = LabelTree.EMPTY;
        for (Blob key : keys) {
            tree = tree.with(key, key);
        }
        start = System.nanoTime();
        tree.digest();
        print("label tree: digest of a new leaf in bulk", start, keys.size());
        start = System.nanoTime();
        for (int i = 0; i < 2000; i++) {
            tree = tree.with(keys.get(i), keys.get(i + 1));
            tree.digest();
        }
        print("label tree: change one of 100,000 leaves and its digests", start, 2000);
        start = System.nanoTime();
        for (int i = 0; i < 2000; i++) {
            tree.witness(List.of(List.of(keys.get(i))));
        }
        print("label tree: witness of one of 100,000 leaves", start, 2000);
    }

    private static void hashing() {
        PageMap map = filled(0);
        map.root(1);
        int pages = 2000;
        long start = System.nanoTime();
        PageMap changed = map.with(delta(1, pages));
        print("page map: with, per changed page", start, pages);
        start = System.nanoTime();
        changed.root(1);
        print("page map: root after 2,000 changes, per page", start, pages);
        start = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            changed = changed.with(new PageDelta.Builder().put(i, page(7, i)).build());
            changed.root(1);
        }
        print("page map: one page changed and root", start, 1000);
        start = System.nanoTime();
        for (int i = 0; i < MEMORY_PAGES; i++) {
            changed.page(i);
        }
        print("page map: read a page in memory", start, MEMORY_PAGES);
    }

    private static void journal(Path directory, int size) throws Exception {
        try (RocksJournal journal =
                RocksJournal.open(
                        directory,
                        Digest.ZERO,
                        Limits.STANDARD,
                        System.out::println,
                        nanos -> {})) {
            Blob value = Blob.owning(Prng.of(1).bytes(size));
            int writes = 300;
            long start = System.nanoTime();
            for (int i = 0; i < writes; i++) {
                Blob key = Blob.owning(ByteBuffer.allocate(4).putInt(i).array());
                journal.write(List.of(new RocksJournal.Change.Put(key, value)));
            }
            print("journal: synced write of " + size + " bytes", start, writes);
        }
    }

    /// Records of 16 KiB of which the newest 1,000 are kept: what stays on disk, and opening it.
    private static void purged(Path directory) throws Exception {
        int records = 10_000;
        int kept = 1_000;
        long start = System.nanoTime();
        try (RocksJournal journal = journal(directory)) {
            print("journal: make", start, 1);
            Blob value = Blob.owning(Prng.of(1).bytes(16 << 10));
            List<RocksJournal.Change> changes = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                changes.add(new RocksJournal.Change.Put(number(i), value));
                if (i % 100 == 99) {
                    if (i > kept) {
                        changes.add(
                                new RocksJournal.Change.DeleteRange(number(0), number(i - kept)));
                    }
                    journal.write(changes);
                    changes.clear();
                }
            }
        }
        long bytes = 0;
        for (Path file : JournalFiles.all(directory, "")) {
            bytes += Files.size(file);
        }
        System.out.printf("journal: %,d bytes on disk for %,d%n", bytes, kept * (16 << 10));
        start = System.nanoTime();
        try (RocksJournal journal = journal(directory)) {
            print("journal: open", start, 1);
            int[] count = new int[1];
            start = System.nanoTime();
            journal.scan(Blob.EMPTY, null, (key, value) -> count[0]++);
            print("journal: scan of " + count[0], start, 1);
        }
    }

    private static RocksJournal journal(Path directory) throws StoreException {
        return RocksJournal.open(
                directory, Digest.ZERO, Limits.STANDARD, System.out::println, nanos -> {});
    }

    private static Blob number(int number) {
        return Blob.owning(ByteBuffer.allocate(4).putInt(number).array());
    }

    private static void flushes(Path directory, int pages) throws Exception {
        try (RocksStateStore<ToyState> store =
                RocksStateStore.open(
                        directory,
                        Digest.ZERO,
                        ToyState.LAYOUT,
                        Limits.STANDARD,
                        System.out::println)) {
            store.load();
            Blob key = Blob.owning(new byte[] {1});
            PageMap heap = filled(0);
            ToyState state = ToyState.EMPTY.next().with(key, item(heap));
            state.root();
            long start = System.nanoTime();
            store.offer(state);
            store.flush();
            print("state: first flush of 64 MiB, per page", start, MEMORY_PAGES);
            int flushes = 20;
            long total = 0;
            for (int i = 0; i < flushes; i++) {
                heap = heap.with(delta(i + 2, pages));
                state = state.next().with(key, item(heap));
                state.root();
                long begin = System.nanoTime();
                store.offer(state);
                store.flush();
                total += System.nanoTime() - begin;
            }
            long each = total / flushes;
            System.out.printf(
                    "state: flush of %d scattered pages: %,d us, %.1f us a page, %.2f bytes a"
                            + " byte%n",
                    pages,
                    each / 1000,
                    each / 1e3 / pages,
                    (store.statistics().bytes() - (double) MEMORY_PAGES * 4700)
                            / ((double) flushes * pages * 4096));
        }
        try (RocksStateStore<ToyState> store =
                RocksStateStore.open(
                        directory,
                        Digest.ZERO,
                        ToyState.LAYOUT,
                        Limits.STANDARD,
                        System.out::println)) {
            long start = System.nanoTime();
            ToyState state = store.load();
            print("state: load", start, 1);
            PageMap heap = state.items().first().value().heap();
            start = System.nanoTime();
            for (int i = 0; i < MEMORY_PAGES; i++) {
                heap.page(i * 7919 % MEMORY_PAGES);
            }
            print("state: read a page from disk's cache, scattered", start, MEMORY_PAGES);
        }
    }

    private static ToyState.Item item(PageMap heap) {
        return new ToyState.Item(Blob.EMPTY, heap, PageMap.empty(MemoryKind.STABLE));
    }

    private static PageMap filled(int seed) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = 0; i < MEMORY_PAGES; i++) {
            delta.put(i, page(seed, i));
        }
        return PageMap.empty(MemoryKind.HEAP).with(delta.build());
    }

    private static PageDelta delta(int seed, int pages) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = 0; i < pages; i++) {
            delta.put((int) ((long) i * 7919 * (seed + 1) % MEMORY_PAGES), page(seed, i));
        }
        return delta.build();
    }

    private static byte[] page(int seed, int index) {
        return Prng.of((long) seed << 32 | index).bytes(PageMap.PAGE_BYTES);
    }

    private static String resident() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS")) {
                return line;
            }
        }
        return "unknown";
    }

    private static void print(String what, long start, int times) {
        System.out.printf("%s: %.2f us%n", what, (System.nanoTime() - start) / 1e3 / times);
    }
}
