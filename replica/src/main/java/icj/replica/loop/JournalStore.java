package icj.replica.loop;

import icj.consensus.pool.JournalReader;
import icj.consensus.pool.PoolChange;
import icj.types.Blob;

import java.util.List;

/// The journal of a node (R-S4).
public interface JournalStore extends JournalReader {
    /// Applies the changes in order, as one atomic write. A failure is thrown and ends the process:
    /// what reached the disk is then unknown.
    ///
    /// @param synced whether to return only when they, and all that was written before, are
    ///   durable; otherwise a power failure may lose them, and with them all that is written later
    void write(List<PoolChange> changes, boolean synced);

    /// Shows records with keys in [from, until) in rising order until the visitor has enough.
    void scanWhile(Blob from, Blob until, UntilEnough visitor);

    /// Sees records until it answers false.
    interface UntilEnough {
        /// One record.
        ///
        /// @return whether to go on
        boolean record(Blob key, Blob value);
    }
}
