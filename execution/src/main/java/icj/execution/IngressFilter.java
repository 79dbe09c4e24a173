package icj.execution;

import icj.execution.canister.Accounting;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.SubnetSettings;
import icj.execution.management.ManagementCanister;
import icj.execution.management.ManagementInterface;
import icj.execution.message.CallCheck;
import icj.execution.message.MessageRunner;
import icj.execution.message.Modules;
import icj.execution.message.Rejects;
import icj.execution.system.ApiContext;
import icj.execution.system.Execution;
import icj.execution.system.ExecutionInput;
import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.EntryPoint;
import icj.execution.wasm.Instantiation;
import icj.execution.wasm.MethodKind;
import icj.execution.wasm.SystemMethod;
import icj.execution.wasm.Trap;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.Answer;
import icj.state.model.CanisterState;
import icj.state.model.Lifecycle;
import icj.state.model.ModuleCode;
import icj.state.model.ReplicatedState;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// Whether an update call is worth a place in a block (interface specification, "Call"): the
/// canister exists, has a module, runs, is not frozen and accepts the message. Not replicated: a
/// node asks before it takes a call, blocks are valid without it. Thread-safe like [QueryExecutor].
public final class IngressFilter {
    private static final int ARGUMENT_BYTES_MAX = 2 << 20;

    private final SubnetSettings settings;
    private final MessageRunner runner;

    /// @param runtime that runs modules
    /// @param settings of the subnet, from the registry
    public IngressFilter(WasmRuntime runtime, SubnetSettings settings) {
        this.settings = settings;
        this.runner = new MessageRunner(runtime, settings, new Modules(runtime), CallCheck.NONE);
    }

    /// Why the call is refused, or null.
    ///
    /// @param effective what [EffectiveCanisterId] found
    public @Nullable Rejection check(
            ReplicatedState state, RequestContent.Call call, CanisterId effective) {
        Answer.Reject reject = reject(state, call, effective);
        return reject == null
                ? null
                : new Rejection(reject.code(), reject.message(), reject.errorCode());
    }

    /// Whether the history of update calls has no room: the client is told to come back (R-S8).
    public boolean isHistoryFull(ReplicatedState state) {
        return state.ingress().size() >= settings.limits().historyEntriesMax();
    }

    private Answer.@Nullable Reject reject(
            ReplicatedState state, RequestContent.Call call, CanisterId effective) {
        if (call.arg().length() > ARGUMENT_BYTES_MAX) {
            return Rejects.of(
                    406,
                    "The argument has "
                            + call.arg().length()
                            + " bytes, at most "
                            + ARGUMENT_BYTES_MAX
                            + " are allowed");
        }
        if (call.canister().equals(CanisterId.MANAGEMENT)) {
            return management(state, call, effective);
        }
        CanisterState canister = state.canister(call.canister());
        if (canister == null) {
            return Rejects.noCanister(call.canister());
        }
        CanisterDraft draft = new CanisterDraft(canister);
        Answer.Reject frozen = frozen(draft, call);
        if (frozen != null) {
            return frozen;
        }
        ModuleCode code = canister.module();
        if (code == null) {
            return Rejects.noModule(canister.id());
        }
        switch (canister.lifecycle()) {
            case Lifecycle.Running() -> {}
            case Lifecycle.Stopping _ -> {
                return Rejects.stopping(canister.id());
            }
            case Lifecycle.Stopped() -> {
                return Rejects.stopped(canister.id());
            }
        }
        return inspect(state, draft, runner.modules().of(code), call);
    }

    private Answer.@Nullable Reject management(
            ReplicatedState state, RequestContent.Call call, CanisterId effective) {
        String method = call.method();
        if (!ManagementInterface.has(method)) {
            String shown = method.length() > 100 ? method.substring(0, 100) + "..." : method;
            return Rejects.of(407, "The management canister has no method '" + shown + "' here");
        }
        if (!ManagementCanister.servesUsers(method)) {
            return Rejects.of(
                    406, "The method '" + method + "' of the management canister is not for users");
        }
        if (ManagementInterface.creates(method)) {
            return null;
        }
        CanisterState canister = state.canister(effective);
        if (canister == null) {
            return Rejects.noCanister(effective);
        }
        if (!ManagementCanister.mayCall(call.sender(), method, canister.settings())) {
            return Rejects.of(
                    512,
                    "Only controllers of canister "
                            + effective
                            + " can call ic00 method "
                            + method);
        }
        return method.equals("update_settings") || method.equals("provisional_top_up_canister")
                ? null
                : frozen(new CanisterDraft(canister), call);
    }

    private Answer.@Nullable Reject frozen(CanisterDraft canister, RequestContent.Call call) {
        long bytes =
                (long) call.method().getBytes(StandardCharsets.UTF_8).length + call.arg().length();
        Cycles fee = settings.prices().ingress(bytes);
        return Accounting.canPay(canister, fee, settings.prices())
                ? null
                : Rejects.frozen(canister.id());
    }

    private Answer.@Nullable Reject inspect(
            ReplicatedState state,
            CanisterDraft canister,
            CanisterModule module,
            RequestContent.Call call) {
        MethodKind kind = module.method(call.method());
        if (kind == null) {
            return Rejects.noMethod(canister.id(), "update", call.method());
        }
        if (kind == MethodKind.COMPOSITE_QUERY) {
            return Rejects.compositeInUpdate(canister.id(), call.method());
        }
        if (!module.has(SystemMethod.INSPECT_MESSAGE)) {
            return null;
        }
        ExecutionInput input =
                ExecutionInput.of(ApiContext.INSPECT, canister, settings, 0, state.time().value())
                        .withCall(call.sender(), call.arg())
                        .withMethod(call.method());
        MessageRunner.Run run =
                runner.run(
                        module,
                        canister.wasm(),
                        new Execution(input),
                        canister.id(),
                        Instantiation.NONE,
                        new EntryPoint.Export(SystemMethod.INSPECT_MESSAGE.export()),
                        settings.limits().instructionsPerSystemTask(),
                        false);
        Trap trap = run.trap();
        if (trap != null) {
            return Rejects.trapped(canister.id(), trap);
        }
        return run.execution().accepts()
                ? null
                : Rejects.of(
                        406,
                        "Requested canister rejected the message: canister_inspect_message did not"
                                + " accept it");
    }
}
