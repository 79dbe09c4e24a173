package icj.execution;

import icj.execution.message.PrintedLine;
import icj.state.model.ReplicatedState;
import icj.types.message.NextWork;

import java.util.List;

/// What one batch led to.
///
/// @param after the state after it
/// @param next when execution wants the next batch (R-C10)
/// @param needsTape whether `raw_rand` calls wait for a tape of a later height (R-C6)
/// @param stats for metrics; not part of the state
/// @param printed what canisters printed, for the node's log; not part of the state
public record ExecutedBatch(
        ReplicatedState after,
        NextWork next,
        boolean needsTape,
        Stats stats,
        List<PrintedLine> printed) {
    public ExecutedBatch {
        printed = List.copyOf(printed);
    }

    /// Counts of one batch.
    ///
    /// @param inducted update calls that were taken
    /// @param duplicates update calls that were known already
    /// @param refused update calls that were late or answered with a reject at once
    /// @param messages executions of canister code
    /// @param trapped executions that trapped
    /// @param management calls to the management canister
    /// @param instructions used by all executions
    /// @param dirtyPages pages written by all executions
    public record Stats(
            int inducted,
            int duplicates,
            int refused,
            int messages,
            int trapped,
            int management,
            long instructions,
            long dirtyPages) {}
}
