package icj.replica.loop;

import icj.consensus.pool.PoolChange;
import icj.state.store.RocksJournal;
import icj.state.store.StoreException;
import icj.types.Blob;

import java.util.ArrayList;
import java.util.List;

/// The journal in RocksDB.
public final class RocksJournalStore implements JournalStore {
    private final RocksJournal journal;

    public RocksJournalStore(RocksJournal journal) {
        this.journal = journal;
    }

    @Override
    public void write(List<PoolChange> changes, boolean synced) {
        List<RocksJournal.Change> translated = new ArrayList<>(changes.size());
        for (PoolChange change : changes) {
            translated.add(
                    switch (change) {
                        case PoolChange.Put(Blob key, Blob value) ->
                                new RocksJournal.Change.Put(key, value);
                        case PoolChange.Delete(Blob key) -> new RocksJournal.Change.Delete(key);
                        case PoolChange.DeleteRange(Blob from, Blob until) ->
                                new RocksJournal.Change.DeleteRange(from, until);
                    });
        }
        if (synced) {
            journal.write(translated);
        } else {
            journal.append(translated);
        }
    }

    @Override
    public void scan(Blob from, Blob until, Visitor visitor) {
        scanWhile(
                from,
                until,
                (key, value) -> {
                    visitor.record(key, value);
                    return true;
                });
    }

    @Override
    public void scanWhile(Blob from, Blob until, UntilEnough visitor) {
        try {
            journal.scanWhile(from, until, visitor::record);
        } catch (StoreException e) {
            throw new UnreadableJournalException(e);
        }
    }

    /// A record could not be read: the journal is damaged.
    public static final class UnreadableJournalException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final StoreException failure;

        UnreadableJournalException(StoreException failure) {
            super(failure.getMessage(), failure);
            this.failure = failure;
        }

        /// What the store said.
        public StoreException failure() {
            return failure;
        }
    }
}
