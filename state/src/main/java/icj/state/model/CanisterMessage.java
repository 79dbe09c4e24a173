package icj.state.model;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.RequestId;

/// A message on its way to a canister of this subnet or to the management canister.
public sealed interface CanisterMessage {
    /// What a message takes of a node's heap beside its method's name and its argument, about: ids,
    /// hash and place in the queue.
    int OVERHEAD_BYTES = 512;

    /// Who gets it.
    CanisterId receiver();

    /// The bytes that the message counts for while it waits.
    default long bytes() {
        return OVERHEAD_BYTES
                + switch (this) {
                    case Ingress call -> (long) call.method().length() + call.arg().length();
                    case Request call -> (long) call.method().length() + call.arg().length();
                    case Response response -> response.answer().size();
                };
    }

    /// A user's update call.
    ///
    /// @param id of the request
    /// @param sender who signed it
    /// @param receiver the canister called, or the management canister
    /// @param effective the canister that it concerns; the receiver, except for management calls
    /// @param method the method's name
    /// @param arg the argument
    /// @param expiry nanoseconds since 1970; no execution begins later
    record Ingress(
            RequestId id,
            Principal sender,
            CanisterId receiver,
            CanisterId effective,
            String method,
            Blob arg,
            long expiry)
            implements CanisterMessage {}

    /// A call of a canister.
    ///
    /// @param sender the caller
    /// @param callback the caller's callback
    /// @param receiver the canister called, or the management canister
    /// @param method the method's name
    /// @param arg the argument
    /// @param cycles attached to the call; no longer in the caller's balance
    /// @param deadline nanoseconds since 1970, 0 for a guaranteed response
    record Request(
            CanisterId sender,
            long callback,
            CanisterId receiver,
            String method,
            Blob arg,
            Cycles cycles,
            long deadline)
            implements CanisterMessage {}

    /// The one answer to a [Request].
    ///
    /// @param respondent who was called
    /// @param receiver the caller of then
    /// @param callback the caller's callback
    /// @param refund cycles that come back
    /// @param answer reply or reject
    /// @param deadline that of the request
    record Response(
            CanisterId respondent,
            CanisterId receiver,
            long callback,
            Cycles refund,
            Answer answer,
            long deadline)
            implements CanisterMessage {}
}
