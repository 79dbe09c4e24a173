package icj.execution;

import icj.types.Blob;

/// What a query ended with.
public sealed interface QueryOutcome {
    /// The canister replied with these bytes.
    record Replied(Blob data) implements QueryOutcome {}

    /// The query was rejected.
    ///
    /// @param code 1 to 5 (interface specification, "Reject codes")
    /// @param message for people
    /// @param errorCode "IC" and four digits
    record Rejected(int code, String message, String errorCode) implements QueryOutcome {}
}
