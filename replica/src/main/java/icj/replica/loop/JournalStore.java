package icj.replica.loop;

import icj.consensus.pool.JournalReader;
import icj.consensus.pool.PoolChange;
import icj.types.Blob;

import java.util.List;

/// The journal of a node (R-S4): what a loop turn wrote is durable when [#write] returns.
public interface JournalStore extends JournalReader {
    /// Applies the changes in order, as one atomic write, and returns when they are durable. A
    /// failure is thrown and ends the process: what reached the disk is then unknown.
    void write(List<PoolChange> changes);

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
