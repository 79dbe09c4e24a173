package icj.consensus.rule;

import icj.consensus.pool.Pool;
import icj.types.NodeId;

import java.util.TreeMap;

/// Keeps a node with an empty disk from voting twice.
///
/// R-C15: such a node can't tell whether it is new or forgot its votes. It says nothing until f + 1
/// peers have reported where they are, one of which is honest. If they are already beyond the first
/// heights, it follows the chain without proposing, supporting or finalizing until a height more
/// than two above the highest notarization that any of them reported is final: its forgotten votes
/// are not above that. In the first heights of a network everybody is new, and all vote. A report
/// that nobody backs with blocks for ten seconds was a lie, which must not silence a new node for
/// ever. (The complete rule, with a nonce and q answers, is R-C16.)
public final class Silence {
    /// Below this the network counts as just born.
    private static final long FIRST_HEIGHTS = 10;

    private static final long MARGIN = 2;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Core core;
    private final TreeMap<NodeId, Long> firstReported = new TreeMap<>();
    private final int reportsNeeded;
    private long highest;
    private boolean silent;
    private long progressNanos = Long.MIN_VALUE;
    private long notarized = -1;

    /// The silence of a core, if its journal knows of no vote.
    public Silence(Core core) {
        this.core = core;
        this.silent = !core.pool().hasVoted();
        // A committee of one has nobody to ask.
        this.reportsNeeded =
                Math.min(core.committee().quorum().low(), core.committee().peers().size());
    }

    /// Notes what a peer reported; the first report of each counts.
    public void report(NodeId peer, long notarized) {
        if (silent && firstReported.putIfAbsent(peer, notarized) == null) {
            highest = Math.max(highest, notarized);
        }
    }

    /// Looks at the chain anew.
    public void update(Turn turn) {
        if (!silent) {
            return;
        }
        Pool pool = core.pool();
        if (pool.notarized() != notarized || lacksReports()) {
            notarized = pool.notarized();
            progressNanos = turn.nanos();
        }
        boolean caughtUp = highest > 0 && pool.finalized() > highest + MARGIN;
        silent =
                !pool.hasVoted()
                        && (lacksReports()
                                || !caughtUp
                                        && (!isSilent()
                                                || !turn.reached(progressNanos + PATIENCE_NANOS)));
    }

    private boolean lacksReports() {
        return firstReported.size() < reportsNeeded;
    }

    /// Whether this node must not vote now.
    public boolean isSilent() {
        return silent && (lacksReports() || highest >= FIRST_HEIGHTS);
    }
}
