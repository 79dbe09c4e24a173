package icj.replica.loop;

import icj.consensus.ConsensusStatus;
import icj.types.Height;

import java.util.function.Function;

/// How far a height has come.
public enum Stage {
    /// A quorum holds its block and found it valid.
    NOTARIZED(ConsensusStatus::notarized),
    /// Its block is final.
    FINALIZED(ConsensusStatus::finalized),
    /// Its batch was executed here.
    EXECUTED(ConsensusStatus::executed),
    /// A quorum signed the state after it.
    CERTIFIED(ConsensusStatus::certified);

    private final Function<ConsensusStatus, Height> height;

    Stage(Function<ConsensusStatus, Height> height) {
        this.height = height;
    }

    /// The highest height of this stage.
    public Height in(ConsensusStatus status) {
        return height.apply(status);
    }
}
