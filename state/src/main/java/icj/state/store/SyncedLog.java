package icj.state.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The write-ahead log of the journal (docs/adr/0006): two files of fixed size that are overwritten
/// in turn. A write into blocks that the file system has allocated and filled before changes none
/// of its own records, so that a sync is one flush of the device and waits for no other process.
///
/// A record is magic (4 bytes, the first of the salt), length of the content (4), its number (8),
/// the number of the last record that was synced before (8), the checksum of the record before (4),
/// CRC-32C of the rest of the salt, all this and the content (4), content, zeros up to a multiple
/// of 16 bytes. Numbers rise by one, also from one file to the other. A file holds records from its
/// beginning; what follows the last is left from an earlier turn, or was never completed. Since
/// each record names the checksum of the one before, nothing left over can follow a new record.
///
/// What is left over is mostly the content of records, and users choose much of it. The salt is
/// drawn for each journal and never leaves the node: without it nobody can write a call whose bytes
/// pass for a record and make the node believe that its log is damaged. A guess has to meet 64 bits
/// of it, and four MiB hold 2^18 guesses.
///
/// Belongs to one thread.
final class SyncedLog implements AutoCloseable {
    /// The bytes of a record before its content.
    static final int HEADER_BYTES = 32;

    /// How the files' names end.
    static final String ENDING = ".wal";

    /// The size of each file: what the store behind the log holds in memory until it is written
    /// out. A longer record makes its file longer.
    static final int FILE_BYTES = 4 << 20;

    /// The magic and the rest, which the checksums begin with.
    static final int SALT_BYTES = 4 + 12;

    /// Journals of format 2 had a magic that everybody knows, and no salt.
    static final byte[] FORMAT_2 = {0x49, 0x43, 0x4a, 0x6c};

    private static final int ALIGNMENT = 16;

    private static final int MAGIC_BYTES = 4;
    private static final int CRC_AT = 28;

    /// Takes the content of a record.
    @FunctionalInterface
    interface Reader {
        void record(long number, ByteBuffer content) throws StoreException;
    }

    private record Found(long number, long synced, int before, int checksum, ByteBuffer content) {}

    /// What one file holds.
    ///
    /// @param end where the next record would begin
    private record Segment(List<Found> records, ByteBuffer bytes, int end) {
        boolean isEmpty() {
            return records.isEmpty();
        }

        long first() {
            return records.getFirst().number();
        }

        Found last() {
            return records.getLast();
        }
    }

    private final Path directory;
    private final byte[] salt;
    private final int fileBytes;
    private final @Nullable FileChannel[] files = new @Nullable FileChannel[2];
    private final long[] highest = new long[2];
    private int current;
    private long position;
    private long number;
    private long synced;
    private int checksum;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);

    private SyncedLog(Path directory, byte[] salt, int fileBytes) {
        this.directory = directory;
        this.salt = salt.clone();
        this.fileBytes = fileBytes;
    }

    /// Opens the log and shows the records above `applied`, in order.
    ///
    /// @param salt of the journal, or [#FORMAT_2]
    /// @param applied the number of the last record whose changes the store behind the log holds
    /// @param fileBytes the size of each file
    /// @throws StoreException when a record is missing or damaged that was synced, as far as the
    ///   log itself can tell
    static SyncedLog open(Path directory, byte[] salt, long applied, int fileBytes, Reader reader)
            throws StoreException {
        SyncedLog log = new SyncedLog(directory, salt, fileBytes);
        try {
            log.recover(applied, reader);
            return log;
        } catch (IOException e) {
            log.closeQuietly();
            throw new StoreException(
                    StoreException.Reason.UNREADABLE,
                    "The log of the journal in " + directory + " can't be used: " + e.getMessage(),
                    e);
        } catch (StoreException e) {
            log.closeQuietly();
            throw e;
        }
    }

    /// The file of this index.
    static Path file(Path directory, int index) {
        return directory.resolve("log-" + index + ENDING);
    }

    private void recover(long applied, Reader reader) throws IOException, StoreException {
        Segment[] found = new Segment[2];
        for (int i = 0; i < 2; i++) {
            FileChannel file = prepared(file(directory, i), fileBytes);
            files[i] = file;
            found[i] = read(file);
            highest[i] = found[i].isEmpty() ? 0 : found[i].last().number();
        }
        current = highest[1] > highest[0] ? 1 : 0;
        Segment newer = found[current];
        Segment older = found[1 - current];
        number = applied;
        long top = Math.max(applied, highest[current]);
        checkNothingFollows(newer, top);
        checkNothingFollows(older, top);
        if (highest[current] < applied) {
            // All is in the store already: begin anew.
            current = 0;
            highest[0] = 0;
            highest[1] = 0;
            return;
        }
        if (newer.isEmpty()) {
            return;
        }
        Found last = newer.last();
        boolean joined = !older.isEmpty() && older.last().number() + 1 == newer.first();
        if (joined && older.last().checksum() != newer.records().getFirst().before()) {
            throw damaged(newer.first() - 1);
        }
        long first = joined ? older.first() : newer.first();
        if (last.number() > applied && first > applied + 1) {
            throw damaged(first - 1);
        }
        if (joined) {
            show(older, applied, reader);
        }
        show(newer, applied, reader);
        position = newer.end();
        checksum = last.checksum();
        number = last.number();
        // What a killed process appended last may stand in the system's cache only.
        sync();
    }

    private static void show(Segment segment, long applied, Reader reader) throws StoreException {
        for (Found record : segment.records()) {
            if (record.number() > applied) {
                reader.record(record.number(), record.content().duplicate());
            }
        }
    }

    /// A record further on that was written when one at or above the first missing was synced shows
    /// that the file was damaged in the middle, and not cut off in its last write.
    private void checkNothingFollows(Segment segment, long last) throws StoreException {
        for (int at = segment.end();
                at + HEADER_BYTES <= segment.bytes().limit();
                at += ALIGNMENT) {
            Found later = record(segment.bytes(), at);
            if (later != null && later.synced() > last) {
                throw damaged(last + 1);
            }
        }
    }

    private StoreException damaged(long missing) {
        return RocksFiles.damaged(directory, "write " + missing + " of its log can't be read");
    }

    private static FileChannel prepared(Path path, int fileBytes) throws IOException {
        boolean isShort = Files.notExists(path) || Files.size(path) < fileBytes;
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (isShort) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 18);
            for (long at = file.size(); at < fileBytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), fileBytes - at));
                writeAll(file, zeros, at);
            }
            file.force(true);
        }
        return file;
    }

    private Segment read(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
        while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
            continue;
        }
        bytes.flip();
        List<Found> records = new ArrayList<>();
        int at = 0;
        Found next = record(bytes, at);
        while (next != null
                && (records.isEmpty()
                        || next.number() == records.getLast().number() + 1
                                && next.before() == records.getLast().checksum())) {
            records.add(next);
            at += total(next.content().remaining());
            next = record(bytes, at);
        }
        return new Segment(records, bytes, at);
    }

    private @Nullable Found record(ByteBuffer bytes, int at) {
        if (at + HEADER_BYTES > bytes.limit() || bytes.getInt(at) != magic()) {
            return null;
        }
        int length = bytes.getInt(at + 4);
        if (length < 0 || length > bytes.limit() - at - HEADER_BYTES) {
            return null;
        }
        ByteBuffer content = bytes.slice(at + HEADER_BYTES, length);
        int sum = bytes.getInt(at + CRC_AT);
        if (checksum(bytes.slice(at, CRC_AT), content.duplicate()) != sum) {
            return null;
        }
        return new Found(
                bytes.getLong(at + 8), bytes.getLong(at + 16), bytes.getInt(at + 24), sum, content);
    }

    private static int total(int contentBytes) {
        int bytes = Math.addExact(HEADER_BYTES + ALIGNMENT - 1, contentBytes);
        return bytes - bytes % ALIGNMENT;
    }

    private int magic() {
        return ByteBuffer.wrap(salt).getInt();
    }

    private int checksum(ByteBuffer header, ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(salt, MAGIC_BYTES, salt.length - MAGIC_BYTES);
        crc.update(header);
        crc.update(content);
        return (int) crc.getValue();
    }

    /// The number of the last record.
    long number() {
        return number;
    }

    /// The highest number of the records that a record of this length would begin to overwrite, or
    /// 0 for none: all up to it must be durable in the store behind the log before [#append].
    long overwrites(int length) {
        return turns(length) ? highest[1 - current] : 0;
    }

    private boolean turns(int length) {
        return position > 0 && position + total(length) > fileBytes;
    }

    /// Writes a record; it is durable once [#sync] has returned.
    ///
    /// @return whether it is the first in its file
    boolean append(byte[] content) throws IOException {
        boolean turned = turns(content.length);
        if (turned) {
            // What the other file will hold follows what this one holds.
            file().force(false);
            current = 1 - current;
            position = 0;
        }
        int total = total(content.length);
        if (buffer.capacity() < total) {
            buffer = ByteBuffer.allocateDirect(total);
        }
        buffer.clear();
        buffer.putInt(magic()).putInt(content.length).putLong(number + 1).putLong(synced);
        buffer.putInt(checksum);
        int sum = checksum(buffer.slice(0, CRC_AT), ByteBuffer.wrap(content));
        buffer.putInt(sum).put(content);
        while (buffer.position() < total) {
            buffer.put((byte) 0);
        }
        buffer.flip();
        writeAll(file(), buffer, position);
        position += total;
        number++;
        checksum = sum;
        highest[current] = number;
        return turned;
    }

    /// Makes all records durable.
    void sync() throws IOException {
        file().force(false);
        synced = number;
    }

    private FileChannel file() {
        FileChannel file = files[current];
        if (file == null) {
            throw new IllegalStateException("The log in " + directory + " is not open");
        }
        return file;
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // The log was only read so far.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files) {
            if (file != null) {
                file.close();
            }
        }
    }
}
