package icj.consensus.rule;

import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Digest;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.BlockRef;

import org.jspecify.annotations.Nullable;

/// Supports the valid proposal of the lowest rank once that rank's time has come.
///
/// Safety (R-C4): never at or below the height of an own finalization share, and only in the
/// current round, which lies above every notarized height; block and bodies are in the same journal
/// write as the share (R-C2). Liveness: a node may support several blocks of a height, each of a
/// lower rank than those before, makers that equivocate left out.
public final class Notary {
    private final Core core;
    private final RoundClock clock;

    /// The notary of a core.
    public Notary(Core core, RoundClock clock) {
        this.core = core;
        this.clock = clock;
    }

    /// Signs when there is something to sign. Returns whether the pool changed.
    public boolean run(Turn turn) {
        Pool pool = core.pool();
        long round = clock.round();
        HeightState state = pool.get(round);
        // R-C3: a hard stop while execution lags. It ends by itself, since what is final already
        // can be executed and certified without another notarization.
        if (!clock.isRunning()
                || state == null
                || round - pool.certified() > core.limits().certifiedLagMax()) {
            return false;
        }
        BlockEntry best = best(state);
        if (best == null
                || state.ownNotarizationShares().containsKey(best.hash())
                || supportsBetter(state, best)
                || !turn.reached(clock.demandNanos() + core.rankDelayNanos(best.rank()))) {
            return false;
        }
        BlockRef ref = best.ref();
        NotarizationShare share =
                new NotarizationShare(
                        ref,
                        core.committee().self(),
                        core.crypto().sign(core.signed().notarization(ref)));
        pool.vote(best, share);
        turn.broadcast(share);
        return true;
    }

    private static @Nullable BlockEntry best(HeightState state) {
        BlockEntry best = null;
        for (BlockEntry entry : state.blocks()) {
            if (entry.state() == BlockEntry.State.VALID
                    && !state.isDisqualified(entry.maker())
                    && (best == null || entry.rank() < best.rank())) {
                best = entry;
            }
        }
        return best;
    }

    private static boolean supportsBetter(HeightState state, BlockEntry candidate) {
        for (Digest hash : state.ownNotarizationShares().keySet()) {
            BlockEntry supported = state.block(hash);
            if (supported != null
                    && supported.rank() <= candidate.rank()
                    && !state.isDisqualified(supported.maker())) {
                return true;
            }
        }
        return false;
    }
}
