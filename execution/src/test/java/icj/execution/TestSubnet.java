package icj.execution;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.canister.Prices;
import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.state.model.CanisterState;
import icj.state.model.IngressEntry;
import icj.state.model.ReplicatedState;
import icj.testing.WatAssembler;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.types.message.Batch;
import icj.types.message.Envelope;
import icj.types.message.IngressBody;
import icj.types.message.RequestContent;
import icj.types.registry.CanisterRange;
import icj.types.registry.SubnetLimits;
import icj.types.registry.SubnetType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A subnet without consensus: batches go straight into execution.
public final class TestSubnet {
    /// Who calls unless a test says otherwise.
    public static final Principal USER = Principal.of(new byte[] {1, 2, 3});

    /// When the first batch is executed.
    public static final long START = 1_700_000_000_000_000_000L;

    private static final long STEP = 1_000_000_000L;

    /// The subnet of all tests.
    public static final SubnetId SUBNET = new SubnetId(Principal.of(new byte[29]));

    private static final ChicoryRuntime RUNTIME = runtime(64);
    private static final Blob BEATING = Blob.owning(WatAssembler.assemble(resource()));
    private static final Blob UNIVERSAL =
            Blob.owning(
                    WatAssembler.assemble(
                            resource().replace("(export \"canister_heartbeat\")", "")));

    private final SubnetSettings settings;
    private final BatchExecutor executor;
    private final QueryExecutor queries;
    private final IngressFilter filter;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Digest> roots = new ArrayList<>();
    private ReplicatedState state;
    private ExecutedBatch executed;
    private long nonce;

    /// Step of time between batches.
    public long step = STEP;

    /// A subnet of the default limits on the shared runtime.
    public TestSubnet() {
        this(limits(), Prices.ofNodes(13), RUNTIME);
    }

    /// A subnet of its own limits, prices and runtime.
    public TestSubnet(SubnetLimits limits, Prices prices, WasmRuntime runtime) {
        settings =
                new SubnetSettings(
                        SUBNET,
                        SubnetType.APPLICATION,
                        List.of(CanisterRange.ofIndex(1)),
                        Blob.owning(new byte[133]),
                        prices,
                        limits);
        executor = new BatchExecutor(runtime, settings);
        queries = new QueryExecutor(runtime, settings);
        filter = new IngressFilter(runtime, settings);
        state = ReplicatedState.genesis(SUBNET, new ConsensusTime(START), settings.firstCanister());
    }

    /// Limits that let tests end soon.
    public static SubnetLimits limits() {
        SubnetLimits local = SubnetLimits.local();
        return new SubnetLimits(
                100_000_000L,
                50_000_000L,
                1_000_000_000L,
                local.instructionsPerInstall(),
                200_000_000L,
                local.dirtyBytesPerRound(),
                64L << 20,
                1L << 30,
                4L << 30,
                local.canistersMax(),
                local.ingressBytesMax(),
                local.blockBytesMax(),
                local.blockMessagesMax(),
                local.historyEntriesMax(),
                local.historyBytesMax(),
                local.unitDelayMillis());
    }

    /// A runtime that keeps so many instances.
    public static ChicoryRuntime runtime(int instances) {
        try {
            return new ChicoryRuntime(
                    RuntimeSettings.inProcess(RuntimeSettings.Engine.COMPILED)
                            .withInstancesMax(instances));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource() {
        try (InputStream in = TestSubnet.class.getResourceAsStream("/universal/universal.wat")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The universal canister's module with a heartbeat.
    public static Blob beating() {
        return BEATING;
    }

    /// The universal canister's module, without a heartbeat.
    public static Blob universal() {
        return UNIVERSAL;
    }

    /// The settings.
    public SubnetSettings settings() {
        return settings;
    }

    /// The state after the last batch.
    public ReplicatedState state() {
        return state;
    }

    /// What the last batch led to.
    public ExecutedBatch executed() {
        return executed;
    }

    /// All batches so far.
    public List<Batch> batches() {
        return batches;
    }

    /// The state roots after them.
    public List<Digest> roots() {
        return roots;
    }

    /// The time of the next batch.
    public long nextTime() {
        return state.time().value() + step;
    }

    /// The canister, which exists.
    public CanisterState canister(CanisterId id) {
        CanisterState canister = state.canister(id);
        if (canister == null) {
            throw new AssertionError("There is no canister " + id);
        }
        return canister;
    }

    /// Executes a batch with these calls.
    public ExecutedBatch batch(IngressBody... calls) {
        return batch(null, calls);
    }

    /// Executes a batch with a tape.
    public ExecutedBatch batch(Digest tape, IngressBody... calls) {
        return replay(
                new Batch(
                        state.height().next(),
                        new ConsensusTime(nextTime()),
                        new RegistryVersion(1),
                        state.height(),
                        Digest.ZERO,
                        new NodeId(USER),
                        List.of(calls),
                        tape));
    }

    /// Executes a batch and does not ask for the root.
    ///
    /// @return nanoseconds of CPU time that the execution took
    public long batchUnhashed(IngressBody... calls) {
        Batch batch =
                new Batch(
                        state.height().next(),
                        new ConsensusTime(nextTime()),
                        new RegistryVersion(1),
                        state.height(),
                        Digest.ZERO,
                        new NodeId(USER),
                        List.of(calls),
                        null);
        long[] nanos = new long[1];
        executed =
                onLane(() -> {
                    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                    long start = threads.getCurrentThreadCpuTime();
                    ExecutedBatch result = executor.execute(state, batch);
                    nanos[0] = threads.getCurrentThreadCpuTime() - start;
                    return result;
                });
        state = executed.after();
        return nanos[0];
    }

    /// Executes a batch that another subnet executed.
    public ExecutedBatch replay(Batch batch) {
        executed = onLane(() -> executor.execute(state, batch));
        state = executed.after();
        batches.add(batch);
        roots.add(state.root());
        return executed;
    }

    /// Goes on from another state.
    public void resume(ReplicatedState from) {
        state = from;
    }

    /// Executes batches until nothing is left to do at once, at most 200.
    public void settle() {
        for (int i = 0; i < 200; i++) {
            batch();
            if (!(executed.next() instanceof icj.types.message.NextWork.Now)) {
                return;
            }
        }
        throw new AssertionError("The subnet never comes to rest");
    }

    /// A call of a user.
    public IngressBody call(Principal user, CanisterId canister, String method, Blob argument) {
        RequestContent.Call call =
                new RequestContent.Call(
                        user,
                        nextTime() + 200 * STEP,
                        Blob.owning(ByteBuffer.allocate(8).putLong(nonce++).array()),
                        canister,
                        method,
                        argument);
        Envelope envelope = Envelope.unsigned(call);
        return new IngressBody(envelope.id(), envelope.hash(), envelope.bytes());
    }

    /// A call of the universal canister.
    public IngressBody call(CanisterId canister, Program program) {
        return call(USER, canister, "update", program.bytes());
    }

    /// How far a call is.
    public IngressEntry.Status status(IngressBody body) {
        return status(body.id());
    }

    /// How far a call is.
    public IngressEntry.Status status(RequestId id) {
        IngressEntry entry = state.ingress(id);
        if (entry == null) {
            throw new AssertionError("The call is not known");
        }
        return entry.status().plain();
    }

    /// Executes a call to its end.
    public IngressEntry.Status update(
            Principal user, CanisterId canister, String method, Blob argument) {
        IngressBody body = call(user, canister, method, argument);
        batch(body);
        for (int i = 0; i < 200 && !status(body).isAnswered(); i++) {
            batch();
        }
        return status(body);
    }

    /// Executes a program as an update.
    public IngressEntry.Status update(CanisterId canister, Program program) {
        return update(USER, canister, "update", program.bytes());
    }

    /// The reply of a program.
    public Blob reply(CanisterId canister, Program program) {
        return replied(update(canister, program));
    }

    /// The reply's bytes.
    public static Blob replied(IngressEntry.Status status) {
        if (status instanceof IngressEntry.Status.Replied(Blob data)) {
            return data;
        }
        throw new AssertionError("Not replied: " + status);
    }

    /// The reject.
    public static IngressEntry.Status.Rejected rejected(IngressEntry.Status status) {
        if (status instanceof IngressEntry.Status.Rejected rejected) {
            return rejected;
        }
        throw new AssertionError("Not rejected: " + status);
    }

    /// The outcome of a query.
    public QueryOutcome query(
            CanisterId canister, String method, Blob argument, Supplier<Blob> certificate) {
        return onLane(() ->
                queries.query(
                        state,
                        new RequestContent.Query(
                                USER, nextTime(), null, canister, method, argument),
                        certificate));
    }

    /// Runs a query many times.
    ///
    /// @return nanoseconds of CPU time that it took
    public long queryMany(CanisterId canister, Program program, int times) {
        RequestContent.Query query =
                new RequestContent.Query(
                        USER, nextTime(), null, canister, "query", program.bytes());
        return onLane(() -> {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long start = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < times; i++) {
                queries.query(state, query, null);
            }
            return threads.getCurrentThreadCpuTime() - start;
        });
    }

    /// The reply of a program as a query.
    public Blob queried(CanisterId canister, Program program) {
        QueryOutcome outcome = query(canister, "query", program.bytes(), null);
        if (outcome instanceof QueryOutcome.Replied(Blob data)) {
            return data;
        }
        throw new AssertionError("Not replied: " + outcome);
    }

    /// What the filter says.
    public Rejection filter(Principal user, CanisterId canister, String method, Blob argument) {
        RequestContent.Call call =
                new RequestContent.Call(user, nextTime(), null, canister, method, argument);
        CanisterId effective = EffectiveCanisterId.of(call);
        return onLane(() -> filter.check(state, call, effective));
    }

    /// A call to the management canister.
    public IngressEntry.Status manage(String method, String argument) {
        return manage(USER, method, argument);
    }

    /// A call to the management canister.
    public IngressEntry.Status manage(Principal user, String method, String argument) {
        return update(user, CanisterId.MANAGEMENT, method, candid(argument));
    }

    /// Candid of its text form.
    public static Blob candid(String text) {
        try {
            return Blob.owning(Candid.encode(Candid.parse(text)));
        } catch (CandidException e) {
            throw new AssertionError(e);
        }
    }

    /// Makes a canister.
    public CanisterId create(String fields) {
        Blob reply =
                replied(
                        manage(
                                "provisional_create_canister_with_cycles",
                                "(record { " + fields + " })"));
        try {
            CandidType type =
                    CandidType.Record.of(
                            CandidType.Field.of("canister_id", CandidType.Primitive.PRINCIPAL));
            CandidValue value = Candid.decode(reply.toBytes(), List.of(type)).getFirst();
            return new CanisterId(value.asRecord().get("canister_id").asPrincipal());
        } catch (CandidException e) {
            throw new AssertionError(e);
        }
    }

    /// The argument of install_code.
    public static Blob installArgument(CanisterId id, String mode, Blob wasm, Blob argument) {
        CandidValue.Variant variant;
        try {
            variant = Candid.parse("(variant { " + mode + " })").getFirst().asVariant();
        } catch (CandidException e) {
            throw new AssertionError(e);
        }
        return Blob.owning(
                Candid.encode(
                        List.of(
                                CandidValue.Record.builder()
                                        .put("mode", variant)
                                        .put("canister_id", new CandidValue.Id(id.principal()))
                                        .put("wasm_module", CandidValue.Blob.owning(wasm.toBytes()))
                                        .put("arg", CandidValue.Blob.owning(argument.toBytes()))
                                        .build())));
    }

    /// Installs a module.
    public IngressEntry.Status install(CanisterId id, String mode, Blob wasm, Program argument) {
        return update(
                USER,
                CanisterId.MANAGEMENT,
                "install_code",
                installArgument(id, mode, wasm, argument.bytes()));
    }

    /// Makes a universal canister.
    public CanisterId universalCanister() {
        CanisterId id = create("");
        replied(install(id, "install", UNIVERSAL, Program.start()));
        return id;
    }

    /// The argument that names a canister.
    public static String id(CanisterId id) {
        return "(record { canister_id = principal \"" + id + "\" })";
    }

    /// Runs on a thread with the stack that the runtime asks for.
    public static <T> T onLane(Supplier<T> work) {
        List<T> result = new ArrayList<>();
        List<Throwable> failure = new ArrayList<>();
        Thread lane =
                new Thread(
                        null,
                        () -> {
                            try {
                                result.add(work.get());
                            } catch (Throwable e) {
                                failure.add(e);
                            }
                        },
                        "lane",
                        WasmRuntime.STACK_BYTES_MIN);
        lane.start();
        try {
            lane.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (!failure.isEmpty()) {
            throw new AssertionError(failure.getFirst());
        }
        return result.getFirst();
    }
}
