package icj.replica.bench;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.BatchExecutor;
import icj.execution.canister.Prices;
import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.IngressEntry;
import icj.state.model.ReplicatedState;
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

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;

/// A subnet without consensus: batches of one call each go straight into execution, with the limits
/// and prices of a local network of four nodes. Belongs to one thread, whose stack is that of the
/// execution loop.
final class BareSubnet {
    private static final Principal USER = Principal.of(new byte[] {1, 2, 3});
    private static final SubnetId SUBNET = new SubnetId(Principal.of(new byte[29]));
    private static final long START_NANOS = 1_700_000_000_000_000_000L;
    private static final long STEP_NANOS = 1_000_000_000L;
    private static final long EXPIRY_NANOS = 200 * STEP_NANOS;

    /// A message of the largest size takes a round or two, an installation a few.
    private static final int BATCHES_MAX = 200;

    private final BatchExecutor executor;
    private ReplicatedState state;
    private long nonce;

    BareSubnet(WasmRuntime runtime) {
        SubnetSettings settings =
                new SubnetSettings(
                        SUBNET,
                        SubnetType.APPLICATION,
                        List.of(CanisterRange.ofIndex(1)),
                        Blob.owning(new byte[133]),
                        Prices.ofNodes(4),
                        SubnetLimits.local());
        executor = new BatchExecutor(runtime, settings);
        state =
                ReplicatedState.genesis(
                        SUBNET, new ConsensusTime(START_NANOS), settings.firstCanister());
    }

    ReplicatedState state() {
        return state;
    }

    /// Makes a canister with this module.
    CanisterId install(Blob module) {
        Blob made =
                call(
                        CanisterId.MANAGEMENT,
                        "provisional_create_canister_with_cycles",
                        encode(CandidValue.Record.builder().build()));
        CanisterId id;
        try {
            CandidType type =
                    CandidType.Record.of(
                            CandidType.Field.of("canister_id", CandidType.Primitive.PRINCIPAL));
            id =
                    new CanisterId(
                            Candid.decode(made.toBytes(), List.of(type))
                                    .getFirst()
                                    .asRecord()
                                    .get("canister_id")
                                    .asPrincipal());
        } catch (CandidException e) {
            throw new IllegalStateException("The management canister answers nonsense", e);
        }
        Blob _ =
                call(
                        CanisterId.MANAGEMENT,
                        "install_code",
                        encode(
                                CandidValue.Record.builder()
                                        .put("mode", CandidValue.Variant.of("install"))
                                        .put("canister_id", new CandidValue.Id(id.principal()))
                                        .put("wasm_module", CandidValue.Blob.of(module.shared()))
                                        .put("arg", CandidValue.Blob.owning(new byte[0]))
                                        .build()));
        return id;
    }

    private static Blob encode(CandidValue value) {
        return Blob.owning(Candid.encode(List.of(value)));
    }

    /// Calls to the end; the reply.
    Blob call(CanisterId canister, String method, Blob argument) {
        RequestId id = begin(canister, method, argument);
        for (int i = 0; i < BATCHES_MAX; i++) {
            IngressEntry entry = state.ingress(id);
            if (entry != null && entry.status().isAnswered()) {
                if (entry.status().plain() instanceof IngressEntry.Status.Replied(Blob reply)) {
                    return reply;
                }
                throw new IllegalStateException(method + ": " + entry.status());
            }
            execute(List.of());
        }
        throw new IllegalStateException(method + " does not come to its end");
    }

    private RequestId begin(CanisterId canister, String method, Blob argument) {
        RequestContent.Call call =
                new RequestContent.Call(
                        USER,
                        state.time().value() + EXPIRY_NANOS,
                        Blob.owning(ByteBuffer.allocate(Long.BYTES).putLong(nonce++).array()),
                        canister,
                        method,
                        argument);
        Envelope envelope = Envelope.unsigned(call);
        execute(List.of(new IngressBody(envelope.id(), envelope.hash(), envelope.bytes())));
        return envelope.id();
    }

    private void execute(List<IngressBody> calls) {
        Batch batch =
                new Batch(
                        state.height().next(),
                        new ConsensusTime(state.time().value() + STEP_NANOS),
                        new RegistryVersion(1),
                        state.height(),
                        Digest.ZERO,
                        new NodeId(USER),
                        calls,
                        null);
        state = executor.execute(state, batch).after();
    }

    /// The processor time of this thread, nanoseconds.
    static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
