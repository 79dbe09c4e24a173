package icj.state.model;

import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

/// What a canister runs when one of its calls is answered.
///
/// @param id unique within the canister, rising
/// @param context the call context that made the call
/// @param callee who was called
/// @param cyclesSent with the call
/// @param reply function of table 0 for a reply
/// @param reject function of table 0 for a reject
/// @param cleanup function that runs when the other one traps, or null
/// @param deadline nanoseconds since 1970, 0 for a guaranteed response
/// @param executionPrepaid withheld for running the callback; what is left comes back
/// @param transmissionPrepaid withheld for the largest response; what is left comes back
/// @param expired whether a best-effort call has had its deadline's reject already delivered
public record Callback(
        long id,
        long context,
        CanisterId callee,
        Cycles cyclesSent,
        Closure reply,
        Closure reject,
        @Nullable Closure cleanup,
        long deadline,
        Cycles executionPrepaid,
        Cycles transmissionPrepaid,
        boolean expired) {

    /// A function of the module's table 0 and its one argument.
    public record Closure(long function, long environment) {}

    /// The same, its deadline's reject being on its way.
    public Callback asExpired() {
        return new Callback(
                id,
                context,
                callee,
                cyclesSent,
                reply,
                reject,
                cleanup,
                deadline,
                executionPrepaid,
                transmissionPrepaid,
                true);
    }
}
