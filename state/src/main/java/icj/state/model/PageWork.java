package icj.state.model;

import icj.state.tree.SortedTrie;

import org.jspecify.annotations.Nullable;

/// What one height did to the pages of all canisters, for the counters of a node. In what
/// [PageMap#with] and [PageMap#root] promise both numbers are equal: each page that was written is
/// hashed once, however often the messages of the height wrote to it (R-S2).
///
/// @param changed distinct pages that differ from those of the height before
/// @param hashed pages that were hashed since the last count
public record PageWork(long changed, long hashed) {
    /// Counts from `before` to `after`, whose digests are computed. The cost follows what changed.
    public static PageWork between(ReplicatedState before, ReplicatedState after) {
        long[] sums = new long[2];
        SortedTrie.diff(
                before.canisters(),
                after.canisters(),
                (_, old, now) -> {
                    if (now != null) {
                        CanisterMemory memory = now.memory();
                        CanisterMemory earlier = old == null ? null : old.memory();
                        add(sums, memory.heap(), earlier == null ? null : earlier.heap());
                        add(sums, memory.stable(), earlier == null ? null : earlier.stable());
                    }
                });
        return new PageWork(sums[0], sums[1]);
    }

    private static void add(long[] sums, PageMap now, @Nullable PageMap before) {
        PageMap base =
                before != null && before.isVersionOf(now) ? before : PageMap.empty(now.kind());
        sums[0] += now.pagesChangedSince(base);
        sums[1] += now.takePagesHashed();
    }
}
