package icj.consensus.rule;

import icj.consensus.Demand;
import icj.consensus.pool.HeightState;
import icj.types.message.NextWork;

/// When the round began and when somebody wanted it (R-C10).
///
/// A round starts when the block below is notarized and the beacon below is held. Rank clocks run
/// from t0, the first demand at or after the start, so that after an idle second the lowest rank
/// still has its head start.
public final class RoundClock {
    private final Core core;
    private Demand level = Demand.NONE;
    private long round = -1;
    private long startNanos = Long.MAX_VALUE;
    private long demandNanos = Long.MAX_VALUE;

    /// The clock of a core.
    public RoundClock(Core core) {
        this.core = core;
    }

    /// Sets how much ingress is held.
    public void level(Demand held) {
        level = held;
    }

    /// How much ingress is held.
    public Demand level() {
        return level;
    }

    /// Looks at round and demand anew.
    public void update(Turn turn) {
        long current = core.pool().round();
        if (current != round) {
            round = current;
            startNanos = Long.MAX_VALUE;
            demandNanos = Long.MAX_VALUE;
        }
        boolean started = core.pool().notarized() == round - 1 && core.pool().beacon() >= round - 1;
        if (startNanos == Long.MAX_VALUE && started) {
            startNanos = turn.nanos();
        }
        if (startNanos != Long.MAX_VALUE && demandNanos == Long.MAX_VALUE && isWanted(turn)) {
            demandNanos = turn.nanos();
        }
    }

    private boolean isWanted(Turn turn) {
        return level != Demand.NONE || isWantedEmpty(turn);
    }

    /// Whether a block is wanted even if it carries no calls.
    public boolean isWantedEmpty(Turn turn) {
        HeightState state = core.pool().get(round);
        return workIsDue(turn)
                || finalityIsDue(turn)
                || state != null && state.firstSeenNanos() != Long.MAX_VALUE
                || turn.reached(startNanos + core.limits().idleTickNanos());
    }

    /// Whether the block below is notarized but not final although it had time: when notaries
    /// supported two blocks of its height it never will be by itself, only with a block above it,
    /// and clients wait for the calls in it.
    private boolean finalityIsDue(Turn turn) {
        return core.pool().finalized() < round - 1
                && turn.reached(startNanos + core.limits().delayNanos());
    }

    /// Work due counts only when the block below is executed: until then a block on its way may do
    /// the work.
    private boolean workIsDue(Turn turn) {
        HeightState state = core.pool().get(core.pool().executed());
        HeightState.Executed executed = state == null ? null : state.executed();
        if (executed == null || core.pool().executed() < round - 1) {
            return false;
        }
        return switch (executed.next()) {
            case NextWork.Now _ -> true;
            case NextWork.None _ -> false;
            case NextWork.At at -> {
                long wait = at.time().value() - turn.wallNanos();
                // A timer beyond the idle tick needs no clock of its own.
                yield wait <= 0
                        || wait < core.limits().idleTickNanos()
                                && turn.reached(turn.nanos() + wait);
            }
        };
    }

    /// Whether somebody wants a block of this round: only then do rank clocks run.
    public boolean isRunning() {
        return demandNanos != Long.MAX_VALUE;
    }

    /// The round.
    public long round() {
        return round;
    }

    /// When the round started; only while it [#isRunning].
    public long startNanos() {
        return startNanos;
    }

    /// t0; only while it [#isRunning].
    public long demandNanos() {
        return demandNanos;
    }
}
