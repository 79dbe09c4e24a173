package icj.execution.message;

import icj.execution.canister.Accounting;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.Prices;
import icj.execution.canister.SubnetSettings;
import icj.execution.system.ApiContext;
import icj.execution.system.Execution;
import icj.execution.system.ExecutionInput;
import icj.execution.system.OutgoingCall;
import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.EntryPoint;
import icj.execution.wasm.Instantiation;
import icj.execution.wasm.MessageCall;
import icj.execution.wasm.MessageResult;
import icj.execution.wasm.MethodKind;
import icj.execution.wasm.SystemMethod;
import icj.execution.wasm.Trap;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.WasmState;
import icj.state.model.Answer;
import icj.state.model.CallContext;
import icj.state.model.CallOrigin;
import icj.state.model.Callback;
import icj.state.model.CanisterMemory;
import icj.state.model.CanisterMessage;
import icj.state.model.Lifecycle;
import icj.state.model.ModuleCode;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs the messages of canisters, one at a time: calls, responses and the system's tasks. What a
/// message does reaches the draft only when it ended well; cycles for its instructions are paid in
/// any case (interface specification, "Message execution").
public final class MessageRunner {
    private final WasmRuntime runtime;
    private final SubnetSettings settings;
    private final Modules modules;
    private final CallCheck managementCalls;

    /// @param runtime that runs modules
    /// @param settings of the subnet
    /// @param modules the checked ones
    /// @param managementCalls decides on calls to the management canister that leave
    public MessageRunner(
            WasmRuntime runtime,
            SubnetSettings settings,
            Modules modules,
            CallCheck managementCalls) {
        this.runtime = runtime;
        this.settings = settings;
        this.modules = modules;
        this.managementCalls = managementCalls;
    }

    /// What one execution led to.
    ///
    /// @param result what the Wasm did
    /// @param execution what the System API was asked to do
    public record Run(MessageResult result, Execution execution) {
        /// Why it ended early, or null.
        public @Nullable Trap trap() {
            return result.trap();
        }
    }

    /// The checked modules.
    public Modules modules() {
        return modules;
    }

    /// Of the subnet.
    public SubnetSettings settings() {
        return settings;
    }

    /// Runs canister code, without any effect on the draft.
    ///
    /// @param limit of instructions
    /// @param keep whether what it does may be kept
    public Run run(
            CanisterModule module,
            WasmState before,
            Execution execution,
            CanisterId canister,
            Instantiation instantiation,
            EntryPoint entry,
            long limit,
            boolean keep) {
        MessageResult result =
                runtime.run(
                        new MessageCall(
                                canister,
                                module,
                                before,
                                instantiation,
                                entry,
                                limit,
                                settings.limits().heapBytesMax() / CanisterMemory.WASM_PAGE,
                                settings.limits().dirtyBytesPerRound(),
                                execution,
                                keep));
        return new Run(result, execution);
    }

    /// Runs the next thing that waits in the canister's queues.
    public void runNext(Round round, CanisterDraft canister) {
        if (canister.lowMemoryDue()) {
            canister.lowMemoryDue(false);
            task(round, canister, SystemMethod.ON_LOW_WASM_MEMORY);
            return;
        }
        if (canister.timerDue()) {
            canister.timerDue(false);
            task(round, canister, SystemMethod.GLOBAL_TIMER);
            return;
        }
        CanisterMessage message = canister.next();
        switch (message) {
            case null -> {}
            case CanisterMessage.Ingress ingress -> {
                CallOrigin origin = new CallOrigin.User(ingress.id(), ingress.sender());
                if (Long.compareUnsigned(ingress.expiry(), round.now()) < 0) {
                    round.answer(
                            origin,
                            canister.id(),
                            Rejects.of(202, "The call expired before it was begun"),
                            Cycles.ZERO);
                    return;
                }
                call(round, canister, origin, ingress.method(), ingress.arg(), Cycles.ZERO);
            }
            case CanisterMessage.Request request ->
                    call(
                            round,
                            canister,
                            new CallOrigin.Canister(
                                    request.sender(), request.callback(), request.deadline()),
                            request.method(),
                            request.arg(),
                            request.cycles());
            case CanisterMessage.Response response -> response(round, canister, response);
        }
    }

    /// Runs a heartbeat, the global timer's task or the low-memory hook, if the canister has it,
    /// runs and can pay.
    public void task(Round round, CanisterDraft canister, SystemMethod method) {
        ModuleCode code = canister.module();
        if (code == null || !canister.lifecycle().isRunning()) {
            return;
        }
        CanisterModule module = modules.of(code);
        long limit = settings.limits().instructionsPerSystemTask();
        Cycles prepaid = settings.prices().execution(limit, module.memory64());
        if (!module.has(method) || !Accounting.canPay(canister, prepaid, settings.prices())) {
            return;
        }
        ExecutionInput input =
                ExecutionInput.of(
                                ApiContext.TASK, canister, settings, round.bytesLeft(), round.now())
                        .withBalance(canister.balance().minus(prepaid));
        Run run = update(canister, module, input, new EntryPoint.Export(method.export()), limit);
        boolean done = settle(round, canister, module, run, prepaid);
        if (done && !run.execution().calls().isEmpty()) {
            CallContext context =
                    canister.open(new CallOrigin.System(), Cycles.ZERO, round.now())
                            .withInstructions(run.result().instructions());
            send(round, canister, context, run.execution().calls());
        }
    }

    private Run update(
            CanisterDraft canister,
            CanisterModule module,
            ExecutionInput input,
            EntryPoint entry,
            long limit) {
        return run(
                module,
                canister.wasm(),
                new Execution(input),
                canister.id(),
                Instantiation.NONE,
                entry,
                limit,
                true);
    }

    // Calls.

    private void call(
            Round round,
            CanisterDraft canister,
            CallOrigin origin,
            String method,
            Blob argument,
            Cycles cycles) {
        Answer.Reject refusal = refusal(canister, origin, cycles);
        if (refusal != null) {
            round.worked(REFUSAL_WORK);
            round.answer(origin, canister.id(), refusal, cycles);
            return;
        }
        ModuleCode code = canister.module();
        if (code == null) {
            round.answer(origin, canister.id(), Rejects.noModule(canister.id()), cycles);
            return;
        }
        CanisterModule module = modules.of(code);
        MethodKind kind = module.method(method);
        if (kind == null || kind == MethodKind.COMPOSITE_QUERY) {
            round.worked(REFUSAL_WORK);
            round.answer(
                    origin,
                    canister.id(),
                    kind == null
                            ? Rejects.noMethod(canister.id(), "update", method)
                            : Rejects.compositeInUpdate(canister.id(), method),
                    cycles);
            return;
        }
        boolean update = kind == MethodKind.UPDATE;
        long limit = settings.limits().instructionsPerMessage();
        Prices prices = settings.prices();
        Cycles prepaid = prices.execution(limit, module.memory64());
        if (!Accounting.canPay(canister, prepaid, prices)) {
            round.answer(origin, canister.id(), Rejects.frozen(canister.id()), cycles);
            return;
        }
        if (update && exceedsWasmMemoryLimit(canister)) {
            round.answer(origin, canister.id(), wasmMemoryLimit(canister), cycles);
            return;
        }
        long deadline =
                origin instanceof CallOrigin.Canister(_, _, long callDeadline) ? callDeadline : 0;
        ExecutionInput input =
                ExecutionInput.of(
                                update ? ApiContext.UPDATE : ApiContext.REPLICATED_QUERY,
                                canister,
                                settings,
                                round.bytesLeft(),
                                round.now())
                        .withCall(origin.caller(), argument)
                        .withContext(true, cycles, deadline, 0)
                        .withBalance(canister.balance().minus(prepaid));
        Run run =
                run(
                        module,
                        canister.wasm(),
                        new Execution(input),
                        canister.id(),
                        Instantiation.NONE,
                        new EntryPoint.Export(kind.export(method)),
                        limit,
                        update);
        Trap trap = run.trap();
        if (update) {
            settle(round, canister, module, run, prepaid);
        } else {
            settleQuery(round, canister, module, run, prepaid);
        }
        if (trap != null) {
            round.answer(origin, canister.id(), Rejects.trapped(canister.id(), trap), cycles);
            return;
        }
        Execution execution = run.execution();
        Answer answer = execution.answer();
        Cycles left = execution.availableAfter();
        if (execution.calls().isEmpty()) {
            // The context would open and close here.
            round.answer(
                    origin,
                    canister.id(),
                    answer == null ? Rejects.noReply(canister.id()) : answer,
                    left);
            return;
        }
        CallContext context =
                canister.open(origin, left, round.now())
                        .withInstructions(run.result().instructions());
        if (answer == null) {
            round.processing(origin);
        } else {
            round.answer(origin, canister.id(), answer, left);
            context = context.asAnswered();
        }
        send(round, canister, context, execution.calls());
    }

    private static final long REFUSAL_WORK = 20_000;

    private Answer.@Nullable Reject refusal(
            CanisterDraft canister, CallOrigin origin, Cycles cycles) {
        switch (canister.lifecycle()) {
            case Lifecycle.Running() -> {}
            case Lifecycle.Stopping _ -> {
                return Rejects.stopping(canister.id());
            }
            case Lifecycle.Stopped() -> {
                return Rejects.stopped(canister.id());
            }
        }
        Cycles minimum = canister.settings().minimumIncomingCycles();
        if (origin instanceof CallOrigin.Canister(CanisterId caller, _, _)
                && !caller.equals(canister.id())
                && cycles.compareTo(minimum) < 0) {
            return Rejects.of(
                    535,
                    "Canister "
                            + canister.id()
                            + " takes calls with at least "
                            + minimum
                            + " cycles only, this one had "
                            + cycles);
        }
        return null;
    }

    private static boolean exceedsWasmMemoryLimit(CanisterDraft canister) {
        long limit = canister.settings().wasmMemoryLimit();
        return limit != 0 && canister.memory().heapBytes() > limit;
    }

    private static Answer.Reject wasmMemoryLimit(CanisterDraft canister) {
        return Rejects.of(
                Trap.WASM_MEMORY_LIMIT,
                "Error from Canister "
                        + canister.id()
                        + ": Canister exceeded its current Wasm memory limit of "
                        + canister.settings().wasmMemoryLimit()
                        + " bytes");
    }

    // Responses.

    private void response(Round round, CanisterDraft canister, CanisterMessage.Response response) {
        Callback callback = canister.take(response.callback());
        if (callback == null) {
            // The deadline's reject came first: late answers of best-effort calls and their refunds
            // are lost.
            round.worked(REFUSAL_WORK);
            round.consumed(response.refund());
            return;
        }
        canister.credit(response.refund());
        Cycles transmission = settings.prices().response(response.answer().size());
        canister.credit(callback.transmissionPrepaid().minus(transmission));
        canister.consumed(transmission.min(callback.transmissionPrepaid()));
        CallContext opened = canister.context(callback.context());
        if (opened == null) {
            canister.credit(callback.executionPrepaid());
            return;
        }
        CallContext context = opened.withOutstanding(-1);
        ModuleCode code = canister.module();
        if (context.deleted() || code == null) {
            canister.credit(callback.executionPrepaid());
            finish(round, canister, context, null);
            return;
        }
        CanisterModule module = modules.of(code);
        boolean replied = response.answer() instanceof Answer.Reply;
        long limit = settings.limits().instructionsPerMessage();
        boolean answerDue = !context.answered() && !(context.origin() instanceof CallOrigin.System);
        long deadline =
                context.origin() instanceof CallOrigin.Canister(_, _, long callDeadline)
                        ? callDeadline
                        : 0;
        ExecutionInput input =
                ExecutionInput.of(
                                replied ? ApiContext.REPLY : ApiContext.REJECT,
                                canister,
                                settings,
                                round.bytesLeft(),
                                round.now())
                        .withCall(context.origin().caller(), Blob.EMPTY)
                        .withContext(answerDue, context.cycles(), deadline, context.instructions())
                        .withResponse(response.answer(), response.refund());
        Run run =
                update(
                        canister,
                        module,
                        input,
                        function(replied ? callback.reply() : callback.reject()),
                        limit);
        Trap trap = run.trap();
        long used = run.result().instructions();
        Callback.Closure cleanup = callback.cleanup();
        if (trap == null) {
            apply(round, canister, run);
        } else {
            logTrap(round, canister, run);
            if (cleanup != null) {
                used += cleanup(round, canister, module, context, input, cleanup, limit - used);
            }
        }
        Cycles cost =
                settings.prices()
                        .execution(used, module.memory64())
                        .min(callback.executionPrepaid());
        canister.credit(callback.executionPrepaid().minus(cost));
        canister.consumed(cost);
        count(round, run);
        context = context.withInstructions(used);
        if (trap != null) {
            finish(round, canister, context, Rejects.trapped(canister.id(), trap));
            return;
        }
        Execution execution = run.execution();
        context = context.withCycles(execution.availableAfter());
        Answer answer = execution.answer();
        if (answer != null) {
            round.answer(context.origin(), canister.id(), answer, context.cycles());
            context = context.asAnswered();
        }
        if (execution.calls().isEmpty()) {
            finish(round, canister, context, null);
        } else {
            send(round, canister, context, execution.calls());
        }
    }

    /// Runs the cleanup of a callback that trapped, on the state before that callback.
    ///
    /// @return the instructions used
    private long cleanup(
            Round round,
            CanisterDraft canister,
            CanisterModule module,
            CallContext context,
            ExecutionInput callbackInput,
            Callback.Closure cleanup,
            long left) {
        long limit = Math.max(left, CLEANUP_INSTRUCTIONS_MIN);
        ExecutionInput input =
                ExecutionInput.of(
                                ApiContext.CLEANUP,
                                canister,
                                settings,
                                round.bytesLeft(),
                                round.now())
                        .withCall(context.origin().caller(), Blob.EMPTY)
                        .withContext(false, Cycles.ZERO, 0, context.instructions());
        Answer.Reject reject = callbackInput.reject();
        if (reject != null) {
            input = input.withResponse(reject, Cycles.ZERO);
        }
        Run run = update(canister, module, input, function(cleanup), limit);
        if (run.trap() == null) {
            apply(round, canister, run);
        } else {
            logTrap(round, canister, run);
        }
        count(round, run);
        return run.result().instructions();
    }

    /// What a cleanup may use at least, when the callback used all that there was.
    private static final long CLEANUP_INSTRUCTIONS_MIN = 50_000_000;

    private static EntryPoint function(Callback.Closure closure) {
        return new EntryPoint.TableFunction(closure.function(), closure.environment());
    }

    /// Closes a context that waits for nothing more; one that starved is rejected.
    ///
    /// @param trap why it starves, or null
    private void finish(
            Round round,
            CanisterDraft canister,
            CallContext context,
            Answer.@Nullable Reject trap) {
        if (context.outstanding() > 0) {
            canister.context(context);
            return;
        }
        if (!context.answered()) {
            round.answer(
                    context.origin(),
                    canister.id(),
                    trap == null ? Rejects.noReply(canister.id()) : trap,
                    context.cycles());
        }
        canister.close(context);
        round.settle(canister);
    }

    // Effects.

    /// Pays for an execution that was prepaid from the balance and, if it ended well, lets its
    /// effects happen but for its calls.
    ///
    /// @return whether it ended well
    public boolean settle(
            Round round, CanisterDraft canister, CanisterModule module, Run run, Cycles prepaid) {
        boolean done = run.trap() == null;
        if (done) {
            apply(round, canister, run);
            canister.credit(prepaid);
        } else {
            logTrap(round, canister, run);
        }
        canister.consume(
                settings.prices().execution(run.result().instructions(), module.memory64()));
        count(round, run);
        return done;
    }

    /// The same for a query that runs as an update: nothing but cycles moves.
    private void settleQuery(
            Round round, CanisterDraft canister, CanisterModule module, Run run, Cycles prepaid) {
        if (run.trap() == null) {
            canister.balance(run.execution().balanceAfter().plus(prepaid));
            canister.consumed(run.execution().burned());
        }
        print(round, canister, run);
        canister.consume(
                settings.prices().execution(run.result().instructions(), module.memory64()));
        count(round, run);
    }

    /// Lets the effects of an execution happen but for its calls. The balance becomes that of the
    /// execution; what was prepaid is given back by the caller.
    private void apply(Round round, CanisterDraft canister, Run run) {
        Execution execution = run.execution();
        long before = canister.memoryUsage();
        memory(canister, run);
        round.take(canister.memoryUsage() - before);
        canister.balance(execution.balanceAfter());
        canister.consumed(execution.burned());
        for (OutgoingCall call : execution.calls()) {
            canister.consumed(
                    settings.prices()
                            .call((long) utf8Length(call.method()) + call.argument().length()));
        }
        Blob certified = execution.newCertifiedData();
        if (certified != null) {
            canister.certifiedData(certified);
        }
        Long timer = execution.newGlobalTimer();
        if (timer != null) {
            canister.globalTimer(timer);
        }
        print(round, canister, run);
        canister.raiseVersion();
        round.updated();
        watchMemory(round, canister);
    }

    /// Sets the memories that an execution led to.
    public static void memory(CanisterDraft canister, Run run) {
        WasmState after = run.result().after();
        canister.memory(
                new CanisterMemory(
                        after.heap(),
                        after.heapPages(),
                        run.execution().stableAfter(),
                        run.execution().stablePagesAfter(),
                        after.globals()));
    }

    /// Sees whether the low-memory hook is due.
    private void watchMemory(Round round, CanisterDraft canister) {
        long threshold = canister.settings().wasmMemoryThreshold();
        if (threshold == 0) {
            return;
        }
        long limit = canister.settings().wasmMemoryLimit();
        long capacity = limit == 0 ? settings.limits().heapBytesMax() : limit;
        boolean low = capacity - canister.memory().heapBytes() < threshold;
        if (low && canister.lowMemoryArmed()) {
            canister.lowMemoryArmed(false);
            canister.lowMemoryDue(true);
            round.ready().add(canister.id());
        } else if (!low) {
            canister.lowMemoryArmed(true);
        }
    }

    /// Makes the callbacks of the calls and sends them.
    private void send(
            Round round, CanisterDraft canister, CallContext context, List<OutgoingCall> calls) {
        canister.context(context.withOutstanding(calls.size()));
        for (OutgoingCall call : calls) {
            Callback callback =
                    canister.expect(number ->
                            new Callback(
                                    number,
                                    context.id(),
                                    call.callee(),
                                    call.cycles(),
                                    call.reply(),
                                    call.reject(),
                                    call.cleanup(),
                                    call.deadline(),
                                    call.executionPrepaid(),
                                    call.transmissionPrepaid(),
                                    false));
            Answer.Reject refusal = refusal(round, canister, call);
            if (refusal != null) {
                round.answer(
                        new CallOrigin.Canister(canister.id(), callback.id(), call.deadline()),
                        call.callee(),
                        refusal,
                        call.cycles());
                continue;
            }
            round.deliver(
                    new CanisterMessage.Request(
                            canister.id(),
                            callback.id(),
                            call.callee(),
                            call.method(),
                            call.argument(),
                            call.cycles(),
                            call.deadline()));
        }
    }

    private Answer.@Nullable Reject refusal(
            Round round, CanisterDraft canister, OutgoingCall call) {
        // The message's end has raised the version by one.
        return round.isManagement(call.callee())
                ? managementCalls.refusal(call.method(), call.argument(), canister.version() - 1)
                : null;
    }

    private static void logTrap(Round round, CanisterDraft canister, Run run) {
        Trap trap = run.trap();
        if (trap == null) {
            return;
        }
        List<Blob> lines = new ArrayList<>(run.execution().lines());
        String text = "[TRAP]: " + Rejects.sentence(trap);
        lines.add(Blob.owning(text.getBytes(StandardCharsets.UTF_8)));
        round.printed(canister, run.execution().linesDropped(), lines);
    }

    private static void print(Round round, CanisterDraft canister, Run run) {
        round.printed(canister, run.execution().linesDropped(), run.execution().lines());
    }

    private static void count(Round round, Run run) {
        round.executed(
                run.result().instructions(),
                (long) run.result().dirtyPages() + run.execution().stableDirtyPages(),
                run.trap() != null);
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
