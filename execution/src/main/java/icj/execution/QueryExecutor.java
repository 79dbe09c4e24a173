package icj.execution;

import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.ReplicatedState;
import icj.types.Blob;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// Runs queries on a certified snapshot; nothing of what they do is kept. Thread-safe: queries run
/// side by side, on threads whose stack has at least [WasmRuntime#STACK_BYTES_MIN].
public final class QueryExecutor {
    private final WasmRuntime runtime;
    private final SubnetSettings settings;

    /// @param runtime that runs modules
    /// @param settings of the subnet, from the registry
    public QueryExecutor(WasmRuntime runtime, SubnetSettings settings) {
        this.runtime = runtime;
        this.settings = settings;
    }

    /// The outcome of `query` on `state`.
    ///
    /// @param dataCertificate makes the certificate that reveals `/canister/ID/certified_data` and
    ///   `/time` of this very state; called at most once, and only if the canister asks. Null when
    ///   there is none.
    public QueryOutcome query(
            ReplicatedState state,
            RequestContent.Query query,
            @Nullable Supplier<Blob> dataCertificate) {
        throw new UnsupportedOperationException(runtime + " " + settings);
    }
}
