package icj.state.store;

import icj.types.Blob;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// The journal of consensus: ordered records (R-S4). A write is durable before [#write] returns;
/// what is appended becomes durable with the next write (docs/adr/0005).
///
/// A crash of the process or of the machine at any moment leaves a prefix of the writes, at least
/// all up to the last synced one. A record at the very end of the log that is incomplete is
/// dropped, being one that did not return; any other damage makes [#open] or [#scan] fail with
/// [StoreException.Reason#DAMAGED] instead of losing records silently.
///
/// The consensus loop writes; any thread may read.
public final class RocksJournal implements AutoCloseable {
    private static final int FORMAT = 3;

    /// The first byte of our keys; the keys of records follow.
    private static final byte RECORDS = 1;

    private final RocksFiles files;
    private final SyncedLog log;
    private final HighWaterMark mark;
    private final LongConsumer writeNanos;
    private final JournalFlusher flusher;

    /// The log is our own ([SyncedLog]).
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);

    private RocksJournal(
            RocksFiles files, SyncedLog log, HighWaterMark mark, LongConsumer writeNanos) {
        this.files = files;
        this.log = log;
        this.mark = mark;
        this.writeNanos = writeNanos;
        flusher = new JournalFlusher(() -> files.run("A flush", RocksJournal::flush));
    }

    /// One change of the journal.
    public sealed interface Change {
        /// Sets the value of a key.
        record Put(Blob key, Blob value) implements Change {}

        /// Removes a key.
        record Delete(Blob key) implements Change {}

        /// Removes the keys of `from` (inclusive) to `to` (exclusive).
        record DeleteRange(Blob from, Blob to) implements Change {}
    }

    /// Sees one record after the other.
    @FunctionalInterface
    public interface Visitor {
        /// One record, in ascending order of keys.
        void record(Blob key, Blob value);
    }

    /// Sees one record after the other until it has seen enough.
    @FunctionalInterface
    public interface UntilEnough {
        /// One record, in ascending order of keys; whether to go on.
        boolean record(Blob key, Blob value);
    }

    /// Opens the journal in a directory, or makes one if there is none.
    ///
    /// @param network the id of the network; a journal of another one is refused
    /// @param failures hears of failures in the background, which end the process
    /// @param writeNanos gets the duration of each synced write
    public static RocksJournal open(
            Path directory,
            Digest network,
            Limits limits,
            FailureListener failures,
            LongConsumer writeNanos)
            throws StoreException {
        RocksFiles files =
                RocksFiles.open(
                        directory,
                        new RocksFiles.Identity(FORMAT, network),
                        limits,
                        (options, table) ->
                                // Written out at each turn of the log, hence before it is full.
                                options.setWriteBufferSize(2L * limits.journalBufferBytes())
                                        .setMaxWriteBufferNumber(2)
                                        .setMaxTotalWalSize(4L * limits.journalBufferBytes())
                                        .setTargetFileSizeBase(4L * limits.journalBufferBytes()),
                        failures);
        HighWaterMark mark;
        try {
            mark = HighWaterMark.of(directory);
        } catch (IOException e) {
            files.close();
            throw new StoreException(
                    StoreException.Reason.UNREADABLE,
                    "The mark of the journal in " + directory + " can't be opened: " + e,
                    e);
        }
        try {
            // The library checks a block when it reads it; a vote must not get lost in one that
            // nobody reads at start.
            files.read(db -> {
                db.verifyChecksum();
                return true;
            });
            return new RocksJournal(files, openLog(files, mark), mark, writeNanos);
        } catch (StoreException e) {
            files.close();
            close(mark);
            throw e;
        }
    }

    /// Opens the log, brings the store up to it, and fails if it ends before a write that was
    /// synced.
    private static SyncedLog openLog(RocksFiles files, HighWaterMark mark) throws StoreException {
        Path directory = files.directory();
        long synced;
        try {
            synced = mark.read();
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.UNREADABLE,
                    "The mark of the journal in " + directory + " can't be read: " + e,
                    e);
        }
        long applied = files.applied();
        byte[] salt = files.salt();
        if (salt != null) {
            return replayed(files, salt, applied, synced);
        }
        if (applied < 0) {
            // A new journal, or one of format 1, whose log was the library's own.
            applied = files.isNew() ? 0 : files.read(RocksDB::getLatestSequenceNumber);
            checkMark(directory, applied, synced);
        } else {
            // One of format 2, whose log has no salt: what it holds goes into the store, and what
            // is left of it is no record any more.
            SyncedLog old = replayed(files, SyncedLog.FORMAT_2, applied, synced);
            applied = old.number();
            close(old);
        }
        salt = newSalt();
        files.beginLog(FORMAT, applied, salt);
        return replayed(files, salt, applied, synced);
    }

    private static byte[] newSalt() {
        byte[] salt = new byte[SyncedLog.SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    private static SyncedLog replayed(RocksFiles files, byte[] salt, long applied, long synced)
            throws StoreException {
        Path directory = files.directory();
        long[] replayed = {0};
        SyncedLog log =
                SyncedLog.open(
                        directory,
                        salt,
                        applied,
                        SyncedLog.FILE_BYTES,
                        (_, content) -> {
                            byte[] bytes = new byte[content.remaining()];
                            content.get(bytes);
                            files.read(db -> {
                                try (WriteOptions options = new WriteOptions().setDisableWAL(true);
                                        WriteBatch batch = new WriteBatch(bytes)) {
                                    db.write(options, batch);
                                }
                                return true;
                            });
                            replayed[0]++;
                        });
        try {
            checkMark(directory, log.number(), synced);
            if (replayed[0] > 0) {
                files.read(RocksJournal::flush);
            }
            return log;
        } catch (StoreException e) {
            close(log);
            throw e;
        }
    }

    private static void checkMark(Path directory, long found, long synced) throws StoreException {
        if (found < synced) {
            throw RocksFiles.damaged(
                    directory,
                    "it ends at write "
                            + found
                            + ", write "
                            + synced
                            + " was synced; this node may have forgotten what it signed");
        }
    }

    private static boolean flush(RocksDB db) throws RocksDBException {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
        }
        return true;
    }

    /// Whether there was no journal before: the node forgot its votes, if it ever cast any (R-C16).
    public boolean isNew() {
        return files.isNew();
    }

    /// Makes all changes, in order, or none; they and all that was appended before are on the disk
    /// when this returns.
    ///
    /// @param changes may be empty, when only the appended ones are meant
    /// @throws StoreFailedException if that is not certain; the process must end
    public void write(List<Change> changes) {
        long start = System.nanoTime();
        files.run(
                "A write",
                db -> {
                    write(db, changes, true);
                    return true;
                });
        writeNanos.accept(System.nanoTime() - start);
    }

    /// Makes all changes, in order, or none. They outlive the process at once, but a power failure
    /// only once a later [#write] has returned; if it takes them, it takes all later ones too.
    ///
    /// @throws StoreFailedException if they may not have been made; the process must end
    public void append(List<Change> changes) {
        files.run(
                "A write",
                db -> {
                    write(db, changes, false);
                    return true;
                });
    }

    private void write(RocksDB db, List<Change> changes, boolean sync) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            if (!changes.isEmpty()) {
                fill(batch, changes);
                RocksFiles.putApplied(batch, log.number() + 1);
                byte[] content = batch.data();
                if (log.overwrites(content.length) > 0) {
                    flusher.awaitLast();
                }
                boolean turned = log.append(content);
                if (turned) {
                    // What the file just left holds is overwritten at the next turn.
                    flusher.begin();
                }
            }
            if (sync) {
                log.sync();
                mark.write(log.number());
            }
            if (!changes.isEmpty()) {
                db.write(unlogged, batch);
            }
        } catch (IOException e) {
            throw new StoreFailedException(
                    "The log or the mark of the journal in " + files.directory() + ": " + e, e);
        }
    }

    private static void fill(WriteBatch batch, List<Change> changes) throws RocksDBException {
        for (Change change : changes) {
            switch (change) {
                case Change.Put put -> batch.put(key(put.key()), put.value().shared());
                case Change.Delete delete -> batch.delete(key(delete.key()));
                case Change.DeleteRange range ->
                        batch.deleteRange(key(range.from()), key(range.to()));
            }
        }
    }

    /// The value of a key, or null.
    public @Nullable Blob get(Blob key) {
        byte[] value = files.<byte @Nullable []>run("A read", db -> db.get(key(key)));
        return value == null ? null : Blob.owning(value);
    }

    /// Shows the records whose keys are at or above `from` and below `to` (null for no bound).
    ///
    /// @throws StoreException if a record can't be read
    public void scan(Blob from, @Nullable Blob to, Visitor visitor) throws StoreException {
        scanWhile(
                from,
                to,
                (key, value) -> {
                    visitor.record(key, value);
                    return true;
                });
    }

    /// As [#scan], until the visitor has seen enough.
    ///
    /// @throws StoreException if a record can't be read
    public void scanWhile(Blob from, @Nullable Blob to, UntilEnough visitor) throws StoreException {
        byte[] end = to == null ? new byte[] {RECORDS + 1} : key(to);
        files.read(db -> {
            try (ReadOptions options = new ReadOptions().setFillCache(false);
                    RocksIterator entries = db.newIterator(options)) {
                for (entries.seek(key(from)); entries.isValid(); entries.next()) {
                    byte[] key = entries.key();
                    if (Arrays.compareUnsigned(key, end) >= 0) {
                        break;
                    }
                    boolean more =
                            visitor.record(
                                    Blob.owning(key).slice(1, key.length),
                                    Blob.owning(entries.value()));
                    if (!more) {
                        break;
                    }
                }
                entries.status();
                return true;
            }
        });
    }

    /// The bytes that the journal takes, roughly; ranges that were deleted lately may still count.
    public long sizeBytes() {
        return files.sizeBytes();
    }

    @Override
    public void close() {
        files.close();
        unlogged.close();
        close(log);
        close(mark);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] key(Blob key) {
        byte[] prefixed = new byte[key.length() + 1];
        prefixed[0] = RECORDS;
        System.arraycopy(key.shared(), 0, prefixed, 1, key.length());
        return prefixed;
    }
}
