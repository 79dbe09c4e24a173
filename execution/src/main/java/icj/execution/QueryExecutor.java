package icj.execution;

import icj.candid.Principal;
import icj.execution.canister.Accounting;
import icj.execution.canister.Backlog;
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
import icj.execution.system.OutgoingCall;
import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.EntryPoint;
import icj.execution.wasm.Instantiation;
import icj.execution.wasm.MethodKind;
import icj.execution.wasm.Trap;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.WasmState;
import icj.state.model.Answer;
import icj.state.model.Callback;
import icj.state.model.CanisterMemory;
import icj.state.model.CanisterState;
import icj.state.model.Lifecycle;
import icj.state.model.ModuleCode;
import icj.state.model.ReplicatedState;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/// Runs queries on a certified snapshot; nothing of what they do is kept. Thread-safe: queries run
/// side by side, on threads whose stack has at least [WasmRuntime#STACK_BYTES_MIN].
///
/// Composite queries call queries of canisters of the same subnet, on the same snapshot; what a
/// canister's heap becomes is seen by its own callbacks and then dropped.
public final class QueryExecutor {
    private static final int DEPTH_MAX = 6;

    /// Instructions that each call of a composite query counts for, beside its own.
    private static final long CALL_INSTRUCTIONS = 50_000_000;

    private final SubnetSettings settings;
    private final MessageRunner runner;

    /// @param runtime that runs modules
    /// @param settings of the subnet, from the registry
    public QueryExecutor(WasmRuntime runtime, SubnetSettings settings) {
        this.settings = settings;
        this.runner = new MessageRunner(runtime, settings, new Modules(runtime), CallCheck.NONE);
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
        Graph graph = new Graph(state);
        Answer answer =
                graph.call(
                        query.sender(),
                        query.canister(),
                        query.method(),
                        query.arg(),
                        dataCertificate,
                        0);
        return switch (answer) {
            case Answer.Reply(Blob data) -> new QueryOutcome.Replied(data);
            case Answer.Reject(int code, String message, String errorCode) ->
                    new QueryOutcome.Rejected(code, message, errorCode);
        };
    }

    /// One query with all that it calls.
    private final class Graph {
        private final ReplicatedState state;
        private final Backlog backlog = Backlog.ofQuery();
        private long instructionsLeft = settings.limits().instructionsPerQuery();

        Graph(ReplicatedState state) {
            this.state = state;
        }

        Answer call(
                Principal caller,
                CanisterId callee,
                String method,
                Blob argument,
                @Nullable Supplier<Blob> dataCertificate,
                int depth) {
            if (callee.equals(CanisterId.MANAGEMENT)) {
                CanisterId named = ManagementInterface.concerned(method, argument);
                CanisterState concerned = named == null ? null : state.canister(named);
                return ManagementCanister.query(
                        caller,
                        method,
                        argument,
                        concerned == null ? null : new CanisterDraft(concerned),
                        settings.prices());
            }
            CanisterState canister = state.canister(callee);
            if (canister == null) {
                return Rejects.noCanister(callee);
            }
            CanisterDraft draft = new CanisterDraft(canister, backlog);
            Answer.Reject refusal = refusal(draft);
            if (refusal != null) {
                return refusal;
            }
            ModuleCode code = canister.module();
            if (code == null) {
                return Rejects.noModule(callee);
            }
            CanisterModule module = runner.modules().of(code);
            MethodKind kind = module.method(method);
            if (kind == null || kind == MethodKind.UPDATE) {
                return Rejects.noMethod(callee, "query", method);
            }
            boolean composite = kind == MethodKind.COMPOSITE_QUERY;
            ExecutionInput input =
                    ExecutionInput.of(
                                    composite ? ApiContext.COMPOSITE_QUERY : ApiContext.QUERY,
                                    draft,
                                    settings,
                                    0,
                                    state.time().value())
                            .withCall(caller, argument)
                            .withContext(true, Cycles.ZERO, 0, 0)
                            .withCertificate(dataCertificate);
            Node node = new Node(caller, draft, module, depth);
            return node.run(input, new EntryPoint.Export(kind.export(method)));
        }

        private Answer.@Nullable Reject refusal(CanisterDraft canister) {
            return switch (canister.lifecycle()) {
                case Lifecycle.Stopping _ -> Rejects.stopping(canister.id());
                case Lifecycle.Stopped() -> Rejects.stopped(canister.id());
                case Lifecycle.Running() ->
                        Accounting.canPay(canister, Cycles.ZERO, settings.prices())
                                ? null
                                : Rejects.frozen(canister.id());
            };
        }

        /// One call context of the graph.
        private final class Node {
            private final Principal caller;
            private final CanisterDraft canister;
            private final CanisterModule module;
            private final int depth;
            private final Deque<OutgoingCall> calls = new ArrayDeque<>();
            private CanisterMemory memory;
            private @Nullable Trap trap;

            Node(Principal caller, CanisterDraft canister, CanisterModule module, int depth) {
                this.caller = caller;
                this.canister = canister;
                this.module = module;
                this.depth = depth;
                this.memory = canister.memory();
            }

            Answer run(ExecutionInput input, EntryPoint entry) {
                Answer answer = answer(input, entry);
                for (OutgoingCall call : calls) {
                    backlog.addCall(-call.bytes());
                }
                return answer;
            }

            private Answer answer(ExecutionInput input, EntryPoint entry) {
                Answer answer = execute(input, entry);
                while (answer == null) {
                    OutgoingCall call = calls.poll();
                    if (call == null) {
                        Trap last = trap;
                        return last == null
                                ? Rejects.noReply(canister.id())
                                : Rejects.trapped(canister.id(), last);
                    }
                    backlog.addCall(-call.bytes());
                    answer = respond(call, outcome(call));
                }
                return answer;
            }

            private Answer outcome(OutgoingCall call) {
                if (depth + 1 >= DEPTH_MAX) {
                    return Rejects.of(525, "Composite queries call one another too deeply");
                }
                instructionsLeft -= CALL_INSTRUCTIONS;
                if (instructionsLeft <= 0) {
                    return Rejects.of(
                            526, "The composite query and its calls used all their instructions");
                }
                return call(
                        canister.id().principal(),
                        call.callee(),
                        call.method(),
                        call.argument(),
                        null,
                        depth + 1);
            }

            private @Nullable Answer respond(OutgoingCall call, Answer response) {
                boolean replied = response instanceof Answer.Reply;
                ExecutionInput input =
                        input(replied ? ApiContext.COMPOSITE_REPLY : ApiContext.COMPOSITE_REJECT)
                                .withContext(true, Cycles.ZERO, 0, 0)
                                .withResponse(response, Cycles.ZERO);
                Trap before = trap;
                trap = null;
                Answer answer = execute(input, entry(replied ? call.reply() : call.reject()));
                Callback.Closure cleanup = call.cleanup();
                Trap failed = trap;
                if (failed != null && cleanup != null) {
                    execute(input(ApiContext.COMPOSITE_CLEANUP), entry(cleanup));
                }
                trap = failed == null ? before : failed;
                return answer;
            }

            private ExecutionInput input(ApiContext context) {
                return ExecutionInput.of(context, canister, settings, 0, state.time().value())
                        .withCall(caller, Blob.EMPTY);
            }

            private static EntryPoint entry(Callback.Closure closure) {
                return new EntryPoint.TableFunction(closure.function(), closure.environment());
            }

            /// Runs a piece of code on what the one before left; a trap undoes it.
            private @Nullable Answer execute(ExecutionInput input, EntryPoint entry) {
                if (instructionsLeft <= 0) {
                    trap = new Trap(Trap.INSTRUCTION_LIMIT, "The query used all its instructions");
                    return null;
                }
                MessageRunner.Run run =
                        runner.run(
                                module,
                                new WasmState(memory.heap(), memory.heapPages(), memory.globals()),
                                new Execution(input, memory),
                                canister.id(),
                                Instantiation.NONE,
                                entry,
                                instructionsLeft,
                                false);
                instructionsLeft -= run.result().instructions();
                trap = run.trap();
                if (trap != null) {
                    return null;
                }
                for (OutgoingCall call : run.execution().calls()) {
                    backlog.addCall(call.bytes());
                }
                if (!run.execution().calls().isEmpty()) {
                    memory = after(run);
                    calls.addAll(run.execution().calls());
                } else if (input.context().isComposite() && !calls.isEmpty()) {
                    memory = after(run);
                }
                return run.execution().answer();
            }
        }
    }

    private static CanisterMemory after(MessageRunner.Run run) {
        WasmState after = run.result().after();
        return new CanisterMemory(
                after.heap(),
                after.heapPages(),
                run.execution().stableAfter(),
                run.execution().stablePagesAfter(),
                after.globals());
    }
}
