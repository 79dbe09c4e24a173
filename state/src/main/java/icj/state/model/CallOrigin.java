package icj.state.model;

import icj.candid.Principal;
import icj.types.CanisterId;
import icj.types.RequestId;

/// Who waits for the answer of a call.
public sealed interface CallOrigin {
    /// Who the callee sees as its caller.
    Principal caller();

    /// A user's update call.
    ///
    /// @param id under which the answer is certified
    /// @param user who signed it
    record User(RequestId id, Principal user) implements CallOrigin {
        @Override
        public Principal caller() {
            return user;
        }
    }

    /// A call of a canister.
    ///
    /// @param canister the caller
    /// @param callback its callback's number
    /// @param deadline in nanoseconds since 1970, 0 for a call that waits for as long as it takes
    record Canister(CanisterId canister, long callback, long deadline) implements CallOrigin {
        @Override
        public Principal caller() {
            return canister.principal();
        }
    }

    /// The system itself: heartbeat, global timer and the low-memory hook. Nobody waits.
    record System() implements CallOrigin {
        @Override
        public Principal caller() {
            return Principal.MANAGEMENT;
        }
    }
}
