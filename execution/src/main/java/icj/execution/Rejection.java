package icj.execution;

/// Why a call is not even taken: goes to the client as `non_replicated_rejection`.
///
/// @param code 1 to 5 (interface specification, "Reject codes")
/// @param message for people
/// @param errorCode "IC" and four digits
public record Rejection(int code, String message, String errorCode) {}
