package icj.state.model;

import icj.types.Cycles;

import java.util.List;

/// Whether a canister takes calls.
public sealed interface Lifecycle {
    /// How long a stop call waits.
    long STOP_TIMEOUT_NANOS = 300_000_000_000L;

    /// It does.
    record Running() implements Lifecycle {}

    /// It takes responses only, until no call context is open.
    ///
    /// @param waiting the stop calls that are answered then, oldest first
    record Stopping(List<StopCall> waiting) implements Lifecycle {
        public Stopping {
            waiting = List.copyOf(waiting);
        }
    }

    /// It takes nothing.
    record Stopped() implements Lifecycle {}

    /// A `stop_canister` call that waits.
    ///
    /// @param origin who waits
    /// @param cycles that came with the call and go back
    /// @param since when it began, nanoseconds since 1970
    record StopCall(CallOrigin origin, Cycles cycles, long since) {}

    /// 1 running, 2 stopping, 3 stopped, as `ic0.canister_status` says it.
    default int code() {
        return switch (this) {
            case Running() -> 1;
            case Stopping _ -> 2;
            case Stopped() -> 3;
        };
    }

    /// Whether it takes calls.
    default boolean isRunning() {
        return this instanceof Running;
    }
}
