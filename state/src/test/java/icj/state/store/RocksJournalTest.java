package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.state.store.RocksJournal.Change;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.FlushOptions;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

final class RocksJournalTest {
    @TempDir Path directory;

    /// Whoever still reads while a node ends gets an exception: the library would crash the
    /// process.
    @Test
    void readsNothingOnceItIsClosed() throws Exception {
        RocksJournal journal = JournalFiles.open(directory);
        journal.close();
        assertThrows(
                IllegalStateException.class, () -> journal.scan(Blob.EMPTY, null, (_, _) -> {}));
    }

    @Test
    void keepsWhatWasWritten() throws Exception {
        TreeMap<Blob, Blob> expected = new TreeMap<>();
        Prng prng = Prng.fromProperty();
        for (int opening = 0; opening < 4; opening++) {
            try (RocksJournal journal = JournalFiles.open(directory)) {
                assertEquals(opening == 0, journal.isNew());
                assertEquals(expected, JournalFiles.content(journal));
                for (int i = 0; i < 40; i++) {
                    journal.write(JournalFiles.changes(prng, expected));
                }
                assertEquals(expected, JournalFiles.content(journal));
                if (!expected.isEmpty()) {
                    assertEquals(
                            expected.firstEntry().getValue(), journal.get(expected.firstKey()));
                }
                assertNull(journal.get(JournalFiles.text("no such key")));
            }
        }
    }

    @Test
    void takesAJournalOfFormat2Over() throws Exception {
        try (RocksFiles files = format(2);
                WriteBatch marks = new WriteBatch();
                WriteBatch record = new WriteBatch();
                WriteOptions options = new WriteOptions();
                FlushOptions flush = new FlushOptions();
                SyncedLog log =
                        SyncedLog.open(
                                directory,
                                SyncedLog.FORMAT_2,
                                0,
                                SyncedLog.FILE_BYTES,
                                (_, _) -> {})) {
            RocksFiles.putApplied(marks, 0);
            files.read(db -> {
                db.write(options, marks);
                db.flush(flush);
                return true;
            });
            RocksFiles.putApplied(record, 1);
            record.put(new byte[] {1, 'k'}, new byte[] {'v'});
            log.append(record.data());
            log.sync();
        }
        for (int opening = 0; opening < 3; opening++) {
            try (RocksJournal journal = JournalFiles.open(directory)) {
                assertEquals(JournalFiles.text("v"), journal.get(JournalFiles.text("k")));
                journal.write(
                        List.of(
                                new Change.Put(
                                        JournalFiles.text("later"),
                                        JournalFiles.text("" + opening))));
            }
        }
        StoreException e = assertThrows(StoreException.class, () -> format(2).close());
        assertEquals(StoreException.Reason.NEWER_FORMAT, e.reason());
    }

    private RocksFiles format(int format) throws StoreException {
        return RocksFiles.open(
                directory,
                new RocksFiles.Identity(format, JournalFiles.NETWORK),
                Limits.STANDARD,
                (options, table) -> {},
                JournalFiles::unexpected);
    }

    @Test
    void scansAPartInOrder() throws Exception {
        try (RocksJournal journal = JournalFiles.open(directory)) {
            journal.write(
                    List.of(
                            new Change.Put(JournalFiles.text("b2"), JournalFiles.text("2")),
                            new Change.Put(JournalFiles.text("b1"), JournalFiles.text("1")),
                            new Change.Put(JournalFiles.text("a"), JournalFiles.text("0")),
                            new Change.Put(JournalFiles.text("c"), JournalFiles.text("3"))));
            List<String> seen = new ArrayList<>();
            journal.scan(
                    JournalFiles.text("b"),
                    JournalFiles.text("c"),
                    (key, value) -> seen.add(key + "=" + value));
            assertEquals(
                    List.of(
                            JournalFiles.text("b1") + "=" + JournalFiles.text("1"),
                            JournalFiles.text("b2") + "=" + JournalFiles.text("2")),
                    seen);
        }
    }

    @Test
    void tellsHowLongEachWriteTook() throws Exception {
        List<Long> nanos = new ArrayList<>();
        try (RocksJournal journal =
                RocksJournal.open(
                        directory,
                        JournalFiles.NETWORK,
                        Limits.STANDARD,
                        JournalFiles::unexpected,
                        nanos::add)) {
            journal.write(List.of(new Change.Put(JournalFiles.text("a"), JournalFiles.text("0"))));
            journal.append(List.of(new Change.Put(JournalFiles.text("b"), JournalFiles.text("1"))));
            journal.write(List.of());
        }
        assertEquals(2, nanos.size());
    }

    /// A chain that grows above and is purged below, as that of a network that runs for ever.
    @Test
    void aPurgedChainTakesNoMoreAndMoreRoom() throws Exception {
        Path files = directory.resolve("journal");
        byte[] block = new byte[64 << 10];
        long most = 0;
        try (RocksJournal journal = JournalFiles.open(files)) {
            for (int height = 0; height < 2_000; height++) {
                journal.write(List.of(new Change.Put(key(height), Blob.of(block))));
                if (height % 64 == 0 && height >= 128) {
                    journal.write(List.of(new Change.DeleteRange(key(0), key(height - 64))));
                }
                if (height % 100 == 0) {
                    most = Math.max(most, JournalFiles.bytes(files));
                }
            }
        }
        // 128 MiB were written; 8 MiB are current, the rest is what the library has not merged yet.
        assertTrue(most < 64 << 20, "the journal took " + most + " bytes");
    }

    private static Blob key(int height) {
        return Blob.of(ByteBuffer.allocate(Integer.BYTES).putInt(height).array());
    }

    @Test
    void whatWasAppendedMayBeLostWithThePowerButNothingThatWasSynced() throws Exception {
        Path live = directory.resolve("live");
        Path cut = directory.resolve("cut");
        long synced;
        try (RocksJournal journal = JournalFiles.open(live)) {
            journal.append(List.of(new Change.Put(JournalFiles.text("a"), JournalFiles.text("0"))));
            journal.write(List.of());
            synced = JournalFiles.end(live);
            journal.append(List.of(new Change.Put(JournalFiles.text("b"), JournalFiles.text("1"))));
            JournalFiles.copy(live, cut);
            Files.copy(directory.resolve("live.mark"), directory.resolve("cut.mark"));
        }
        assertTrue(JournalFiles.end(cut) > synced, "an appended write outlives the process");
        try (RandomAccessFile log = new RandomAccessFile(JournalFiles.log(cut).toFile(), "rw")) {
            log.setLength(synced);
        }
        try (RocksJournal journal = JournalFiles.open(cut)) {
            assertEquals(JournalFiles.text("0"), journal.get(JournalFiles.text("a")));
            assertNull(journal.get(JournalFiles.text("b")));
        }
    }

    @Test
    void aKilledProcessLosesNoWriteThatReturned() throws Exception {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 3; round++) {
            Path path = directory.resolve("killed" + round);
            Process victim =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Victim.class.getName(),
                                    path.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            int told = 0;
            BufferedReader lines = victim.inputReader();
            for (int writes = 1 + prng.below(60); writes > 0; writes--) {
                told = Integer.parseInt(lines.readLine());
            }
            victim.destroyForcibly().waitFor();
            try (RocksJournal journal = JournalFiles.open(path)) {
                int[] count = new int[1];
                journal.scan(Blob.EMPTY, null, (key, value) -> count[0]++);
                assertTrue(count[0] > told, count[0] + " records, " + told + " was told");
                assertTrue(journal.sizeBytes() > 0);
            }
        }
    }

    /// Writes records and tells each number that is on disk, until it is killed.
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            try (RocksJournal journal = JournalFiles.open(Path.of(arguments[0]))) {
                for (int i = 0; i < 1_000_000; i++) {
                    Blob key = Blob.of(ByteBuffer.allocate(4).putInt(i).array());
                    journal.write(List.of(new Change.Put(key, Blob.of(new byte[5000]))));
                    System.out.println(i);
                }
            }
        }
    }

    @Test
    void refusesAnotherNetwork() throws Exception {
        JournalFiles.open(directory).close();
        StoreException e =
                assertThrows(
                        StoreException.class,
                        () ->
                                RocksJournal.open(
                                        directory,
                                        Digest.ZERO,
                                        Limits.STANDARD,
                                        JournalFiles::unexpected,
                                        nanos -> {}));
        assertEquals(StoreException.Reason.OTHER_NETWORK, e.reason());
        assertTrue(e.isLasting());
    }

    @Test
    void refusesANewerFormat() throws Exception {
        JournalFiles.open(directory).close();
        RocksFiles.open(
                        directory,
                        new RocksFiles.Identity(7, JournalFiles.NETWORK),
                        Limits.STANDARD,
                        (options, table) -> {},
                        JournalFiles::unexpected)
                .close();
        JournalFiles.open(directory).close();
        Path other = directory.resolve("other");
        RocksFiles.open(
                        other,
                        new RocksFiles.Identity(7, JournalFiles.NETWORK),
                        Limits.STANDARD,
                        (options, table) -> {},
                        JournalFiles::unexpected)
                .close();
        StoreException e = assertThrows(StoreException.class, () -> JournalFiles.open(other));
        assertEquals(StoreException.Reason.NEWER_FORMAT, e.reason());
        assertTrue(e.getMessage().contains("format 7"), e.getMessage());
    }

    @Test
    void isOpenedByOneProcessOnly() throws Exception {
        try (RocksJournal journal = JournalFiles.open(directory)) {
            assertTrue(journal.isNew());
            StoreException e =
                    assertThrows(StoreException.class, () -> JournalFiles.open(directory));
            assertEquals(StoreException.Reason.IN_USE, e.reason());
            assertFalse(e.isLasting());
        }
    }

    @Test
    void isNotUsedAfterClosing() throws Exception {
        RocksJournal journal = JournalFiles.open(directory);
        journal.close();
        journal.close();
        assertThrows(
                IllegalStateException.class,
                () -> journal.write(List.of(new Change.Delete(JournalFiles.text("a")))));
    }

    @Test
    void aChangedByteInTheLogIsFoundUnlessItCostsTheLastWriteOnly() throws Exception {
        List<TreeMap<Blob, Blob>> states = new ArrayList<>();
        Path crashed = JournalFiles.crashed(directory, states, 60);
        Path log = JournalFiles.log(crashed);
        long length = JournalFiles.end(crashed);
        Prng prng = Prng.fromProperty();
        int found = 0;
        for (int i = 0; i < 60; i++) {
            Path copy = JournalFiles.copy(crashed, directory.resolve("flip" + i));
            JournalFiles.flip(copy.resolve(log.getFileName()), prng.between(0, length * 9 / 10));
            try (RocksJournal journal = JournalFiles.open(copy)) {
                // Only a prefix of all writes would be silent amnesia.
                assertEquals(states.getLast(), JournalFiles.content(journal));
            } catch (StoreException e) {
                assertEquals(StoreException.Reason.DAMAGED, e.reason(), e.getMessage());
                found++;
            }
        }
        assertTrue(found > 50, "only " + found + " of 60 were found");
    }

    @Test
    void aChangedByteInASortedFileIsFound() throws Exception {
        Path store = directory.resolve("store");
        Prng prng = Prng.fromProperty();
        TreeMap<Blob, Blob> expected = new TreeMap<>();
        try (RocksJournal journal = JournalFiles.open(store)) {
            for (int i = 0; i < 50; i++) {
                journal.write(JournalFiles.changes(prng, expected));
            }
        }
        // Opening again turns the log into a sorted file.
        JournalFiles.open(store).close();
        JournalFiles.open(store).close();
        int found = 0;
        List<Path> tables = JournalFiles.all(store, ".sst");
        assertFalse(tables.isEmpty());
        for (int i = 0; i < 40; i++) {
            Path copy = JournalFiles.copy(store, directory.resolve("flip" + i));
            Path table = copy.resolve(prng.pick(tables).getFileName());
            JournalFiles.flip(table, prng.between(0, Files.size(table) - 1));
            try (RocksJournal journal = JournalFiles.open(copy)) {
                assertEquals(expected, JournalFiles.content(journal));
            } catch (StoreException e) {
                assertEquals(StoreException.Reason.DAMAGED, e.reason(), e.getMessage());
                found++;
            }
        }
        assertTrue(found > 30, "only " + found + " of 40 were found");
    }

    @Test
    void aMissingFileIsFound() throws Exception {
        Path store = directory.resolve("store");
        Prng prng = Prng.fromProperty();
        TreeMap<Blob, Blob> expected = new TreeMap<>();
        try (RocksJournal journal = JournalFiles.open(store)) {
            journal.write(JournalFiles.changes(prng, expected));
        }
        JournalFiles.open(store).close();
        for (String name : List.of("CURRENT", "MANIFEST", ".sst")) {
            Path copy = JournalFiles.copy(store, directory.resolve("without" + name));
            for (Path file : JournalFiles.all(copy, "")) {
                String fileName = file.getFileName().toString();
                if (fileName.startsWith(name) || fileName.endsWith(name)) {
                    Files.delete(file);
                }
            }
            StoreException e =
                    assertThrows(StoreException.class, () -> JournalFiles.open(copy), name);
            assertEquals(StoreException.Reason.DAMAGED, e.reason(), e.getMessage());
        }
    }
}
