package icj.consensus.rule;

import icj.consensus.pool.Pool;
import icj.types.NodeId;

import java.util.TreeMap;

/// Forgets what nobody needs (R-C15): the chain is kept from the lowest height that every member
/// has reported certified, within bounds; and always from where a restart of this node would begin.
public final class Purger {
    private final Core core;
    private final TreeMap<NodeId, Long> reported = new TreeMap<>();
    private long durable;

    /// @param executed the height at which the state was restored: it is durable
    public Purger(Core core, long executed) {
        this.core = core;
        this.durable = executed;
    }

    /// The heights that peers reported last: certified, and with all beacons up to there.
    public TreeMap<NodeId, Long> reported() {
        return reported;
    }

    /// Notes up to where a peer needs nothing any more.
    public void report(NodeId peer, long height) {
        reported.put(peer, height);
    }

    /// Notes the height of the state on disk.
    public void durable(long height) {
        durable = Math.max(durable, height);
    }

    /// Purges when it is worth a write.
    public void run() {
        Pool pool = core.pool();
        long restart =
                Math.min(
                        Math.min(durable, pool.beacon()),
                        pool.finalTip().block().context().certified().value());
        long needed = Math.min(restart, pool.certified());
        for (NodeId peer : core.committee().peers()) {
            needed = Math.min(needed, reported.getOrDefault(peer, 0L));
        }
        long bound =
                Math.max(
                        pool.finalized() - core.limits().keepHeightsMax(),
                        pool.lowestWithin(core.limits().keepBytesMax()));
        long target = Math.max(needed, Math.min(bound, restart));
        if (target >= pool.lowest() + core.limits().purgeStepHeights()) {
            pool.purgeBelow(target);
        }
    }
}
