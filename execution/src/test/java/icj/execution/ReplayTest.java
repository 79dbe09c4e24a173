package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import icj.execution.Program.Call;
import icj.execution.Program.Slot;
import icj.execution.canister.Prices;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.state.model.RecordTable;
import icj.state.model.ReplicatedState;
import icj.state.model.StateCodec;
import icj.state.tree.Records;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.types.registry.SubnetLimits;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The same batches give the same roots, whatever is kept in memory between them.
final class ReplayTest {
    private static final int BATCHES = 60;

    /// A run with traps, timers, heartbeats, calls, randomness, growth, upgrades and refusals.
    private static TestSubnet record(long seed) {
        return record(seed, TestSubnet.limits());
    }

    private static TestSubnet record(long seed, SubnetLimits limits) {
        TestSubnet subnet = new TestSubnet(limits, Prices.ofNodes(4), TestSubnet.runtime(64));
        Prng random = Prng.of(seed);
        List<CanisterId> canisters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            canisters.add(subnet.universalCanister());
        }
        CanisterId beating = subnet.create("");
        subnet.install(beating, "install", TestSubnet.beating(), Program.start());
        subnet.reply(
                beating,
                Program.start().at(Slot.HEARTBEAT, Program.start().count(1).print("beat")).reply());
        canisters.add(beating);
        for (int i = 0; i < BATCHES; i++) {
            List<IngressBody> calls = new ArrayList<>();
            int count = random.below(6);
            for (int j = 0; j < count; j++) {
                calls.add(call(subnet, random, canisters));
            }
            Digest tape = subnet.state().needsTape() ? Digest.of(random.bytes(32)) : null;
            subnet.batch(tape, calls.toArray(IngressBody[]::new));
        }
        return subnet;
    }

    private static IngressBody call(TestSubnet subnet, Prng random, List<CanisterId> canisters) {
        CanisterId one = random.pick(canisters);
        CanisterId other = random.pick(canisters);
        Program inner = Program.start().count(1).appendCounter().accept(10).reply();
        return switch (random.below(12)) {
            case 0 -> subnet.call(one, Program.start().count(5).trap("no"));
            case 1 -> subnet.call(one, Program.start().loop());
            case 2 ->
                    subnet.call(
                            one,
                            Program.start()
                                    .at(Slot.TIMER, Program.start().count(3).writeStable(0, "t"))
                                    .setTimer(subnet.nextTime() + random.below(5) * 1_000_000_000L)
                                    .reply());
            case 3 ->
                    subnet.call(
                            one,
                            Program.start()
                                    .call(
                                            Call.of(other, "update")
                                                    .with(inner)
                                                    .cycles(100)
                                                    .onReply(
                                                            Program.start()
                                                                    .appendArgument()
                                                                    .appendRefunded()
                                                                    .reply())));
            case 4 ->
                    subnet.call(
                            one,
                            Program.start()
                                    .call(
                                            Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                                    .with(TestSubnet.candid("()"))
                                                    .onReply(
                                                            Program.start()
                                                                    .appendArgument()
                                                                    .reply())));
            case 5 ->
                    subnet.call(
                            one, Program.start().growStable(1).writeStable(5, "stable").reply());
            case 6 ->
                    subnet.call(
                            TestSubnet.USER,
                            CanisterId.MANAGEMENT,
                            "install_code",
                            TestSubnet.installArgument(
                                    one,
                                    "upgrade = null",
                                    TestSubnet.universal(),
                                    Program.start().count(1).bytes()));
            case 7 -> subnet.call(one, Program.start().growHeap(3).keep("kept").reply());
            case 8 ->
                    subnet.call(
                            one,
                            Program.start()
                                    .call(
                                            Call.of(other, "update")
                                                    .with(inner)
                                                    .timeout(2)
                                                    .onReply(Program.start().trap("late"))
                                                    .onCleanup(Program.start().count(9))));
            case 9 -> subnet.call(one, Program.start().certify("c").print("p").recurse());
            case 10 ->
                    subnet.call(
                            TestSubnet.USER,
                            CanisterId.MANAGEMENT,
                            "canister_status",
                            TestSubnet.candid(TestSubnet.id(one)));
            default ->
                    subnet.call(one, Program.start().count(1).spin(1000).appendCounter().reply());
        };
    }

    private static TestSubnet fresh(ChicoryRuntime runtime) {
        return new TestSubnet(TestSubnet.limits(), Prices.ofNodes(4), runtime);
    }

    @Test
    void theSameBatchesGiveTheSameRoots() {
        TestSubnet first = record(1);
        TestSubnet second = fresh(TestSubnet.runtime(64));
        first.batches().forEach(second::replay);
        assertEquals(first.roots(), second.roots());
    }

    @Test
    void evictingEveryInstanceBeforeEveryMessageGivesTheSameRoots() {
        TestSubnet first = record(2);
        TestSubnet second = fresh(TestSubnet.runtime(0));
        first.batches().forEach(second::replay);
        assertEquals(first.roots(), second.roots());
    }

    @Test
    void aStateReadBackGoesOnWithTheSameRoots() throws MalformedException {
        TestSubnet first = record(3);
        TestSubnet second = fresh(TestSubnet.runtime(64));
        for (Batch batch : first.batches()) {
            second.replay(batch);
            second.resume(copy(second.state()));
        }
        assertEquals(first.roots(), second.roots());
    }

    /// What another JVM runs: prints the last root.
    public static final class Main {
        /// @param arguments the seed
        public static void main(String[] arguments) {
            TestSubnet run = record(Long.parseLong(arguments[0]), smallLimits());
            System.out.println("ROOT " + run.roots().getLast());
            System.exit(0);
        }
    }

    /// Endless loops end soon, since the other JVM only interprets.
    private static SubnetLimits smallLimits() {
        SubnetLimits limits = TestSubnet.limits();
        return new SubnetLimits(
                1_000_000L,
                1_000_000L,
                1_000_000L,
                limits.instructionsPerInstall(),
                limits.instructionsPerRound(),
                limits.dirtyBytesPerRound(),
                limits.heapBytesMax(),
                limits.stableBytesMax(),
                limits.subnetBytesMax(),
                limits.canistersMax(),
                limits.ingressBytesMax(),
                limits.blockBytesMax(),
                limits.blockMessagesMax(),
                limits.historyEntriesMax(),
                limits.historyBytesMax(),
                limits.unitDelayMillis());
    }

    @Test
    void anotherJvmWithOtherSettingsGivesTheSameRoot() throws Exception {
        List<String> command =
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xint",
                        "-Xmx300m",
                        "-XX:+UseSerialGC",
                        "-Duser.timezone=Asia/Kathmandu",
                        "-Duser.language=tr",
                        "-Duser.country=TR",
                        "-Dfile.encoding=ISO-8859-1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "5");
        Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String expected = "ROOT " + record(5, smallLimits()).roots().getLast();
            String printed = new String(other.getInputStream().readAllBytes(), UTF_8);
            assertTrue(printed.contains(expected), expected + "\n" + printed);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aRunCoversWhatItIsMeantTo() {
        TestSubnet run = record(1);
        assertTrue(run.executed().stats().messages() > 0);
        assertTrue(run.state().system().updates() > 100);
        assertTrue(run.state().ingress().size() > 100);
    }

    /// The state through its bytes, memories shared.
    private static ReplicatedState copy(ReplicatedState state) throws MalformedException {
        StateCodec codec = new StateCodec();
        List<Records<?>> entries = new ArrayList<>();
        for (RecordTable<ReplicatedState, ?> table : codec.tables()) {
            entries.add(copy(state, table));
        }
        ReplicatedState copy = codec.restore(state.height(), entries);
        assertEquals(state.root(), copy.root());
        assertEquals(state.canisterLabels().digest(), copy.canisterLabels().digest());
        assertEquals(state.requestLabels().digest(), copy.requestLabels().digest());
        return copy;
    }

    private static <V> Records<V> copy(ReplicatedState state, RecordTable<ReplicatedState, V> table)
            throws MalformedException {
        Map<Blob, V> values = new TreeMap<>();
        table.entries(state).changesSince(table.empty(), (key, _, value) -> values.put(key, value));
        Records<V> entries = table.empty();
        for (Map.Entry<Blob, V> entry : values.entrySet()) {
            Blob bytes = table.encode(entry.getValue());
            entries =
                    entries.with(
                            entry.getKey(),
                            table.decode(entry.getKey(), bytes, table.memories(entry.getValue())));
        }
        return entries;
    }
}
