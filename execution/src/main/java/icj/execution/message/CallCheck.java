package icj.execution.message;

import icj.state.model.Answer;
import icj.types.Blob;

import org.jspecify.annotations.Nullable;

/// What is checked of a call to the management canister when it leaves its caller.
public interface CallCheck {
    /// Nothing: for executions whose calls never leave.
    CallCheck NONE = (method, argument, version) -> null;

    /// Why the call is rejected at once, or null.
    ///
    /// @param version of the caller while the message ran that made the call
    Answer.@Nullable Reject refusal(String method, Blob argument, long version);
}
