package icj.consensus.pool;

import icj.types.Blob;

/// How the core reads the journal back when it is made, and at no other time.
public interface JournalReader {
    /// Shows all records with keys in [from, until) in rising order of keys.
    void scan(Blob from, Blob until, Visitor visitor);

    /// Receives records.
    interface Visitor {
        /// One record.
        void record(Blob key, Blob value);
    }
}
