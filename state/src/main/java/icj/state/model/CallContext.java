package icj.state.model;

import icj.types.Cycles;

/// A call that a canister took and may still answer (interface specification, "Call contexts").
///
/// @param id unique within the canister, rising
/// @param origin who waits
/// @param cycles those of the call that were not accepted yet
/// @param answered whether reply or reject went out already
/// @param deleted whether the canister was uninstalled since: responses only refund
/// @param outstanding calls of its own that have no response yet
/// @param startedAt nanoseconds since 1970
/// @param instructions used so far by all messages of the context
public record CallContext(
        long id,
        CallOrigin origin,
        Cycles cycles,
        boolean answered,
        boolean deleted,
        int outstanding,
        long startedAt,
        long instructions) {

    /// A context whose call has just arrived.
    public static CallContext opened(long id, CallOrigin origin, Cycles cycles, long now) {
        return new CallContext(id, origin, cycles, false, false, 0, now, 0);
    }

    /// The same with other unaccepted cycles.
    public CallContext withCycles(Cycles left) {
        return new CallContext(
                id, origin, left, answered, deleted, outstanding, startedAt, instructions);
    }

    /// The same after its answer: no cycles are left in it.
    public CallContext asAnswered() {
        return new CallContext(
                id, origin, Cycles.ZERO, true, deleted, outstanding, startedAt, instructions);
    }

    /// The same after its canister lost its code: answered and deaf.
    public CallContext asDeleted() {
        return new CallContext(
                id, origin, Cycles.ZERO, true, true, outstanding, startedAt, instructions);
    }

    /// The same with `change` more calls outstanding.
    public CallContext withOutstanding(int change) {
        return new CallContext(
                id,
                origin,
                cycles,
                answered,
                deleted,
                outstanding + change,
                startedAt,
                instructions);
    }

    /// The same after `more` instructions.
    public CallContext withInstructions(long more) {
        return new CallContext(
                id, origin, cycles, answered, deleted, outstanding, startedAt, instructions + more);
    }
}
