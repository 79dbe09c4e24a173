package icj.consensus.rule;

import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Digest;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.BlockRef;

/// Says that it supported one block of a height and no other (R-C4).
///
/// Safety: when q nodes say so, fewer than q can ever have supported another block of that height,
/// since two quorums share an honest node. Hence the two conditions: exactly one notarized block is
/// known, and no own notarization share for another exists; the notary does the rest, for it never
/// signs at or below this height again.
public final class Finalizer {
    private final Core core;

    /// The finalizer of a core.
    public Finalizer(Core core) {
        this.core = core;
    }

    /// Signs for each notarized height that allows it. Returns whether the pool changed.
    public boolean run(Turn turn) {
        boolean changed = false;
        Pool pool = core.pool();
        for (long height = pool.finalized() + 1; height <= pool.notarized(); height++) {
            HeightState state = pool.get(height);
            if (state != null
                    && state.ownFinalizationShare() == null
                    && state.finalization() == null
                    && state.notarizations().size() == 1) {
                changed |= sign(turn, state);
            }
        }
        return changed;
    }

    private boolean sign(Turn turn, HeightState state) {
        Digest hash = state.notarizations().keySet().iterator().next();
        BlockEntry entry = state.block(hash);
        if (entry == null || !entry.notarized()) {
            return false;
        }
        for (Digest supported : state.ownNotarizationShares().keySet()) {
            if (!supported.equals(hash)) {
                return false;
            }
        }
        BlockRef ref = entry.ref();
        FinalizationShare share =
                new FinalizationShare(
                        ref,
                        core.committee().self(),
                        core.crypto().sign(core.signed().finalization(ref)));
        core.pool().vote(share);
        turn.broadcast(share);
        return true;
    }
}
