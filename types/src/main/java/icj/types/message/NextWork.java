package icj.types.message;

import icj.types.ConsensusTime;

/// When execution wants the next batch, beyond new ingress (R-C10). Heartbeats make no demand.
public sealed interface NextWork {
    /// Messages are queued: at once.
    record Now() implements NextWork {}

    /// A timer is due at this time.
    record At(ConsensusTime time) implements NextWork {}

    /// Nothing is due.
    record None() implements NextWork {}
}
