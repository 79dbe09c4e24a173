package icj.agent;

import icj.types.Blob;
import icj.types.RequestId;

/// What became of a call when it was handed in.
public sealed interface Submission {
    /// The call that was handed in.
    RequestId request();

    /// The subnet certified the reply at once.
    record Replied(RequestId request, Blob reply) implements Submission {}

    /// The node took the call; its outcome is to be asked for.
    ///
    /// @param expiryNanos when the call loses its meaning, nanoseconds since 1970
    record Accepted(RequestId request, long expiryNanos) implements Submission {}
}
