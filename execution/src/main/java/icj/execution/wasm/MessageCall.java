package icj.execution.wasm;

import icj.types.CanisterId;

/// One message to run.
///
/// @param canister whose instance may be kept
/// @param module the canister's code
/// @param before its state before the message
/// @param instantiation what comes before the entry point
/// @param entry what to run
/// @param instructionLimit beyond it the message traps with [Trap#INSTRUCTION_LIMIT]
/// @param heapPagesMax a `memory.grow` beyond it (or the module's own maximum) answers -1, in pages
///   of 64 KiB; at most 65,536
/// @param writtenBytesMax beyond so many bytes of pages written, heap and stable memory together,
///   the message traps with [Trap#MEMORY_ACCESS_LIMIT]
/// @param host the System API
/// @param keep true for what may change the canister: the instance that ran is kept for its next
///   message. False for queries and the like: run on a pooled instance that is rolled back; then
///   [MessageResult#after] still tells the state reached (composite queries go on from it)
public record MessageCall(
        CanisterId canister,
        CanisterModule module,
        WasmState before,
        Instantiation instantiation,
        EntryPoint entry,
        long instructionLimit,
        long heapPagesMax,
        long writtenBytesMax,
        Ic0Host host,
        boolean keep) {}
