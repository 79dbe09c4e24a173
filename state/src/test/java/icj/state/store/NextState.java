package icj.state.store;

import icj.state.model.ReplicatedState;
import icj.state.model.SystemState;
import icj.types.ConsensusTime;

/// Makes states without executing anything.
final class NextState {
    private NextState() {}

    /// The state one height above `before`, with what `edit` changed.
    static ReplicatedState of(ReplicatedState.Edit edit, ReplicatedState before) {
        SystemState system = before.system();
        return edit.commit(
                new SystemState(
                        system.subnet(),
                        before.height().next(),
                        new ConsensusTime(before.time().value() + 1),
                        system.nextCanister(),
                        system.lastServed(),
                        system.calls(),
                        system.randomness(),
                        system.updates() + 1,
                        system.consumed()));
    }
}
