package icj.execution.wasm;

import icj.types.Blob;

import java.util.List;

/// Loads canister modules and runs messages on them.
///
/// Thread-safe: messages of different canisters, and queries of the same one, run concurrently. The
/// caller runs [#run] on a thread with a stack of at least [#STACK_BYTES_MIN]: depth is counted
/// (R-E5) so that no canister reaches its end; a `StackOverflowError` would mean that the rule was
/// wrong and comes out as an [icj.types.Invariant.Violation].
///
/// What persists between messages is in [WasmState] and nowhere else: instances are kept only to be
/// fast and may go at any time with no visible effect (R-E1).
public interface WasmRuntime extends AutoCloseable {
    /// The least stack of a thread that calls [#run], in bytes (R-E5). It is address space: memory
    /// is taken for what is used of it.
    long STACK_BYTES_MIN = 512L << 20;

    /// Decodes (gzip or raw), checks, rewrites and compiles a module, or takes all that from the
    /// cache. A cold module of a few megabytes takes seconds: not for the consensus or execution
    /// thread (R-E9). How long it takes never decides the outcome: a node that is not ready waits,
    /// and one that can't compile a valid module at all ends.
    ///
    /// @param wasm the bytes as uploaded
    /// @throws InvalidModuleException for whatever is wrong with the module (IC0505); nothing else
    ///   is thrown because of its content
    CanisterModule load(Blob wasm) throws InvalidModuleException;

    /// Makes a module ready before anybody needs it, with bounds of time and memory that hang on
    /// this machine; what goes beyond them is left to [#load], which has none.
    ///
    /// @throws InvalidModuleException as [#load]
    default void prepare(Blob wasm) throws InvalidModuleException {
        load(wasm);
    }

    /// Runs one message to its end and returns what it did; a trap is a value in the result.
    MessageResult run(MessageCall call);

    /// What a runtime keeps in memory between messages.
    enum Keeps {
        /// Instances of modules.
        INSTANCES,
        /// Pages of 4 KiB that these hold.
        PAGES,
        /// Bytes of classes.
        CODE_BYTES
    }

    /// How much of something is kept, for metrics.
    ///
    /// @param bound what `amount` doesn't exceed for longer than one message takes
    record Kept(Keeps what, long amount, long bound) {}

    /// What is kept now: one for each of [Keeps], in their order.
    List<Kept> kept();

    /// Ends helper threads and forgets what is held in memory.
    @Override
    void close();
}
