package icj.execution.system;

import icj.execution.canister.Backlog;
import icj.state.model.Callback;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

/// A call that leaves when the execution that made it ends well.
///
/// @param callee who is called
/// @param method the method's name
/// @param argument the argument
/// @param cycles attached
/// @param reply the callback for a reply
/// @param reject the callback for a reject
/// @param cleanup what runs when that callback traps, or null
/// @param deadline nanoseconds since 1970, 0 for a guaranteed response
/// @param executionPrepaid withheld for the callback
/// @param transmissionPrepaid withheld for the largest response
public record OutgoingCall(
        CanisterId callee,
        String method,
        Blob argument,
        Cycles cycles,
        Callback.Closure reply,
        Callback.Closure reject,
        Callback.@Nullable Closure cleanup,
        long deadline,
        Cycles executionPrepaid,
        Cycles transmissionPrepaid) {
    /// The bytes that the call counts for while it waits.
    public long bytes() {
        return Backlog.bytesOfCall(method.length(), argument.length());
    }
}
