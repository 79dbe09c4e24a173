package icj.consensus.rule;

import icj.consensus.Effect;
import icj.consensus.Refusal;
import icj.consensus.Validity;
import icj.consensus.membership.Ranking;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;

import org.jspecify.annotations.Nullable;

/// Judges the proposals of the round, in the order of their ranks and not before a rank's time, so
/// that a block that won't be needed costs nothing.
///
/// Validity is a function of the block, its ancestors and the state at its certified height; what
/// this node lacks of these makes it wait, never refuse.
public final class BlockCheck {
    /// How long a payload that could not be judged rests before it is asked about again.
    private static final long RETRY_NANOS = 20_000_000;

    private final Core core;
    private final RoundClock clock;
    private final BlockMaker maker;

    /// The check of a core.
    public BlockCheck(Core core, RoundClock clock, BlockMaker maker) {
        this.core = core;
        this.clock = clock;
        this.maker = maker;
    }

    /// Goes on with each proposal of the round. Returns whether one changed its state.
    public boolean run(Turn turn) {
        HeightState state = core.pool().get(clock.round());
        if (!clock.isRunning() || state == null) {
            return false;
        }
        boolean changed = false;
        for (BlockEntry entry : state.blocks()) {
            if (entry.state() == BlockEntry.State.RECEIVED) {
                check(turn, state, entry);
                changed |= entry.state() != BlockEntry.State.RECEIVED;
            }
        }
        return changed;
    }

    private void check(Turn turn, HeightState state, BlockEntry entry) {
        Ranking ranking = core.ranking(entry.height());
        BlockEntry parent = core.pool().parent(entry);
        if (ranking == null || parent == null || !parent.notarized()) {
            return;
        }
        if (!isRanked(ranking, entry) || !continues(parent, entry)) {
            entry.state(BlockEntry.State.INVALID);
            core.refuse(Refusal.BAD_BLOCK);
            return;
        }
        if (state.isDisqualified(entry.maker())
                || hasBetter(state, entry)
                || !turn.reached(entry.retryNanos())
                || !turn.reached(clock.demandNanos() + core.rankDelayNanos(entry.rank()))
                || !isKnown(entry)
                || !isInTime(turn, parent, entry)) {
            return;
        }
        if (!hasRightTape(entry)) {
            entry.state(BlockEntry.State.INVALID);
            core.refuse(Refusal.BAD_BLOCK);
        } else if (entry.block().payload().isEmpty()) {
            entry.state(BlockEntry.State.VALID);
        } else {
            entry.state(BlockEntry.State.CHECKING);
            turn.effect(
                    new Effect.ValidatePayload(
                            entry.ref(),
                            entry.block(),
                            entry.proposal().bodies(),
                            core.pool()
                                    .payloadsAbove(
                                            parent, entry.block().context().certified().value())));
        }
    }

    private static boolean isRanked(Ranking ranking, BlockEntry entry) {
        return ranking.makes(entry.block().rank())
                && ranking.rank(entry.maker()).equals(entry.block().rank());
    }

    /// Nothing in the context falls, the time rises, and a block that lags is empty (R-C3).
    private boolean continues(BlockEntry parent, BlockEntry entry) {
        BlockContext below = parent.block().context();
        BlockContext own = entry.block().context();
        long lag = entry.height() - own.certified().value();
        return own.certified().compareTo(below.certified()) >= 0
                && lag >= 1
                && own.registryVersion().compareTo(below.registryVersion()) >= 0
                && own.time().isAfter(below.time())
                && (lag < core.limits().emptyPayloadLag() || entry.block().payload().isEmpty());
    }

    private static boolean hasBetter(HeightState state, BlockEntry entry) {
        for (BlockEntry other : state.blocks()) {
            if (other.state() == BlockEntry.State.VALID
                    && other.rank() < entry.rank()
                    && !state.isDisqualified(other.maker())) {
                return true;
            }
        }
        return false;
    }

    /// Whether this node has executed and seen certified what the block builds on.
    private boolean isKnown(BlockEntry entry) {
        BlockContext context = entry.block().context();
        return context.certified().value() <= core.pool().certified()
                && context.registryVersion().compareTo(maker.version()) <= 0;
    }

    /// R-C12: a validator whose wall clock lags goes by the time since it received the parent.
    private boolean isInTime(Turn turn, BlockEntry parent, BlockEntry entry) {
        long time = entry.block().context().time().value();
        long byParent =
                parent.block().context().time().value() + core.heldNanos(parent, turn.nanos());
        long early = time - Math.max(turn.wallNanos(), byParent);
        return early <= 0 || turn.reached(turn.nanos() + Math.min(early, 3_600_000_000_000L));
    }

    /// R-C6. Where the answer is unknown (a state written before the journal heard of it), the
    /// block is believed: an honest maker knows, a needless tape is harmless, and a missing one
    /// only makes requests wait.
    private boolean hasRightTape(BlockEntry entry) {
        HeightState state = core.pool().get(entry.block().context().certified().value());
        Boolean needsTape = state == null ? null : state.needsTape();
        return needsTape == null || needsTape == entry.block().context().drawsTape();
    }

    /// Takes the answer to [Effect.ValidatePayload].
    public void payloadValidated(Turn turn, BlockRef block, Validity validity) {
        BlockEntry entry = find(block);
        if (entry == null || entry.state() != BlockEntry.State.CHECKING) {
            return;
        }
        switch (validity) {
            case Validity.Valid _ -> entry.state(BlockEntry.State.VALID);
            case Validity.Invalid _ -> {
                entry.state(BlockEntry.State.INVALID);
                core.refuse(Refusal.BAD_BLOCK);
            }
            case Validity.NotYet _ -> {
                entry.state(BlockEntry.State.RECEIVED);
                entry.retryNanos(turn.nanos() + RETRY_NANOS);
            }
        }
    }

    private @Nullable BlockEntry find(BlockRef block) {
        Pool pool = core.pool();
        HeightState state = pool.get(block.height().value());
        return state == null ? null : state.block(block.hash());
    }
}
