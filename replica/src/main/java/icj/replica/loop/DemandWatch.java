package icj.replica.loop;

import icj.consensus.Demand;

import java.util.function.Consumer;

/// Tells consensus when the level of held ingress changes (R-C10). Any thread may call.
public final class DemandWatch {
    private final IngressPool pool;
    private final long plentyBytes;
    private final long plentyCalls;
    private final Consumer<Demand> told;
    private Demand level = Demand.NONE;

    /// @param blockBytesMax what a block holds: a quarter of it is plenty (R-C11)
    /// @param blockCallsMax how many calls a block holds
    public DemandWatch(
            IngressPool pool, long blockBytesMax, long blockCallsMax, Consumer<Demand> told) {
        this.pool = pool;
        plentyBytes = blockBytesMax / 4;
        plentyCalls = Math.max(1, blockCallsMax / 4);
        this.told = told;
    }

    /// Looks at the pool again.
    ///
    /// @param wallNanos now: calls whose expiry lies too far ahead of it fit into no block yet and
    ///   make no demand
    public synchronized void update(long wallNanos) {
        IngressPool.Level held = pool.level(wallNanos + IngressPayload.EXPIRY_NANOS_MAX);
        Demand now = Demand.NONE;
        if (held.calls() > 0) {
            boolean plenty = held.bytes() >= plentyBytes || held.calls() >= plentyCalls;
            now = plenty ? Demand.PLENTY : Demand.HELD;
        }
        if (now != level) {
            level = now;
            told.accept(now);
        }
    }
}
