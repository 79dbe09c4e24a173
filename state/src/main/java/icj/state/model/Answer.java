package icj.state.model;

import icj.types.Blob;

/// What a call ended with.
public sealed interface Answer {
    /// The callee replied with these bytes.
    record Reply(Blob data) implements Answer {}

    /// The call was rejected.
    ///
    /// @param code 1 to 6 (interface specification, "Reject codes")
    /// @param message for people, at most 8 KiB
    /// @param errorCode "IC" and four digits; empty where only a reject code is known
    record Reject(int code, String message, String errorCode) implements Answer {}

    /// The bytes that the answer counts for, in prices and in bounds.
    default int size() {
        return switch (this) {
            case Reply(Blob data) -> data.length();
            case Reject reject -> reject.message().length();
        };
    }
}
