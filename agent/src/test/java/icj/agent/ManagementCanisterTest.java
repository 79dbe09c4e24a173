package icj.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.RequestContent;
import icj.wire.Sha256;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

@Timeout(60)
final class ManagementCanisterTest {
    private static final CanisterId CANISTER = TestNode.canister(5);

    private TestNode node;
    private Agent agent;

    /// Method and argument of each call, the argument at its own type.
    private final List<String> methods = new ArrayList<>();

    private final List<CandidValue> arguments = new ArrayList<>();
    private final Map<String, String> replies = new TreeMap<>();

    @BeforeEach
    void start() throws Exception {
        node = new TestNode();
        node.calls =
                (envelope, call) -> {
                    assertEquals(CanisterId.MANAGEMENT, call.canister());
                    methods.add(call.method());
                    CandidValue argument = argument(call);
                    arguments.add(argument);
                    return node.certified(envelope.id(), "replied", "reply", reply(call, argument));
                };
        agent = node.agent().build();
    }

    @AfterEach
    void stop() {
        agent.close();
        node.close();
    }

    @Test
    void makesCanistersWithCyclesAndSettings() throws Exception {
        replies.put(
                "provisional_create_canister_with_cycles",
                "(record { canister_id = principal \"" + CANISTER + "\" })");
        CanisterId made =
                agent.management()
                        .create(
                                BigInteger.TEN.pow(20),
                                CanisterSettings.UNCHANGED
                                        .controllers(List.of(Principal.ANONYMOUS))
                                        .freezingThreshold(BigInteger.ONE)
                                        .freezingThreshold(BigInteger.TWO)
                                        .environmentVariables(Map.of("A", "b")),
                                TestNode.canister(0));
        assertEquals(CANISTER, made);
        CandidValue.Record argument = arguments.get(0).asRecord();
        assertEquals(BigInteger.TEN.pow(20), argument.get("amount").asOpt().asNumber());
        CandidValue.Record settings = argument.get("settings").asOpt().asRecord();
        assertEquals(
                Principal.ANONYMOUS,
                settings.get("controllers").asOpt().asVec().get(0).asPrincipal());
        assertEquals(BigInteger.TWO, settings.get("freezing_threshold").asOpt().asNumber());
        assertEquals(CandidValue.Opt.NONE, settings.get("compute_allocation"));
        assertEquals("/api/v4/canister/" + TestNode.canister(0) + "/call", node.paths.get(0));
    }

    @Test
    void installsSmallModulesInOneCall() throws Exception {
        byte[] module = new byte[1000];
        agent.management().install(CANISTER, new InstallMode.Install(), module, Blob.fromHex("aa"));
        agent.management()
                .install(CANISTER, InstallMode.upgradeKeepingMemory(), module, Blob.EMPTY);
        assertEquals(List.of("install_code", "install_code"), methods);
        CandidValue.Record first = arguments.get(0).asRecord();
        assertEquals(1000, first.get("wasm_module").asBlob().length);
        assertEquals(true, first.get("mode").asVariant().is("install"));
        CandidValue.Variant mode = arguments.get(1).asRecord().get("mode").asVariant();
        assertEquals(true, mode.is("upgrade"));
        CandidValue.Record options = mode.value().asOpt().asRecord();
        assertEquals(true, options.get("wasm_memory_persistence").asOpt().asVariant().is("keep"));
        assertEquals(CandidValue.Opt.NONE, options.get("skip_pre_upgrade"));
    }

    @Test
    void installsLargeModulesInChunks() throws Exception {
        byte[] module = new byte[2_500_000];
        for (int i = 0; i < module.length; i++) {
            module[i] = (byte) (i >>> 13);
        }
        agent.management().install(CANISTER, InstallMode.upgrade(), module, Blob.EMPTY);
        assertEquals(
                List.of(
                        "clear_chunk_store",
                        "upload_chunk",
                        "upload_chunk",
                        "upload_chunk",
                        "install_chunked_code",
                        "clear_chunk_store"),
                methods);
        ByteArrayOutputStream uploaded = new ByteArrayOutputStream();
        for (int i = 1; i <= 3; i++) {
            uploaded.writeBytes(arguments.get(i).asRecord().get("chunk").asBlob());
        }
        CandidValue.Record install = arguments.get(4).asRecord();
        assertEquals(Blob.of(module), Blob.of(uploaded.toByteArray()));
        assertEquals(
                Blob.of(Sha256.of(module).toBytes()),
                Blob.of(install.get("wasm_module_hash").asBlob()));
        assertEquals(3, install.get("chunk_hashes_list").asVec().size());
    }

    @Test
    void readsTheStatusOfNewerNetworksToo() throws Exception {
        replies.put(
                "canister_status",
                """
                (record {
                  status = variant { running };
                  version = 3 : nat64;
                  brand_new = record { 1 : nat; "x" };
                  settings = record {
                    controllers = vec { principal "2vxsx-fae" };
                    compute_allocation = 0 : nat;
                    memory_allocation = 0 : nat;
                    freezing_threshold = 2_592_000 : nat;
                    log_visibility = variant { controllers };
                  };
                  module_hash = opt blob "\\01\\02";
                  memory_size = 77 : nat;
                  cycles = 100 : nat;
                  idle_cycles_burned_per_day = 5 : nat;
                })
                """);
        CanisterStatus status = agent.management().status(CANISTER);
        assertEquals("running", status.state());
        assertEquals(Blob.fromHex("0102"), status.moduleHash());
        assertEquals(List.of(Principal.ANONYMOUS), status.controllers());
        assertEquals(BigInteger.valueOf(77), status.memoryBytes());
        assertEquals(BigInteger.valueOf(100), status.cycles());
    }

    @Test
    void callsTheOtherMethodsWithTheIdOfTheCanister() throws Exception {
        ManagementCanister management = agent.management();
        management.topUp(CANISTER, BigInteger.TWO);
        management.updateSettings(CANISTER, CanisterSettings.UNCHANGED.computeAllocation(3));
        management.start(CANISTER);
        management.stop(CANISTER);
        management.uninstall(CANISTER);
        management.delete(CANISTER);
        assertEquals(
                List.of(
                        "provisional_top_up_canister",
                        "update_settings",
                        "start_canister",
                        "stop_canister",
                        "uninstall_code",
                        "delete_canister"),
                methods);
        for (CandidValue argument : arguments) {
            assertEquals(
                    CANISTER.principal(), argument.asRecord().get("canister_id").asPrincipal());
        }
    }

    @Test
    void answersOfTheWrongTypeAreMalformed() {
        replies.put("canister_status", "(\"x\")");
        assertThrows(AgentException.Malformed.class, () -> agent.management().status(CANISTER));
    }

    private static CandidValue argument(RequestContent.Call call) {
        try {
            return Candid.decode(
                            call.arg().shared(),
                            ManagementInterface.INTERFACE.method(call.method()).arguments())
                    .get(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Blob reply(RequestContent.Call call, CandidValue argument) {
        String text = replies.getOrDefault(call.method(), "()");
        try {
            if (call.method().equals("upload_chunk")) {
                byte[] chunk = argument.asRecord().get("chunk").asBlob();
                CandidValue hash =
                        CandidValue.Record.builder()
                                .put("hash", CandidValue.Blob.of(Sha256.of(chunk).toBytes()))
                                .build();
                return Blob.owning(Candid.encode(List.of(hash)));
            }
            return Blob.owning(Candid.encode(Candid.parse(text)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
