package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.state.store.RocksJournal.Change;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Journals of tests and their files.
final class JournalFiles {
    static final Digest NETWORK = Digest.fromHex("ab".repeat(32));

    private JournalFiles() {}

    /// A copy of a journal that was not closed, and what it held after each write. One write in
    /// three is synced, the last among them.
    static Path crashed(Path directory, List<TreeMap<Blob, Blob>> states, int writes)
            throws Exception {
        Path live = directory.resolve("live");
        Prng prng = Prng.fromProperty();
        TreeMap<Blob, Blob> expected = new TreeMap<>();
        states.add(new TreeMap<>(expected));
        try (RocksJournal journal = open(live)) {
            for (int i = 0; i < writes; i++) {
                List<Change> changes = changes(prng, expected);
                Blob counter = Blob.of(ByteBuffer.allocate(4).putInt(i).array());
                changes.add(new Change.Put(text("counter"), counter));
                expected.put(text("counter"), counter);
                if (i % 3 == (writes - 1) % 3) {
                    journal.write(changes);
                } else {
                    journal.append(changes);
                }
                states.add(new TreeMap<>(expected));
            }
            return copy(live, directory.resolve("crashed"));
        }
    }

    /// The bytes of all files in a directory.
    static long bytes(Path directory) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                sum += size(file);
            }
        }
        return sum;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // The library has merged it with another meanwhile.
            return 0;
        }
    }

    /// Up to four changes, made to `expected` too.
    static List<Change> changes(Prng prng, TreeMap<Blob, Blob> expected) {
        List<Change> changes = new ArrayList<>();
        for (int i = 1 + prng.below(4); i > 0; i--) {
            Blob key = text("key" + prng.below(30));
            double dice = prng.below(100) / 100.0;
            if (dice < 0.7) {
                Blob value = Blob.of(prng.bytes(prng.below(600)));
                changes.add(new Change.Put(key, value));
                expected.put(key, value);
            } else if (dice < 0.9) {
                changes.add(new Change.Delete(key));
                expected.remove(key);
            } else {
                Blob to = text("key" + prng.below(30));
                if (key.compareTo(to) < 0) {
                    changes.add(new Change.DeleteRange(key, to));
                    expected.subMap(key, to).clear();
                }
            }
        }
        return changes;
    }

    static TreeMap<Blob, Blob> content(RocksJournal journal) throws StoreException {
        TreeMap<Blob, Blob> content = new TreeMap<>();
        journal.scan(Blob.EMPTY, null, content::put);
        return content;
    }

    static RocksJournal open(Path directory) throws StoreException {
        return RocksJournal.open(
                directory,
                NETWORK,
                Limits.STANDARD,
                JournalFiles::unexpected,
                nanos -> assertTrue(nanos > 0));
    }

    /// The file of a small journal's log.
    static Path log(Path directory) {
        return SyncedLog.file(directory, 0);
    }

    /// Where its last record ends, without the zeros that fill it up.
    static long end(Path directory) throws IOException {
        byte[] bytes = Files.readAllBytes(log(directory));
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    static void unexpected(String message) {
        throw new AssertionError(message);
    }

    static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 0x40);
        }
    }

    static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : all(from, "")) {
            Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        return to;
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            for (Path file : all(folder, "")) {
                Files.delete(file);
            }
        }
    }

    static Path only(Path folder, String ending) throws IOException {
        List<Path> files = all(folder, ending);
        assertEquals(1, files.size(), files.toString());
        return files.getFirst();
    }

    static List<Path> all(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> Files.isRegularFile(f) && f.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    static Blob text(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
