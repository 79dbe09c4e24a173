package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.Program.Call;
import icj.execution.Program.Slot;
import icj.execution.wasm.WasmBuilder;
import icj.state.model.CanisterState;
import icj.state.model.IngressEntry;
import icj.state.model.Lifecycle;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.message.IngressBody;
import icj.wire.Sha256;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

final class LifecycleTest {
    private static final Principal OTHER = Principal.of(new byte[] {9, 9});

    private final TestSubnet subnet = new TestSubnet();

    private static String text(Blob blob) {
        return new String(blob.toBytes(), StandardCharsets.UTF_8);
    }

    private long counter(CanisterId id) {
        return Program.number(subnet.queried(id, Program.start().appendCounter().reply()), 0);
    }

    private static String code(IngressEntry.Status status) {
        return TestSubnet.rejected(status).errorCode();
    }

    @Test
    void newCanistersHaveRisingNumbersAndHundredTrillionCycles() {
        CanisterId first = subnet.create("");
        CanisterId second = subnet.create("");
        assertEquals(1 << 20, first.number());
        assertEquals((1 << 20) + 1, second.number());
        assertEquals(
                new Cycles(BigInteger.valueOf(100_000_000_000_000L)),
                subnet.canister(first).vitals().balance());
        assertTrue(subnet.canister(first).settings().isController(TestSubnet.USER));
    }

    @Test
    void aSpecifiedIdIsTakenOnce() {
        CanisterId wanted = CanisterId.ofNumber((1 << 20) + 1);
        assertEquals(wanted, subnet.create("specified_id = opt principal \"" + wanted + "\""));
        assertEquals(CanisterId.ofNumber(1 << 20), subnet.create(""));
        assertEquals(CanisterId.ofNumber((1 << 20) + 2), subnet.create(""));
        String again = "(record { specified_id = opt principal \"" + wanted + "\" })";
        assertEquals(
                3,
                TestSubnet.rejected(subnet.manage("provisional_create_canister_with_cycles", again))
                        .code());
        String outside =
                "(record { specified_id = opt principal \"" + CanisterId.ofNumber(5) + "\" })";
        assertEquals(
                4,
                TestSubnet.rejected(
                                subnet.manage("provisional_create_canister_with_cycles", outside))
                        .code());
    }

    @Test
    void installWantsAnEmptyCanisterAndUpgradeAFullOne() {
        CanisterId id = subnet.create("");
        Blob wasm = TestSubnet.universal();
        assertEquals("IC0537", code(subnet.install(id, "upgrade = null", wasm, Program.start())));
        TestSubnet.replied(subnet.install(id, "install", wasm, Program.start().count(3)));
        assertEquals(3, counter(id));
        assertEquals("IC0514", code(subnet.install(id, "install", wasm, Program.start())));
        assertEquals(
                Sha256.of(wasm.toBytes()),
                java.util.Objects.requireNonNull(subnet.canister(id).module()).hash());
    }

    @Test
    void anInvalidModuleIsRefusedAndChangesNothing() {
        CanisterId id = subnet.create("");
        CanisterState before = subnet.canister(id);
        Blob nonsense = Blob.of(new byte[] {1, 2, 3, 4});
        assertEquals("IC0505", code(subnet.install(id, "install", nonsense, Program.start())));
        assertNull(subnet.canister(id).module());
        assertEquals(before.vitals().version(), subnet.canister(id).vitals().version());
    }

    @Test
    void aModuleThatIsRefusedIsCountedAndPaid() {
        CanisterId id = subnet.create("");
        byte[] code = new byte[100_000];
        Arrays.fill(code, (byte) 1);
        Blob wasm = Blob.owning(new WasmBuilder().update("x", c -> c.raw(code).drop()).build());
        BigInteger before = subnet.canister(id).vitals().balance().value();
        assertEquals("IC0505", code(subnet.install(id, "install", wasm, Program.start())));
        // As much as compiling so much code costs.
        long work = 300_000_000L;
        assertTrue(subnet.executed().stats().instructions() >= work);
        BigInteger paid = before.subtract(subnet.canister(id).vitals().balance().value());
        assertTrue(paid.compareTo(BigInteger.valueOf(work)) >= 0, "" + paid);
        CanisterId poor = subnet.create("amount = opt (1_000_000_000 : nat)");
        assertEquals("IC0207", code(subnet.install(poor, "install", wasm, Program.start())));
    }

    @Test
    void growingByCodeAndChunksWantsCyclesForTheMemory() {
        CanisterId id = subnet.create("amount = opt (1_000_000_000_000 : nat)");
        TestSubnet.replied(set(id, "freezing_threshold = opt (1_000_000_000_000 : nat)"));
        IngressEntry.Status.Rejected refused =
                TestSubnet.rejected(
                        subnet.install(id, "install", TestSubnet.universal(), Program.start()));
        assertEquals("IC0532", refused.errorCode(), refused.message());
        assertNull(subnet.canister(id).module());
        String chunk = "(record { canister_id = principal \"" + id + "\"; chunk = blob \"abc\" })";
        assertEquals("IC0532", code(subnet.manage("upload_chunk", chunk)));
        TestSubnet.replied(set(id, "freezing_threshold = opt (1_000 : nat)"));
        TestSubnet.replied(subnet.manage("upload_chunk", chunk));
        TestSubnet.replied(subnet.install(id, "install", TestSubnet.universal(), Program.start()));
    }

    @Test
    void anUpgradeKeepsStableMemoryAndDropsTheHeap() {
        CanisterId id = subnet.universalCanister();
        Program preUpgrade = Program.start().writeStable(10, "saved");
        subnet.reply(
                id,
                Program.start().growStable(1).count(5).at(Slot.PRE_UPGRADE, preUpgrade).reply());
        assertEquals(5, counter(id));
        TestSubnet.replied(
                subnet.install(
                        id, "upgrade = null", TestSubnet.universal(), Program.start().count(100)));
        assertEquals(100, counter(id));
        assertEquals(
                "saved", text(subnet.queried(id, Program.start().appendStable(10, 5).reply())));
    }

    @Test
    void aTrapInAnyHookOfAnUpgradeUndoesIt() {
        CanisterId id = subnet.universalCanister();
        subnet.reply(id, Program.start().count(5).reply());
        long version = subnet.canister(id).vitals().version();
        assertEquals(
                "IC0503",
                code(
                        subnet.install(
                                id,
                                "upgrade = null",
                                TestSubnet.universal(),
                                Program.start().count(1).trap("post"))));
        assertEquals(5, counter(id));
        assertEquals(version, subnet.canister(id).vitals().version());
        subnet.reply(id, Program.start().at(Slot.PRE_UPGRADE, Program.start().trap("pre")).reply());
        assertEquals(
                "IC0503",
                code(
                        subnet.install(
                                id, "upgrade = null", TestSubnet.universal(), Program.start())));
        TestSubnet.replied(
                subnet.install(
                        id,
                        "upgrade = opt record { skip_pre_upgrade = opt true }",
                        TestSubnet.universal(),
                        Program.start()));
        assertEquals(0, counter(id));
    }

    @Test
    void aReinstallWipesEverything() {
        CanisterId id = subnet.universalCanister();
        subnet.reply(
                id,
                Program.start()
                        .growStable(2)
                        .certify("data")
                        .print("line")
                        .setTimer(Long.MAX_VALUE)
                        .count(4)
                        .reply());
        assertEquals(2, subnet.canister(id).memory().stablePages());
        TestSubnet.replied(
                subnet.install(id, "reinstall", TestSubnet.universal(), Program.start()));
        CanisterState after = subnet.canister(id);
        assertEquals(0, after.memory().stablePages());
        assertEquals(Blob.EMPTY, after.vitals().certifiedData());
        assertEquals(0, after.vitals().globalTimer());
        assertTrue(after.log().lines().isEmpty());
        assertEquals(0, counter(id));
    }

    @Test
    void modulesComeInChunks() {
        CanisterId id = subnet.create("");
        Blob wasm = TestSubnet.universal();
        int half = wasm.length() / 2;
        Digest first = upload(id, wasm.slice(0, half));
        Digest second = upload(id, wasm.slice(half, wasm.length()));
        String argument =
                "(record { mode = variant { install }; target_canister = principal \""
                        + id
                        + "\"; chunk_hashes_list = vec { record { hash = "
                        + blob(first)
                        + " }; record { hash = "
                        + blob(second)
                        + " } }; wasm_module_hash = "
                        + blob(Sha256.of(wasm.toBytes()))
                        + "; arg = blob \"\" })";
        TestSubnet.replied(subnet.manage("install_chunked_code", argument));
        assertEquals(2, subnet.state().chunks().size());
        subnet.reply(id, Program.start().count(1).reply());
        TestSubnet.replied(subnet.manage("clear_chunk_store", TestSubnet.id(id)));
        assertEquals(0, subnet.state().chunks().size());
        assertEquals("IC0408", code(subnet.manage("install_chunked_code", argument)));
    }

    @Test
    void chunksThatAreTooMuchTogetherAreRefused() {
        CanisterId id = subnet.create("");
        Digest chunk = upload(id, Blob.owning(new byte[1 << 20]));
        IngressEntry.Status status = subnet.manage("install_chunked_code", chunked(id, chunk, 65));
        assertEquals("IC0505", code(status));
        assertTrue(TestSubnet.rejected(status).message().contains("67108864"));
    }

    @Test
    void chunksOfAnotherHashArePaid() {
        CanisterId id = subnet.create("");
        Digest chunk = upload(id, Blob.owning(new byte[1 << 20]));
        BigInteger before = subnet.canister(id).vitals().balance().value();
        assertEquals("IC0408", code(subnet.manage("install_chunked_code", chunked(id, chunk, 10))));
        BigInteger paid = before.subtract(subnet.canister(id).vitals().balance().value());
        assertTrue(paid.compareTo(BigInteger.valueOf(30 << 20)) >= 0, "" + paid);
        IngressEntry.Status tooMany =
                subnet.manage("install_chunked_code", chunked(id, chunk, 101));
        assertTrue(TestSubnet.rejected(tooMany).message().contains("at most 100 chunks"));
    }

    private static String chunked(CanisterId id, Digest chunk, int times) {
        return "(record { mode = variant { install }; target_canister = principal \""
                + id
                + "\"; chunk_hashes_list = vec { "
                + ("record { hash = " + blob(chunk) + " }; ").repeat(times)
                + " }; wasm_module_hash = "
                + blob(chunk)
                + "; arg = blob \"\" })";
    }

    private Digest upload(CanisterId id, Blob chunk) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : chunk.toBytes()) {
            escaped.append(String.format("\\%02x", b));
        }
        TestSubnet.replied(
                subnet.manage(
                        "upload_chunk",
                        "(record { canister_id = principal \""
                                + id
                                + "\"; chunk = blob \""
                                + escaped
                                + "\" })"));
        return Sha256.of(chunk.toBytes());
    }

    private static String blob(Digest digest) {
        StringBuilder escaped = new StringBuilder("blob \"");
        for (byte b : digest.toBytes()) {
            escaped.append(String.format("\\%02x", b));
        }
        return escaped.append('"').toString();
    }

    @Test
    void onlyControllersChangeACanister() {
        CanisterId id = subnet.universalCanister();
        for (String method :
                new String[] {
                    "stop_canister",
                    "start_canister",
                    "delete_canister",
                    "uninstall_code",
                    "canister_status",
                    "clear_chunk_store"
                }) {
            assertEquals("IC0512", code(subnet.manage(OTHER, method, TestSubnet.id(id))), method);
            assertEquals(
                    "IC0512",
                    subnet.filter(
                                    OTHER,
                                    CanisterId.MANAGEMENT,
                                    method,
                                    TestSubnet.candid(TestSubnet.id(id)))
                            .errorCode(),
                    method);
        }
        String settings =
                "(record { canister_id = principal \""
                        + id
                        + "\"; settings = record { controllers = opt vec { principal \""
                        + OTHER
                        + "\" } } })";
        TestSubnet.replied(subnet.manage("update_settings", settings));
        assertEquals("IC0512", code(subnet.manage("stop_canister", TestSubnet.id(id))));
        TestSubnet.replied(subnet.manage(OTHER, "stop_canister", TestSubnet.id(id)));
    }

    @Test
    void stoppingWaitsForOpenCalls() {
        CanisterId id = subnet.universalCanister();
        Program waiting =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                        .with(TestSubnet.candid("()"))
                                        .onReply(Program.start().append("done").reply()));
        IngressBody open = subnet.call(id, waiting);
        subnet.batch(open);
        IngressBody stop =
                subnet.call(
                        TestSubnet.USER,
                        CanisterId.MANAGEMENT,
                        "stop_canister",
                        TestSubnet.candid(TestSubnet.id(id)));
        subnet.batch(stop);
        subnet.batch();
        assertInstanceOf(Lifecycle.Stopping.class, subnet.canister(id).lifecycle());
        assertInstanceOf(IngressEntry.Status.Processing.class, subnet.status(stop));
        assertEquals("IC0509", code(subnet.update(id, Program.start().reply())));
        subnet.batch(Digest.ZERO);
        subnet.settle();
        assertEquals("done", text(TestSubnet.replied(subnet.status(open))));
        TestSubnet.replied(subnet.status(stop));
        assertInstanceOf(Lifecycle.Stopped.class, subnet.canister(id).lifecycle());
        assertEquals("IC0508", code(subnet.update(id, Program.start().reply())));
        TestSubnet.replied(subnet.manage("start_canister", TestSubnet.id(id)));
        TestSubnet.replied(subnet.update(id, Program.start().reply()));
    }

    @Test
    void aStopCallIsEndedByStartAndByTime() {
        CanisterId id = subnet.universalCanister();
        Program waiting =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                        .with(TestSubnet.candid("()"))
                                        .onReply(Program.start().reply()));
        subnet.batch(subnet.call(id, waiting));
        IngressBody stop =
                subnet.call(
                        TestSubnet.USER,
                        CanisterId.MANAGEMENT,
                        "stop_canister",
                        TestSubnet.candid(TestSubnet.id(id)));
        subnet.batch(stop);
        TestSubnet.replied(subnet.manage("start_canister", TestSubnet.id(id)));
        assertEquals("IC0511", code(subnet.status(stop)));
        IngressBody late =
                subnet.call(
                        TestSubnet.USER,
                        CanisterId.MANAGEMENT,
                        "stop_canister",
                        TestSubnet.candid(TestSubnet.id(id)));
        subnet.batch(late);
        subnet.step = 301_000_000_000L;
        subnet.batch();
        assertEquals("IC0206", code(subnet.status(late)));
        assertInstanceOf(Lifecycle.Stopping.class, subnet.canister(id).lifecycle());
    }

    @Test
    void onlyAStoppedCanisterIsDeleted() {
        CanisterId id = subnet.universalCanister();
        assertEquals("IC0510", code(subnet.manage("delete_canister", TestSubnet.id(id))));
        TestSubnet.replied(subnet.manage("stop_canister", TestSubnet.id(id)));
        TestSubnet.replied(subnet.manage("delete_canister", TestSubnet.id(id)));
        assertNull(subnet.state().canister(id));
        assertEquals("IC0301", code(subnet.update(id, Program.start().reply())));
        assertNotEquals(id, subnet.create(""));
        assertEquals(0, subnet.state().modules().size());
    }

    @Test
    void uninstallingRejectsOpenCalls() {
        CanisterId id = subnet.universalCanister();
        Program waiting =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                        .with(TestSubnet.candid("()"))
                                        .onReply(Program.start().reply()));
        IngressBody open = subnet.call(id, waiting);
        subnet.batch(open);
        TestSubnet.replied(subnet.manage("uninstall_code", TestSubnet.id(id)));
        assertEquals(4, TestSubnet.rejected(subnet.status(open)).code());
        assertEquals(1, subnet.canister(id).calls().contexts().size());
        subnet.batch(Digest.ZERO);
        subnet.settle();
        assertEquals(0, subnet.canister(id).calls().contexts().size());
        assertEquals("IC0537", code(subnet.update(id, Program.start().reply())));
    }

    @Test
    void theStatusTellsAllFields() {
        CanisterId id = subnet.universalCanister();
        Blob reply = TestSubnet.replied(subnet.manage("canister_status", TestSubnet.id(id)));
        String status = print("canister_status", reply);
        for (String field :
                new String[] {
                    "status",
                    "running",
                    "settings",
                    "module_hash",
                    "memory_metrics",
                    "query_stats",
                    "idle_cycles_burned_per_day",
                    "reserved_cycles",
                    "environment_variables"
                }) {
            assertTrue(status.contains(field), field + " in " + status);
        }
        QueryOutcome outcome =
                subnet.query(
                        CanisterId.MANAGEMENT,
                        "canister_status",
                        TestSubnet.candid(TestSubnet.id(id)),
                        null);
        assertInstanceOf(QueryOutcome.Replied.class, outcome);
    }

    private static String print(String method, Blob reply) {
        return icj.execution.management.ManagementPrinter.print(method, reply);
    }

    @Test
    void settingsAreCheckedAndKept() {
        CanisterId id =
                subnet.create(
                        "settings = opt record { environment_variables = opt vec { record { name ="
                                + " \"B\"; value = \"2\" }; record { name = \"A\"; value = \"1\" }"
                                + " } }");
        TestSubnet.replied(subnet.install(id, "install", TestSubnet.universal(), Program.start()));
        assertEquals("2", text(subnet.queried(id, Program.start().appendVariable("B").reply())));
        assertEquals("A", subnet.canister(id).settings().environment().getFirst().name());
        String[] wrong = {
            "compute_allocation = opt (101 : nat)",
            "memory_allocation = opt (281_474_976_710_657 : nat)",
            "freezing_threshold = opt (18_446_744_073_709_551_616 : nat)",
            "wasm_memory_limit = opt (281_474_976_710_657 : nat)",
            "environment_variables = opt vec { record { name = \"A\"; value = \"1\" }; record {"
                    + " name = \"A\"; value = \"2\" } }"
        };
        for (String setting : wrong) {
            assertEquals("IC0408", code(set(id, setting)), setting);
        }
        TestSubnet.replied(set(id, "freezing_threshold = opt (7 : nat)"));
        assertEquals(7, subnet.canister(id).settings().freezingThresholdSeconds());
        assertEquals(1, subnet.canister(id).settings().controllers().size());
    }

    @Test
    void aHugeNumberIsToldByItsSize() {
        CandidValue number = new CandidValue.Nat(BigInteger.ONE.shiftLeft(100_000));
        CandidValue settings =
                CandidValue.Record.builder()
                        .put("compute_allocation", new CandidValue.Opt(number))
                        .build();
        CandidValue argument =
                CandidValue.Record.builder().put("settings", new CandidValue.Opt(settings)).build();
        IngressEntry.Status.Rejected refused =
                TestSubnet.rejected(
                        subnet.update(
                                TestSubnet.USER,
                                CanisterId.MANAGEMENT,
                                "provisional_create_canister_with_cycles",
                                Blob.owning(Candid.encode(List.of(argument)))));
        assertEquals("IC0408", refused.errorCode());
        assertTrue(
                refused.message().contains("is a number of 100001 bits, at most 100 is valid"),
                refused.message());
    }

    private IngressEntry.Status set(CanisterId id, String setting) {
        return subnet.manage(
                "update_settings",
                "(record { canister_id = principal \""
                        + id
                        + "\"; settings = record { "
                        + setting
                        + " } })");
    }

    @Test
    void aFrozenCanisterIsOnlyToppedUp() {
        CanisterId id = subnet.create("amount = opt (1_000_000_000_000 : nat)");
        TestSubnet.replied(subnet.install(id, "install", TestSubnet.universal(), Program.start()));
        TestSubnet.replied(set(id, "freezing_threshold = opt (18_000_000_000_000_000_000 : nat)"));
        assertEquals("IC0207", code(subnet.update(id, Program.start().reply())));
        assertEquals(
                "IC0207",
                subnet.filter(TestSubnet.USER, id, "update", Program.start().bytes()).errorCode());
        QueryOutcome query = subnet.query(id, "query", Program.start().reply().bytes(), null);
        assertEquals("IC0207", assertInstanceOf(QueryOutcome.Rejected.class, query).errorCode());
        TestSubnet.replied(set(id, "freezing_threshold = opt (0 : nat)"));
        TestSubnet.replied(subnet.update(id, Program.start().reply()));
    }

    @Test
    void instructionsAreChargedAndTheRestComesBack() {
        CanisterId id = subnet.universalCanister();
        Cycles before = subnet.canister(id).vitals().balance();
        subnet.reply(id, Program.start().spin(100_000).reply());
        Cycles small = before.minus(subnet.canister(id).vitals().balance());
        before = subnet.canister(id).vitals().balance();
        subnet.reply(id, Program.start().spin(1_100_000).reply());
        Cycles large = before.minus(subnet.canister(id).vitals().balance());
        BigInteger difference = large.value().subtract(small.value());
        assertTrue(difference.compareTo(BigInteger.valueOf(1_000_000)) > 0, "" + difference);
        assertTrue(difference.compareTo(BigInteger.valueOf(30_000_000)) < 0, "" + difference);
    }

    @Test
    void versionsRiseWithEachVisibleChange() {
        CanisterId id = subnet.universalCanister();
        assertEquals(1, subnet.canister(id).vitals().version());
        subnet.reply(id, Program.start().reply());
        assertEquals(2, subnet.canister(id).vitals().version());
        subnet.update(id, Program.start().trap("x"));
        assertEquals(2, subnet.canister(id).vitals().version());
        subnet.update(TestSubnet.USER, id, "query", Program.start().reply().bytes());
        assertEquals(2, subnet.canister(id).vitals().version());
        set(id, "freezing_threshold = opt (7 : nat)");
        assertEquals(3, subnet.canister(id).vitals().version());
        subnet.manage("stop_canister", TestSubnet.id(id));
        assertEquals(5, subnet.canister(id).vitals().version());
        subnet.manage("start_canister", TestSubnet.id(id));
        assertEquals(6, subnet.canister(id).vitals().version());
    }

    @Test
    void theHistoryNamesWhoChangedWhat() {
        CanisterId id = subnet.universalCanister();
        set(id, "controllers = opt vec { principal \"" + TestSubnet.USER + "\" }");
        CanisterId asker = subnet.universalCanister();
        String argument =
                "(record { canister_id = principal \""
                        + id
                        + "\"; num_requested_changes = opt (10 : nat64) })";
        Program ask =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "canister_info")
                                        .with(TestSubnet.candid(argument))
                                        .onReply(Program.start().appendArgument().reply()));
        String info = print("canister_info", subnet.reply(asker, ask));
        assertTrue(info.contains("total_num_changes = 3"), info);
        assertTrue(info.contains("creation"), info);
        assertTrue(info.contains("code_deployment"), info);
        assertTrue(info.contains("controllers_change"), info);
    }

    @Test
    void canistersMakeCanistersWithTheirCycles() {
        CanisterId parent = subnet.universalCanister();
        Program make =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "create_canister")
                                        .with(TestSubnet.candid("(record {})"))
                                        .cycles(2_000_000_000_000L)
                                        .onReply(Program.start().appendArgument().reply())
                                        .onReject(Program.start().appendReject().reply()));
        String made = print("create_canister", subnet.reply(parent, make));
        assertTrue(made.contains("canister_id"), made);
        CanisterId child = CanisterId.ofNumber(parent.number() + 1);
        assertEquals(Cycles.of(1_500_000_000_000L), subnet.canister(child).vitals().balance());
        assertTrue(subnet.canister(child).settings().isController(parent.principal()));
        Program cheap =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "create_canister")
                                        .with(TestSubnet.candid("(record {})"))
                                        .cycles(5)
                                        .onReject(Program.start().appendReject().reply()));
        assertEquals(4, Program.number(subnet.reply(parent, cheap), 0));
        Program deposit =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "deposit_cycles")
                                        .with(TestSubnet.candid(TestSubnet.id(child)))
                                        .cycles(7)
                                        .onReply(Program.start().appendRefunded().reply()));
        assertEquals(0, Program.number(subnet.reply(parent, deposit), 0));
        assertEquals(Cycles.of(1_500_000_000_007L), subnet.canister(child).vitals().balance());
    }
}
