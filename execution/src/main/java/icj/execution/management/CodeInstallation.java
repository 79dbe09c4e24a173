package icj.execution.management;

import icj.candid.CandidValue;
import icj.execution.canister.Accounting;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.Prices;
import icj.execution.message.MessageRunner;
import icj.execution.message.Rejects;
import icj.execution.message.Round;
import icj.execution.system.ApiContext;
import icj.execution.system.Execution;
import icj.execution.system.ExecutionInput;
import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.CustomSection;
import icj.execution.wasm.EntryPoint;
import icj.execution.wasm.Instantiation;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.SystemMethod;
import icj.execution.wasm.Trap;
import icj.execution.wasm.WasmState;
import icj.execution.wasm.binary.ModuleWork;
import icj.state.model.CanisterHistory;
import icj.state.model.CanisterMemory;
import icj.state.model.MemoryKind;
import icj.state.model.ModuleCode;
import icj.state.model.PageMap;
import icj.state.model.PagedBytes;
import icj.types.Blob;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Puts code into canisters (interface specification, "install_code").
final class CodeInstallation {
    private static final String EOP_SECTION = "enhanced-orthogonal-persistence";
    private static final int KEPT_MEMORY_CODE = 504;
    private static final int CYCLES_FOR_MEMORY = 532;

    private final MessageRunner runner;

    CodeInstallation(MessageRunner runner) {
        this.runner = runner;
    }

    /// How to install.
    ///
    /// @param mode install, reinstall or upgrade
    /// @param skipPreUpgrade whether the old module's hook is left out
    /// @param keepHeap whether an upgrade keeps the heap; null when the caller didn't say
    record Plan(CanisterHistory.Mode mode, boolean skipPreUpgrade, @Nullable Boolean keepHeap) {
        /// Reads the argument's variant.
        static Plan of(CandidValue value) {
            CandidValue.Variant variant = value.asVariant();
            if (variant.is("install")) {
                return new Plan(CanisterHistory.Mode.INSTALL, false, null);
            }
            if (variant.is("reinstall")) {
                return new Plan(CanisterHistory.Mode.REINSTALL, false, null);
            }
            CandidValue options = variant.value().asOpt();
            if (options == null) {
                return new Plan(CanisterHistory.Mode.UPGRADE, false, null);
            }
            CandidValue skip = options.asRecord().get("skip_pre_upgrade").asOpt();
            CandidValue persistence = options.asRecord().get("wasm_memory_persistence").asOpt();
            return new Plan(
                    CanisterHistory.Mode.UPGRADE,
                    skip != null && skip.asBool(),
                    persistence == null ? null : persistence.asVariant().is("keep"));
        }
    }

    /// Installs a module or leaves everything as it was, cycles apart.
    void install(
            Round round,
            CanisterDraft canister,
            Caller caller,
            Plan plan,
            Blob wasm,
            Blob argument,
            CanisterHistory.Origin origin)
            throws RejectedCall {
        ModuleCode old = canister.module();
        if (plan.mode() == CanisterHistory.Mode.INSTALL && old != null) {
            throw new RejectedCall(
                    514,
                    "Canister "
                            + canister.id()
                            + " cannot be installed because the canister is not empty. Try"
                            + " installing with mode='reinstall' instead.");
        }
        if (plan.mode() == CanisterHistory.Mode.UPGRADE && old == null) {
            throw new RejectedCall(Rejects.noModule(canister.id()));
        }
        mustPay(round, canister, false);
        CanisterModule module = checked(round, canister, wasm);
        Phases phases = new Phases(round, canister, module);
        phases.compile();
        boolean done = false;
        long timerBefore = canister.globalTimer();
        try {
            mustPay(round, canister, module.memory64());
            boolean keepHeap = keepsHeap(plan, old, module);
            if (plan.mode() == CanisterHistory.Mode.UPGRADE && old != null) {
                if (!plan.skipPreUpgrade()) {
                    phases.preUpgrade(runner.modules().of(old), caller);
                }
                canister.globalTimer(0);
                phases.instantiate(keepHeap);
                phases.entry(SystemMethod.POST_UPGRADE, caller, argument);
            } else {
                canister.globalTimer(0);
                phases.empty();
                phases.instantiate(false);
                phases.entry(SystemMethod.INIT, caller, argument);
            }
            phases.mustFit();
            done = true;
        } finally {
            if (!done) {
                canister.globalTimer(timerBefore);
            }
            phases.pay(done);
        }
        phases.commit(plan.mode(), code(round, module), origin);
    }

    /// Throws unless the canister can pay for the largest installation. Asked before anything is
    /// done for one, of which the module's kind of memory is known only later.
    static void mustPay(Round round, CanisterDraft canister, boolean memory64) throws RejectedCall {
        if (!Accounting.canPay(canister, largest(round, memory64), round.settings().prices())) {
            throw new RejectedCall(Rejects.frozen(canister.id()));
        }
    }

    private static Cycles largest(Round round, boolean memory64) {
        return round.settings()
                .prices()
                .execution(round.settings().limits().instructionsPerInstall(), memory64);
    }

    /// The part of an installation's instructions that all that comes before the first one of the
    /// module counts at most.
    private static long bounded(Round round, long work) {
        return Math.min(work, round.settings().limits().instructionsPerInstall() / 2);
    }

    /// Counts work that led to nothing and lets the canister pay for it: as much as if the module
    /// were one that can be installed.
    static void payFailure(Round round, CanisterDraft canister, long work) {
        long instructions = bounded(round, work);
        round.worked(instructions);
        canister.consume(round.settings().prices().execution(instructions, false));
    }

    /// Throws unless a canister that takes more memory stays above its freezing limit.
    ///
    /// @param balance that is left to it
    /// @param more bytes that it takes, if positive
    /// @param bytes that it has then
    static void mustPayForMemory(
            CanisterDraft canister, Cycles balance, long more, long bytes, Prices prices)
            throws RejectedCall {
        Cycles needed = Accounting.freezingLimit(canister, bytes, prices);
        if (more > 0 && balance.compareTo(needed) < 0) {
            throw new RejectedCall(
                    CYCLES_FOR_MEMORY,
                    "Canister "
                            + canister.id()
                            + " cannot take "
                            + more
                            + " more bytes due to insufficient cycles. At least "
                            + needed.minus(balance)
                            + " additional cycles are required.");
        }
    }

    private CanisterModule checked(Round round, CanisterDraft canister, Blob wasm)
            throws RejectedCall {
        try {
            CanisterModule module = runner.modules().check(wasm);
            long bytes = (long) module.wasmBytes() + module.unpackedBytes();
            round.worked(bounded(round, ModuleWork.reading(bytes)));
            return module;
        } catch (InvalidModuleException e) {
            payFailure(round, canister, e.work());
            throw new RejectedCall(505, "Canister's Wasm module is not valid: " + e.getMessage());
        }
    }

    /// Whether the heap is kept, by the rules of enhanced orthogonal persistence.
    private static boolean keepsHeap(Plan plan, @Nullable ModuleCode old, CanisterModule module)
            throws RejectedCall {
        if (plan.mode() != CanisterHistory.Mode.UPGRADE || old == null) {
            return false;
        }
        ModuleCode.Section section = old.section(EOP_SECTION);
        boolean wasPersistent = section != null && !section.open();
        CustomSection next = module.customSection(EOP_SECTION);
        boolean isPersistent = next != null && !next.isPublic();
        Boolean keep = plan.keepHeap();
        if (keep == null) {
            if (wasPersistent) {
                throw new RejectedCall(
                        KEPT_MEMORY_CODE,
                        "Missing upgrade option: Enhanced orthogonal persistence requires the"
                                + " `wasm_memory_persistence` upgrade option.");
            }
            return false;
        }
        if (keep && !isPersistent) {
            throw new RejectedCall(
                    KEPT_MEMORY_CODE,
                    "Invalid upgrade option: The `wasm_memory_persistence: opt Keep` upgrade option"
                            + " requires that the new canister module supports enhanced orthogonal"
                            + " persistence.");
        }
        return keep;
    }

    /// The module as the state keeps it, the same object for all canisters that run it.
    private static ModuleCode code(Round round, CanisterModule module) {
        ModuleCode known = round.before().modules().get(key(module));
        if (known != null) {
            return known;
        }
        List<ModuleCode.Section> sections = new ArrayList<>();
        for (CustomSection section : module.customSections()) {
            sections.add(
                    new ModuleCode.Section(section.name(), section.isPublic(), section.content()));
        }
        sections.sort((a, b) ->
                Arrays.compareUnsigned(
                        a.name().getBytes(StandardCharsets.UTF_8),
                        b.name().getBytes(StandardCharsets.UTF_8)));
        return new ModuleCode(
                module.moduleHash(),
                PagedBytes.of(module.wasm()),
                sections,
                module.has(SystemMethod.HEARTBEAT));
    }

    private static Blob key(CanisterModule module) {
        return Blob.owning(module.moduleHash().shared());
    }

    /// The executions of one installation, each on what the one before left.
    private final class Phases {
        private final Round round;
        private final CanisterDraft canister;
        private final CanisterModule module;
        private final List<Blob> lines = new ArrayList<>();
        private long linesDropped;
        private CanisterMemory memory;
        private Cycles balance;
        private final Cycles prepaid;
        private long instructions;
        private @Nullable Blob certifiedData;
        private @Nullable Long globalTimer;
        private Cycles burned = Cycles.ZERO;

        Phases(Round round, CanisterDraft canister, CanisterModule module) {
            this.round = round;
            this.canister = canister;
            this.module = module;
            this.memory = canister.memory();
            this.prepaid = largest(round, module.memory64());
            this.balance = canister.balance().minus(prepaid);
        }

        void compile() {
            instructions = bounded(round, module.instructionCount() * ModuleWork.INSTRUCTION);
            round.worked(instructions);
        }

        void empty() {
            memory = CanisterMemory.empty(MemoryKind.HEAP);
        }

        void preUpgrade(CanisterModule old, Caller caller) throws RejectedCall {
            if (!old.has(SystemMethod.PRE_UPGRADE)) {
                return;
            }
            run(
                    old,
                    input(ApiContext.PRE_UPGRADE).withCall(caller.principal(), Blob.EMPTY),
                    Instantiation.NONE,
                    new EntryPoint.Export(SystemMethod.PRE_UPGRADE.export()));
        }

        void instantiate(boolean keepHeap) throws RejectedCall {
            if (!keepHeap) {
                memory =
                        new CanisterMemory(
                                PageMap.empty(MemoryKind.HEAP),
                                0,
                                memory.stable(),
                                memory.stablePages(),
                                List.of());
            }
            run(
                    module,
                    input(ApiContext.START),
                    keepHeap ? Instantiation.KEEP_HEAP : Instantiation.FRESH,
                    new EntryPoint.OnlyStart());
        }

        void entry(SystemMethod method, Caller caller, Blob argument) throws RejectedCall {
            if (!module.has(method)) {
                return;
            }
            run(
                    module,
                    input(ApiContext.INIT)
                            .withCall(caller.principal(), argument)
                            .withVersion(canister.version() + 1),
                    Instantiation.NONE,
                    new EntryPoint.Export(method.export()));
        }

        private ExecutionInput input(ApiContext context) {
            return ExecutionInput.of(
                            context, canister, round.settings(), round.bytesLeft(), round.now())
                    .withBalance(balance);
        }

        private void run(
                CanisterModule code,
                ExecutionInput input,
                Instantiation instantiation,
                EntryPoint entry)
                throws RejectedCall {
            long limit = round.settings().limits().instructionsPerInstall() - instructions;
            MessageRunner.Run run =
                    runner.run(
                            code,
                            new WasmState(memory.heap(), memory.heapPages(), memory.globals()),
                            new Execution(input, memory),
                            canister.id(),
                            instantiation,
                            entry,
                            limit,
                            true);
            instructions += run.result().instructions();
            round.executed(
                    run.result().instructions(),
                    (long) run.result().dirtyPages() + run.execution().stableDirtyPages(),
                    run.trap() != null);
            lines.addAll(run.execution().lines());
            linesDropped += run.execution().linesDropped();
            Trap trap = run.trap();
            if (trap != null) {
                lines.add(
                        Blob.owning(
                                ("[TRAP]: " + Rejects.sentence(trap))
                                        .getBytes(StandardCharsets.UTF_8)));
                throw new RejectedCall(Rejects.trapped(canister.id(), trap));
            }
            WasmState after = run.result().after();
            memory =
                    new CanisterMemory(
                            after.heap(),
                            after.heapPages(),
                            run.execution().stableAfter(),
                            run.execution().stablePagesAfter(),
                            after.globals());
            balance = run.execution().balanceAfter();
            burned = burned.plus(run.execution().burned());
            Blob certified = run.execution().newCertifiedData();
            if (certified != null) {
                certifiedData = certified;
            }
            Long timer = run.execution().newGlobalTimer();
            globalTimer = timer == null ? globalTimer : timer;
            if (input.context() == ApiContext.PRE_UPGRADE) {
                // The timer of the old code ends with it.
                globalTimer = null;
            }
        }

        /// Throws when the subnet has no room for what came out, or the canister can't pay for it.
        void mustFit() throws RejectedCall {
            long allocated = canister.settings().memoryAllocation();
            long before = Math.max(allocated, canister.memoryUsage());
            long after =
                    Math.max(
                            allocated,
                            memory.heapBytes()
                                    + memory.stableBytes()
                                    + 8L * memory.globals().size()
                                    + module.wasmBytes()
                                    + canister.history().bytes()
                                    + canister.chunks().bytes());
            if (after - before > round.bytesLeft()) {
                throw new RejectedCall(
                        402,
                        "Canister "
                                + canister.id()
                                + " needs "
                                + (after - before)
                                + " more bytes, the subnet has "
                                + round.bytesLeft()
                                + " left");
            }
            Cycles price = round.settings().prices().execution(instructions, module.memory64());
            mustPayForMemory(
                    canister,
                    balance.plus(prepaid).minus(price),
                    after - before,
                    after,
                    round.settings().prices());
            round.take(after - before);
        }

        /// Instructions are paid for in any case.
        void pay(boolean done) {
            if (done) {
                canister.balance(balance.plus(prepaid));
                canister.consumed(burned);
            }
            canister.consume(round.settings().prices().execution(instructions, module.memory64()));
            round.printed(canister, linesDropped, lines);
        }

        void commit(CanisterHistory.Mode mode, ModuleCode code, CanisterHistory.Origin origin) {
            canister.memory(memory);
            canister.module(code, round.now());
            if (mode != CanisterHistory.Mode.UPGRADE) {
                canister.certifiedData(Blob.EMPTY);
            }
            if (mode == CanisterHistory.Mode.REINSTALL) {
                canister.log(canister.log().purged());
                canister.log(canister.log().with(round.now(), linesDropped, lines));
            }
            Blob certified = certifiedData;
            if (certified != null) {
                canister.certifiedData(certified);
            }
            Long timer = globalTimer;
            canister.globalTimer(timer == null ? 0 : timer);
            canister.timerDue(false);
            canister.raiseVersion();
            canister.record(
                    new CanisterHistory.Change(
                            round.now(),
                            canister.version(),
                            origin,
                            new CanisterHistory.Details.CodeDeployment(mode, code.hash())));
        }
    }
}
