package icj.consensus.rule;

import icj.consensus.SubnetCrypto.ThresholdKey;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Height;
import icj.types.artifact.Artifact.TapeShare;

/// Shares the tape of a final block that draws one (R-C6). The share is sent after the turn's
/// journal write, which holds the finalization, so that nobody knows the randomness while the block
/// that asks for it can still be replaced.
public final class TapeMaker {
    private final Core core;

    /// The maker of a core.
    public TapeMaker(Core core) {
        this.core = core;
    }

    /// Signs each tape that is due. Returns whether the pool changed.
    public boolean run(Turn turn) {
        boolean changed = false;
        Pool pool = core.pool();
        for (long height = pool.executed() + 1; height <= pool.finalized(); height++) {
            HeightState state = pool.get(height);
            BlockEntry block = state == null ? null : state.finalBlock();
            if (state == null
                    || block == null
                    || !block.block().context().drawsTape()
                    || state.tape() != null
                    || state.ownTapeShare() != null) {
                continue;
            }
            TapeShare share =
                    new TapeShare(
                            new Height(height),
                            core.committee().self(),
                            core.crypto().signShare(ThresholdKey.LOW, core.signed().tape(height)));
            state.own(share);
            turn.broadcast(share);
            changed = true;
        }
        return changed;
    }
}
