package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// docs/adr/0006: what a log of two files in turn gives back after any end.
final class SyncedLogTest {
    private static final int FILE_BYTES = 4_096;
    private static final byte[] SALT = new byte[SyncedLog.SALT_BYTES];

    static {
        Arrays.fill(SALT, (byte) 7);
    }

    @TempDir Path directory;

    private final Prng prng = Prng.fromProperty();
    private final List<byte[]> written = new ArrayList<>();
    private final List<byte[]> shown = new ArrayList<>();

    @Test
    void givesBackWhatIsNotInTheStoreOverManyTurnsAndStarts() throws Exception {
        long applied = 0;
        for (int start = 0; start < 30; start++) {
            try (SyncedLog log = open(applied)) {
                assertShown(applied);
                assertEquals(written.size(), log.number());
                for (int i = prng.below(40); i > 0; i--) {
                    byte[] content = prng.bytes(prng.below(500));
                    // What is overwritten must be in the store, and may be long before.
                    applied = Math.max(applied, log.overwrites(content.length));
                    log.append(content);
                    written.add(content);
                    if (prng.chance(0.5)) {
                        log.sync();
                    }
                }
            }
            applied = Math.max(applied, written.size() - prng.below(4));
        }
    }

    @Test
    void aRecordLongerThanAFileFindsRoom() throws Exception {
        try (SyncedLog log = open(0)) {
            add(log, 100);
            add(log, 3 * FILE_BYTES);
            add(log, 200);
            log.sync();
        }
        try (SyncedLog log = open(1)) {
            assertShown(1);
            assertEquals(3, log.number());
        }
    }

    @Test
    void whatIsLeftOverFromAnEarlierTurnNeverFollowsANewRecord() throws Exception {
        try (SyncedLog log = open(0)) {
            for (int i = 0; i < 40; i++) {
                add(log, 400);
            }
            log.sync();
        }
        // Each file held several turns of records of the same length.
        try (SyncedLog log = open(35)) {
            assertShown(35);
            assertEquals(40, log.number());
        }
    }

    @Test
    void aTornTailIsDroppedAndWhatStoodBehindItNeverComesBack() throws Exception {
        try (SyncedLog log = open(0)) {
            add(log, 100);
            log.sync();
            add(log, 100);
            add(log, 100);
        }
        // The power failed: the second record was lost, the third reached the disk.
        zero(SyncedLog.file(directory, 0), 144, 40);
        try (SyncedLog log = open(0)) {
            assertEquals(1, shown.size());
            assertEquals(1, log.number());
            written.subList(1, 3).clear();
            add(log, 100);
            log.sync();
        }
        try (SyncedLog log = open(0)) {
            assertShown(0);
            assertEquals(2, log.number());
        }
    }

    @Test
    void aHoleInWhatWasSyncedIsDamage() throws Exception {
        try (SyncedLog log = open(0)) {
            for (int i = 0; i < 5; i++) {
                add(log, 100);
                log.sync();
            }
        }
        zero(SyncedLog.file(directory, 0), 144, 40);
        StoreException e = assertThrows(StoreException.class, () -> open(0));
        assertEquals(StoreException.Reason.DAMAGED, e.reason());
        assertTrue(e.getMessage().contains("write 2"), e.getMessage());
        // The store has it: nothing is lost.
        open(5).close();
    }

    @Test
    void aLogThatBeginsAboveTheStoreIsDamaged() throws Exception {
        try (SyncedLog log = open(10)) {
            add(log, 100);
            log.sync();
        }
        StoreException e = assertThrows(StoreException.class, () -> open(8));
        assertEquals(StoreException.Reason.DAMAGED, e.reason());
    }

    @Test
    void aStoreAheadOfTheLogBeginsItAnew() throws Exception {
        try (SyncedLog log = open(0)) {
            add(log, 100);
            log.sync();
        }
        try (SyncedLog log = open(7)) {
            assertEquals(7, log.number());
            log.append(new byte[] {1});
            log.sync();
        }
        try (SyncedLog log = open(7)) {
            assertEquals(8, log.number());
            assertEquals(1, shown.size());
        }
    }

    /// Users choose what most records hold. Bytes of theirs that look like a record of format 2
    /// damaged a log without a salt, whenever a turn had begun to overwrite them.
    @Test
    void whatUsersWriteNeverPassesForARecord() throws Exception {
        leaveBehind(directory.resolve("plain"), SyncedLog.FORMAT_2, poison(SyncedLog.FORMAT_2));
        StoreException e =
                assertThrows(
                        StoreException.class,
                        () -> reopen(directory.resolve("plain"), SyncedLog.FORMAT_2).close());
        assertEquals(StoreException.Reason.DAMAGED, e.reason());
        for (byte[] magic : List.of(SyncedLog.FORMAT_2, Arrays.copyOf(SALT, 4))) {
            Path salted = directory.resolve("salted" + magic[0]);
            leaveBehind(salted, SALT, poison(magic));
            try (SyncedLog log = reopen(salted, SALT)) {
                assertEquals(7, log.number());
            }
        }
    }

    /// Writes four records of these bytes, one a file, and then some that overwrite their begin.
    private void leaveBehind(Path path, byte[] salt, byte[] content) throws Exception {
        Files.createDirectories(path);
        try (SyncedLog log = SyncedLog.open(path, salt, 0, FILE_BYTES, (_, _) -> {})) {
            for (int i = 0; i < 6; i++) {
                log.append(content);
            }
            log.append(new byte[FILE_BYTES / 4]);
            log.sync();
        }
    }

    private static SyncedLog reopen(Path path, byte[] salt) throws StoreException {
        return SyncedLog.open(path, salt, 5, FILE_BYTES, (_, _) -> {});
    }

    /// Headers of empty records that tell of a later sync, some of them at each alignment.
    private static byte[] poison(byte[] magic) {
        ByteBuffer header = ByteBuffer.allocate(SyncedLog.HEADER_BYTES);
        header.put(magic).putInt(0).putLong(9).putLong(Long.MAX_VALUE).putInt(0);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, header.position());
        header.putInt((int) crc.getValue());
        ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES - 2 * SyncedLog.HEADER_BYTES);
        while (bytes.remaining() > SyncedLog.HEADER_BYTES) {
            bytes.put(header.array()).put((byte) 0);
        }
        return bytes.array();
    }

    private SyncedLog open(long applied) throws StoreException {
        shown.clear();
        return SyncedLog.open(
                directory,
                SALT,
                applied,
                FILE_BYTES,
                (number, content) -> {
                    assertEquals(applied + 1 + shown.size(), number);
                    byte[] bytes = new byte[content.remaining()];
                    content.get(bytes);
                    shown.add(bytes);
                });
    }

    private void add(SyncedLog log, int length) throws IOException {
        byte[] content = prng.bytes(length);
        log.append(content);
        written.add(content);
    }

    private void assertShown(long applied) {
        List<byte[]> expected = written.subList((int) applied, written.size());
        assertEquals(expected.size(), shown.size());
        for (int i = 0; i < shown.size(); i++) {
            assertTrue(Arrays.equals(expected.get(i), shown.get(i)), "record " + i);
        }
    }

    private static void zero(Path file, long at, int length) throws IOException {
        assertTrue(Files.size(file) >= at + length);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            bytes.write(new byte[length]);
        }
    }
}
