package icj.execution.wasm;

import org.jspecify.annotations.Nullable;

/// What one message did.
///
/// @param trap why it ended early, or null
/// @param instructions what it used, never above its limit; the same on every machine and engine
/// @param after the state after it; after a trap the state before it
/// @param dirtyPages heap pages of 4 KiB that it wrote to (those of a trapped message count too)
public record MessageResult(
        @Nullable Trap trap, long instructions, WasmState after, int dirtyPages) {}
