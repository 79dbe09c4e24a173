package icj.consensus;

/// The two clocks of a step (R-C12).
///
/// @param wallNanos nanoseconds since 1970-01-01 UTC; it may jump
/// @param monotonicNanos nanoseconds since any fixed moment; it never falls
public record Now(long wallNanos, long monotonicNanos) {}
