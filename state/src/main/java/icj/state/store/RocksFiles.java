package icj.state.store;

import icj.types.Digest;

import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/// One open RocksDB with what both stores have in common: options, marks of format and network, and
/// a guard against use after closing, which would crash the process.
final class RocksFiles implements AutoCloseable {
    /// The first byte of the keys of the marks; the stores' own keys begin with higher ones.
    static final byte MARKS = 0;

    private static final byte[] FORMAT_KEY = markKey("format");
    private static final byte[] NETWORK_KEY = markKey("network");
    private static final byte[] APPLIED_KEY = markKey("applied");
    private static final byte[] SALT_KEY = markKey("salt");

    private final Path directory;
    private final Options options;
    private final LRUCache blockCache;
    private final @Nullable AbstractEventListener listener;
    private final RocksDB db;
    private final boolean isNew;
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private RocksFiles(
            Path directory,
            Options options,
            LRUCache blockCache,
            @Nullable AbstractEventListener listener,
            RocksDB db,
            boolean isNew) {
        this.directory = directory;
        this.options = options;
        this.blockCache = blockCache;
        this.listener = listener;
        this.db = db;
        this.isNew = isNew;
    }

    /// Work on the open library.
    @FunctionalInterface
    interface Work<T> {
        T with(RocksDB db) throws RocksDBException;
    }

    /// The changes to the common options that make the one store or the other.
    @FunctionalInterface
    interface Tuning {
        void apply(Options options, BlockBasedTableConfig table);
    }

    /// What a store must be to be opened.
    ///
    /// @param format the newest format that this program knows
    record Identity(int format, Digest network) {}

    /// Opens a store.
    ///
    /// @param failures hears of errors on the library's threads; null for a store without a log,
    ///   whose kinds of errors this library can't report (its next write fails instead)
    static RocksFiles open(
            Path directory,
            Identity identity,
            Limits limits,
            Tuning tuning,
            @Nullable FailureListener failures)
            throws StoreException {
        NativeLibrary.load();
        boolean isNew = prepare(directory);
        LRUCache blockCache = new LRUCache(limits.blockCacheBytes());
        AbstractEventListener listener =
                failures == null ? null : new BackgroundErrors(directory, failures);
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(blockCache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true);
        Options options = options(limits).setCreateIfMissing(isNew);
        if (listener != null) {
            options.setListeners(List.of(listener));
        }
        tuning.apply(options, table);
        options.setTableFormatConfig(table);
        RocksDB db;
        try {
            db = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            release(options, listener, blockCache);
            throw translated(directory, e);
        }
        RocksFiles files = new RocksFiles(directory, options, blockCache, listener, db, isNew);
        try {
            files.checkMarks(identity);
            return files;
        } catch (RocksDBException e) {
            files.close();
            throw translated(directory, e);
        } catch (StoreException e) {
            files.close();
            throw e;
        }
    }

    /// Whether the directory held nothing before.
    boolean isNew() {
        return isNew;
    }

    /// Runs `work`; a failure ends the use of the store.
    <T> T run(String what, Work<T> work) {
        closing.readLock().lock();
        try {
            checkOpen();
            return work.with(db);
        } catch (RocksDBException e) {
            throw new StoreFailedException(what + " in " + directory + ": " + e.getMessage(), e);
        } finally {
            closing.readLock().unlock();
        }
    }

    /// Runs `work` that only reads: a failure may be damage.
    <T> T read(Work<T> work) throws StoreException {
        closing.readLock().lock();
        try {
            checkOpen();
            return work.with(db);
        } catch (RocksDBException e) {
            throw translated(directory, e);
        } finally {
            closing.readLock().unlock();
        }
    }

    /// The library would crash the process.
    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The store in " + directory + " is closed");
        }
    }

    /// The bytes of all files with data and of what is still in memory, roughly.
    long sizeBytes() {
        return run(
                "A question",
                db ->
                        db.getLongProperty("rocksdb.total-sst-files-size")
                                + db.getLongProperty("rocksdb.cur-size-all-mem-tables"));
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            db.close();
            release(options, listener, blockCache);
        } finally {
            closing.writeLock().unlock();
        }
    }

    private static void release(
            Options options, @Nullable AbstractEventListener listener, LRUCache blockCache) {
        options.close();
        if (listener != null) {
            listener.close();
        }
        blockCache.close();
    }

    static StoreException damaged(Path directory, @Nullable String what) {
        return new StoreException(
                StoreException.Reason.DAMAGED,
                "The store in " + directory + " is damaged: " + what,
                null);
    }

    private void checkMarks(Identity identity) throws RocksDBException, StoreException {
        byte[] format = db.get(FORMAT_KEY);
        byte[] network = db.get(NETWORK_KEY);
        if (format == null && network == null && isEmpty()) {
            writeMarks(identity);
            return;
        }
        if (format == null || format.length != Integer.BYTES || network == null) {
            throw damaged(directory, "it does not say what wrote it");
        }
        int version = ByteBuffer.wrap(format).getInt();
        if (version > identity.format()) {
            throw new StoreException(
                    StoreException.Reason.NEWER_FORMAT,
                    "The store in %s has format %d, this program knows up to %d: use a newer one"
                            .formatted(directory, version, identity.format()),
                    null);
        }
        if (network.length != Digest.LENGTH || !Digest.of(network).equals(identity.network())) {
            throw new StoreException(
                    StoreException.Reason.OTHER_NETWORK,
                    "The store in " + directory + " belongs to another network",
                    null);
        }
    }

    /// The number of the last record of a log of the store's own that stands in it, or -1 when it
    /// never had such a log.
    long applied() throws StoreException {
        byte[] number = this.<byte @Nullable []>read(db -> db.get(APPLIED_KEY));
        if (number == null) {
            return -1;
        }
        if (number.length != Long.BYTES) {
            throw damaged(directory, "it does not say how far its log was applied");
        }
        return ByteBuffer.wrap(number).getLong();
    }

    /// The salt of the store's own log, or null when it has none: a new store, or one of an older
    /// format.
    byte @Nullable [] salt() throws StoreException {
        byte[] salt = this.<byte @Nullable []>read(db -> db.get(SALT_KEY));
        if (salt != null && salt.length != SyncedLog.SALT_BYTES) {
            throw damaged(directory, "it does not say what its log is salted with");
        }
        return salt;
    }

    /// Adds to a batch that it is the record of this number.
    static void putApplied(WriteBatch batch, long number) throws RocksDBException {
        batch.put(APPLIED_KEY, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /// Notes that the store has a log of its own with this salt from now on, and the format that
    /// says so. All that older logs hold must be in sorted files.
    void beginLog(int format, long applied, byte[] salt) throws StoreException {
        read(db -> {
            try (WriteBatch batch = new WriteBatch();
                    WriteOptions synced = new WriteOptions().setSync(true);
                    FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                batch.put(FORMAT_KEY, ByteBuffer.allocate(Integer.BYTES).putInt(format).array());
                batch.put(SALT_KEY, salt);
                putApplied(batch, applied);
                db.write(synced, batch);
                db.flush(flush);
            }
            return true;
        });
    }

    /// Notes that from now on the store may hold what only a program that knows `identity`'s format
    /// can read.
    void raiseFormat(Identity identity) throws StoreException {
        read(db -> {
            byte[] format = db.get(FORMAT_KEY);
            if (format == null || ByteBuffer.wrap(format).getInt() < identity.format()) {
                writeMarks(identity);
            }
            return true;
        });
    }

    private boolean isEmpty() {
        try (RocksIterator entries = db.newIterator()) {
            entries.seekToFirst();
            return !entries.isValid();
        }
    }

    private void writeMarks(Identity identity) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            batch.put(
                    FORMAT_KEY,
                    ByteBuffer.allocate(Integer.BYTES).putInt(identity.format()).array());
            batch.put(NETWORK_KEY, identity.network().toBytes());
            db.write(synced, batch);
        }
        // The state store writes without a log: its marks last by being flushed.
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush);
        }
    }

    /// Makes the directory if necessary and tells whether a store is to be made in it. A directory
    /// that has data but lacks the file that names them is damaged, not new: to begin afresh would
    /// be to forget votes.
    private static boolean prepare(Path directory) throws StoreException {
        try {
            if (Files.notExists(directory)) {
                Files.createDirectories(directory);
                Path parent = directory.toAbsolutePath().getParent();
                if (parent != null) {
                    sync(parent);
                }
                return true;
            }
            if (Files.exists(directory.resolve("CURRENT"))) {
                return false;
            }
            try (Stream<Path> files = Files.list(directory)) {
                List<String> data =
                        files.map(file -> file.getFileName().toString())
                                .filter(name ->
                                        name.endsWith(".log")
                                                || name.endsWith(".sst")
                                                || name.endsWith(SyncedLog.ENDING))
                                .toList();
                if (!data.isEmpty()) {
                    throw damaged(directory, "the file CURRENT is missing");
                }
            }
            return true;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.UNREADABLE,
                    "The directory " + directory + " can't be used: " + e.getMessage(),
                    e);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Options options(Limits limits) {
        return new Options()
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setMaxBgErrorResumeCount(0)
                .setMaxOpenFiles(limits.openFilesMax())
                .setMaxFileOpeningThreads(1)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1 << 20)
                .setKeepLogFileNum(2)
                .setMaxManifestFileSize(limits.manifestBytesMax())
                .setManifestPreallocationSize(1 << 16)
                .setCompressionType(CompressionType.NO_COMPRESSION);
    }

    private static StoreException translated(Path directory, RocksDBException e) {
        Status status = e.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        String text = String.valueOf(e.getMessage());
        StoreException.Reason reason =
                switch (code) {
                    case Corruption, NotFound, InvalidArgument, NotSupported ->
                            StoreException.Reason.DAMAGED;
                    case IOError ->
                            text.contains("While lock file")
                                            || text.contains("lock hold by current process")
                                    ? StoreException.Reason.IN_USE
                                    : text.contains("No such file")
                                            ? StoreException.Reason.DAMAGED
                                            : StoreException.Reason.UNREADABLE;
                    default -> StoreException.Reason.UNREADABLE;
                };
        String what =
                switch (reason) {
                    case DAMAGED -> "is damaged";
                    case IN_USE -> "is in use by another process";
                    default -> "can't be read";
                };
        return new StoreException(
                reason, "The store in %s %s: %s".formatted(directory, what, text), e);
    }

    private static byte[] markKey(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        byte[] key = new byte[text.length + 1];
        key[0] = MARKS;
        System.arraycopy(text, 0, key, 1, text.length);
        return key;
    }

    /// Reports what fails on the library's own threads.
    private static final class BackgroundErrors extends AbstractEventListener {
        private final Path directory;
        private final FailureListener failures;

        BackgroundErrors(Path directory, FailureListener failures) {
            super(EnabledEventCallback.ON_BACKGROUND_ERROR);
            this.directory = directory;
            this.failures = failures;
        }

        @Override
        public void onBackgroundError(BackgroundErrorReason reason, Status error) {
            failures.storeFailed(
                    "The store in %s failed in the background (%s): %s"
                            .formatted(directory, reason, error.getState()));
        }
    }
}
