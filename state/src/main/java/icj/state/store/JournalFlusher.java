package icj.state.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Writes the journal's changes in memory out to sorted files, in the background, one after the
/// other: a flush takes tens of milliseconds, and votes must not wait for it.
final class JournalFlusher {
    private final Runnable flush;
    private FutureTask<Boolean> last = new FutureTask<>(() -> true);

    JournalFlusher(Runnable flush) {
        this.flush = flush;
        last.run();
    }

    /// Begins to write out what has been written up to now. Not before [#awaitLast].
    void begin() {
        last = new FutureTask<>(flush, true);
        Thread thread = new Thread(last, "journal-flusher");
        thread.setDaemon(true);
        thread.start();
    }

    /// Returns when the last flush that was begun has ended.
    ///
    /// @throws StoreFailedException when it failed
    void awaitLast() {
        try {
            var _ = last.get();
        } catch (ExecutionException e) {
            throw new StoreFailedException("A flush of the journal failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailedException("Interrupted while the journal was flushed", e);
        }
    }
}
