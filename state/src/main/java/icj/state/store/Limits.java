package icj.state.store;

import icj.types.Invariant;

import java.time.Duration;

/// The bounds of the stores of one node; none of them shows in results.
///
/// @param pageCacheBytes pages kept in memory although they are on disk
/// @param flushInterval how long changes of the state may wait to be written
/// @param quietInterval the same while they are few, as those of a subnet without work
/// @param quietBytes fewer changed bytes than this are few: a restart repeats them in no time
/// @param flushBytes how many changed bytes make the state's writer begin before that
/// @param dirtyBytesMax how many changed bytes may wait; above, execution pauses
/// @param batchBytes how much is handed to the library at once
/// @param journalBufferBytes what the journal holds in memory until it is written as a sorted file
/// @param blockCacheBytes blocks and indexes of files kept in memory, for each store
/// @param openFilesMax files that a store keeps open
/// @param manifestBytesMax the list of a store's files is written anew when it has grown beyond
///   this; a node without work adds some 4 KiB a minute
public record Limits(
        long pageCacheBytes,
        Duration flushInterval,
        Duration quietInterval,
        long quietBytes,
        long flushBytes,
        long dirtyBytesMax,
        int batchBytes,
        int journalBufferBytes,
        int blockCacheBytes,
        int openFilesMax,
        int manifestBytesMax) {
    private static final int MIB = 1 << 20;

    /// Those of a node (R-S5, R-E8).
    public static final Limits STANDARD =
            new Limits(
                    64L * MIB,
                    Duration.ofSeconds(2),
                    // Ten rounds without work, of about 300 bytes each, and some room.
                    Duration.ofSeconds(10),
                    8 << 10,
                    64L * MIB,
                    128L * MIB,
                    4 * MIB,
                    4 * MIB,
                    4 * MIB,
                    64,
                    MIB);

    public Limits {
        Invariant.check(
                flushInterval.compareTo(quietInterval) <= 0, "Few changes wait as long or longer");
        Invariant.check(flushBytes <= dirtyBytesMax, "The writer begins before execution pauses");
        Invariant.check(batchBytes > 0 && batchBytes <= flushBytes, "A batch is part of a flush");
        Invariant.check(openFilesMax >= 16, "A store needs 16 open files, not %d", openFilesMax);
    }
}
