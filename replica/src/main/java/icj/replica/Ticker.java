package icj.replica;

import icj.consensus.Input;
import icj.replica.http.CallWaiters;
import icj.replica.loop.DemandWatch;
import icj.replica.loop.WallClock;
import icj.state.model.ReplicatedState;
import icj.state.store.RocksStateStore;
import icj.types.Height;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has to be looked at now and then, twice a second: clients that have waited too long, calls
/// whose expiry has come near enough, and how far the state is on disk.
final class Ticker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final CallWaiters waiters;
    private final DemandWatch demand;
    private final RocksStateStore<ReplicatedState> store;
    private final LateInputs consensus;
    private @Nullable Height durable;

    Ticker(
            CallWaiters waiters,
            DemandWatch demand,
            RocksStateStore<ReplicatedState> store,
            LateInputs consensus) {
        this.waiters = waiters;
        this.demand = demand;
        this.store = store;
        this.consensus = consensus;
    }

    @Override
    public void run() {
        try {
            waiters.tick();
            demand.update(WallClock.nanos());
            Height written = store.writtenHeight();
            if (written != null && !written.equals(durable)) {
                durable = written;
                consensus.tell(new Input.StateDurable(written));
            }
        } catch (RuntimeException e) {
            LOG.error("The ticker failed", e);
        }
    }
}
