package icj.state.store;

import icj.state.model.DamagedPageException;
import icj.state.model.PageCache;
import icj.state.model.PageMap;
import icj.state.model.StateLayout;
import icj.types.Digest;
import icj.types.Height;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;
import org.rocksdb.IndexType;
import org.rocksdb.ReadOptions;

import java.nio.file.Path;
import java.time.Duration;

/// The state of a node on disk: one height, written in the background (R-S4, R-S5).
///
/// The execution loop [#offer]s each state that is certified or finalized. A thread of the store
/// compares the newest one with the last that it wrote, by reference, and writes what differs: all
/// of a height or nothing of it, without a log. A crash leaves the height written before; the
/// blocks of the journal lead on from there.
///
/// States that were offered, and older ones, stay readable: see [PageMap#changesSince] and
/// [Layers].
///
/// [#load] is called once, before the first offer; the other methods by any thread.
public final class RocksStateStore<S> implements AutoCloseable {
    /// 2: modules and chunks lie in pages; format 1 had them in their records.
    private static final int FORMAT = 2;

    /// More than one flush ever holds, so that the library never writes half of a height by itself.
    private static final long WRITE_BUFFER_BYTES = 1L << 30;

    private static final int ARENA_BLOCK_BYTES = 1 << 20;
    private static final int SYNC_EVERY_BYTES = 1 << 20;
    private static final long CLOSING_MILLIS_MAX = 30_000;

    private final RocksFiles files;
    private final RocksFiles.Identity identity;
    private final StateLayout<S> layout;
    private final Limits limits;
    private final FailureListener failures;
    private final ReadOptions reading;
    private final PageCache cache;
    private final StateWriter<S> writer;
    private final Thread thread;
    private final Object lock = new Object();

    // Guarded by `lock`.
    private @Nullable S newest;
    private @Nullable S written;
    private long offeredBytes;
    private long writtenBytes;
    private long lastFlushNanos;
    private boolean urgent;
    private boolean closing;
    private boolean failed;
    private boolean loaded;
    private Statistics statistics = new Statistics(0, 0, 0, 0);

    private RocksStateStore(
            RocksFiles files,
            RocksFiles.Identity identity,
            StateLayout<S> layout,
            Limits limits,
            FailureListener failures) {
        this.files = files;
        this.identity = identity;
        this.layout = layout;
        this.limits = limits;
        this.failures = failures;
        // Pages have a cache of their own.
        this.reading = new ReadOptions().setFillCache(false);
        this.cache = new PageCache(limits.pageCacheBytes());
        this.writer = new StateWriter<>(files, layout, limits, reading, cache);
        this.thread = new Thread(this::work, "state-writer");
        thread.setDaemon(true);
    }

    /// What the store has done since it was opened.
    ///
    /// @param flushes how many states were written
    /// @param pages how many pages were
    /// @param bytes keys and values
    /// @param nanos time spent on it
    public record Statistics(long flushes, long pages, long bytes, long nanos) {
        private Statistics plus(StateWriter.Written flush, long duration) {
            return new Statistics(
                    flushes + 1, pages + flush.pages(), bytes + flush.bytes(), nanos + duration);
        }
    }

    /// Opens the state in a directory, or makes an empty store if there is none.
    ///
    /// @param network the id of the network; a state of another one is refused
    /// @param failures hears when the state can't be written, which ends the process
    public static <S> RocksStateStore<S> open(
            Path directory,
            Digest network,
            StateLayout<S> layout,
            Limits limits,
            FailureListener failures)
            throws StoreException {
        RocksFiles.Identity identity = new RocksFiles.Identity(FORMAT, network);
        RocksFiles files =
                RocksFiles.open(
                        directory,
                        identity,
                        limits,
                        (options, table) -> {
                            options.setAtomicFlush(true)
                                    .setAvoidFlushDuringShutdown(true)
                                    .setWriteBufferSize(WRITE_BUFFER_BYTES)
                                    .setArenaBlockSize(ARENA_BLOCK_BYTES)
                                    .setMaxWriteBufferNumber(2)
                                    .setBytesPerSync(SYNC_EVERY_BYTES);
                            table.setIndexType(IndexType.kTwoLevelIndexSearch);
                        },
                        null);
        return new RocksStateStore<>(files, identity, layout, limits, failures);
    }

    /// The state that was written last, or null if there is none. Pages are read when they are
    /// needed.
    ///
    /// @throws StoreException if what is there is not what was written
    public @Nullable S load() throws StoreException {
        S state;
        try {
            state = writer.load();
            files.raiseFormat(identity);
        } catch (DamagedPageException e) {
            throw RocksFiles.damaged(files.directory(), e.getMessage());
        }
        synchronized (lock) {
            Invariant.check(!loaded, "A state is loaded once");
            loaded = true;
            newest = state;
            written = state;
            lastFlushNanos = System.nanoTime();
        }
        thread.start();
        return state;
    }

    /// Gives the newest state that may be written: certified, or the result of a finalized block.
    /// States that are not above the last one are ignored.
    public void offer(S state) {
        synchronized (lock) {
            Invariant.check(loaded, "A store is loaded before states are offered");
            if (!isAbove(state, newest)) {
                return;
            }
            offeredBytes += StateWriter.changedBytes(layout, newest, state);
            newest = state;
            lock.notifyAll();
        }
    }

    /// Bytes of pages that are in memory although they are on disk.
    public long cachedBytes() {
        return cache.bytes();
    }

    /// Changed bytes that wait to be written, roughly.
    public long dirtyBytes() {
        synchronized (lock) {
            return offeredBytes - writtenBytes;
        }
    }

    /// Waits until fewer than [Limits#dirtyBytesMax] changed bytes wait to be written: what the
    /// execution loop calls before a batch.
    ///
    /// @throws StoreFailedException if they never will be
    public void awaitRoom() throws InterruptedException {
        synchronized (lock) {
            while (offeredBytes - writtenBytes >= limits.dirtyBytesMax()) {
                checkWorking();
                lock.wait();
            }
        }
    }

    /// Writes what was offered and returns when it is on disk.
    ///
    /// @throws StoreFailedException if it never will be
    public void flush() throws InterruptedException {
        synchronized (lock) {
            S target = newest;
            while (target != null && isAbove(target, written)) {
                checkWorking();
                urgent = true;
                lock.notifyAll();
                lock.wait();
            }
        }
    }

    /// The height that a restart begins with, or null if nothing was written yet. Blocks above it
    /// must stay in the journal.
    public @Nullable Height writtenHeight() {
        synchronized (lock) {
            return written == null ? null : layout.height(written);
        }
    }

    /// The bytes that the state takes on disk, roughly.
    public long sizeBytes() {
        return files.sizeBytes();
    }

    /// What was done so far.
    public Statistics statistics() {
        synchronized (lock) {
            return statistics;
        }
    }

    /// Writes what was offered, unless the store failed, and closes it. Pages that are only on disk
    /// can't be read afterwards.
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join(CLOSING_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        files.close();
        reading.close();
    }

    private void checkWorking() {
        if (failed || closing) {
            throw new StoreFailedException(
                    "The store in " + files.directory() + (failed ? " failed" : " is closed"),
                    null);
        }
    }

    /// The life of the writer's thread.
    private void work() {
        try {
            while (true) {
                S target;
                S before;
                long bytes;
                synchronized (lock) {
                    while (!isDue()) {
                        if (closing) {
                            return;
                        }
                        pause();
                    }
                    target = newest;
                    before = written;
                    bytes = offeredBytes;
                    urgent = false;
                }
                if (target == null) {
                    continue;
                }
                long start = System.nanoTime();
                StateWriter.Written flush = writer.write(before, target);
                long end = System.nanoTime();
                synchronized (lock) {
                    written = target;
                    writtenBytes = bytes;
                    lastFlushNanos = start;
                    statistics = statistics.plus(flush, end - start);
                    lock.notifyAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                failed = true;
                lock.notifyAll();
            }
            failures.storeFailed("The state can't be written: " + e);
        }
    }

    private boolean isDue() {
        if (!isBehind()) {
            return false;
        }
        return closing
                || urgent
                || offeredBytes - writtenBytes >= limits.flushBytes()
                || nanosToFlush() <= 0;
    }

    private boolean isBehind() {
        S state = newest;
        return state != null && isAbove(state, written);
    }

    private boolean isAbove(S state, @Nullable S other) {
        return other == null || layout.height(state).isAbove(layout.height(other));
    }

    private long nanosToFlush() {
        boolean quiet = offeredBytes - writtenBytes < limits.quietBytes();
        Duration interval = quiet ? limits.quietInterval() : limits.flushInterval();
        return lastFlushNanos + interval.toNanos() - System.nanoTime();
    }

    private void pause() throws InterruptedException {
        if (!isBehind()) {
            lock.wait();
        } else {
            lock.wait(Math.max(1, nanosToFlush() / 1_000_000));
        }
    }
}
