package icj.execution;

import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.ReplicatedState;
import icj.types.CanisterId;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

/// Whether an update call is worth a place in a block (interface specification, "Call"): the
/// canister exists, has a module, runs, is not frozen and accepts the message. Not replicated: a
/// node asks before it takes a call, blocks are valid without it. Thread-safe like [QueryExecutor].
public final class IngressFilter {
    private final WasmRuntime runtime;
    private final SubnetSettings settings;

    /// @param runtime that runs modules
    /// @param settings of the subnet, from the registry
    public IngressFilter(WasmRuntime runtime, SubnetSettings settings) {
        this.runtime = runtime;
        this.settings = settings;
    }

    /// Why the call is refused, or null.
    ///
    /// @param effective what [EffectiveCanisterId] found
    public @Nullable Rejection check(
            ReplicatedState state, RequestContent.Call call, CanisterId effective) {
        throw new UnsupportedOperationException(runtime + " " + settings);
    }
}
