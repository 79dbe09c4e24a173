package icj.execution;

import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.ReplicatedState;
import icj.types.message.Batch;

/// Executes batches: a pure function of state and batch. Called by one thread at a time, the
/// execution thread, whose stack has at least [WasmRuntime#STACK_BYTES_MIN].
public final class BatchExecutor {
    private final WasmRuntime runtime;
    private final SubnetSettings settings;

    /// @param runtime that runs modules
    /// @param settings of the subnet, from the registry
    public BatchExecutor(WasmRuntime runtime, SubnetSettings settings) {
        this.runtime = runtime;
        this.settings = settings;
    }

    /// The state after `batch`, which follows `before` without a gap.
    public ExecutedBatch execute(ReplicatedState before, Batch batch) {
        throw new UnsupportedOperationException(runtime + " " + settings);
    }
}
