package icj.consensus.rule;

import icj.consensus.pool.Pool;
import icj.types.NodeId;

import java.util.TreeMap;

/// Keeps a node with an empty disk from voting twice.
///
/// R-C15: such a node can't tell whether it is new or forgot its votes. If the others are already
/// beyond the first heights, it follows the chain without proposing, supporting or finalizing until
/// a height more than two above the highest notarization that any of them reported is final: its
/// forgotten votes are not above that. In the first heights of a network everybody is new, and all
/// vote. (The complete rule, with a nonce and q answers, is R-C16.)
public final class Silence {
    /// Below this the network counts as just born.
    private static final long FIRST_HEIGHTS = 10;

    private static final long MARGIN = 2;

    private final Core core;
    private final TreeMap<NodeId, Long> firstReported = new TreeMap<>();
    private long highest;
    private boolean silent;

    /// The silence of a core, if its journal knows of no vote.
    public Silence(Core core) {
        this.core = core;
        this.silent = !core.pool().hasVoted();
    }

    /// Notes what a peer reported; the first report of each counts.
    public void report(NodeId peer, long notarized) {
        if (silent && firstReported.putIfAbsent(peer, notarized) == null) {
            highest = Math.max(highest, notarized);
        }
    }

    /// Whether this node must not vote now.
    public boolean isSilent() {
        Pool pool = core.pool();
        if (silent && (pool.hasVoted() || highest > 0 && pool.finalized() > highest + MARGIN)) {
            silent = false;
        }
        return silent && highest >= FIRST_HEIGHTS;
    }
}
