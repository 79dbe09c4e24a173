package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.Program.Call;
import icj.execution.Program.Slot;
import icj.execution.canister.Prices;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.state.model.IngressEntry;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.IngressBody;
import icj.types.registry.SubnetLimits;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Four faults at eight entry points: the canister's state stays as it was, the fault is told where
/// somebody can hear it, and a bystander is served in the same rounds.
final class FaultsTest {
    private static final ChicoryRuntime RUNTIME = TestSubnet.runtime(64);

    private static Program fault(String name) {
        return switch (name) {
            case "loop" -> Program.start().loop();
            case "recursion" -> Program.start().recurse();
            case "growth" -> Program.start().grow();
            default -> Program.start().trap("on purpose");
        };
    }

    private static String code(String fault) {
        return switch (fault) {
            case "loop" -> "IC0522";
            case "trap" -> "IC0503";
            default -> "IC0502";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "loop, update",
        "recursion, update",
        "growth, update",
        "trap, update",
        "loop, query",
        "recursion, query",
        "growth, query",
        "trap, query",
        "loop, init",
        "recursion, init",
        "growth, init",
        "trap, init",
        "loop, pre_upgrade",
        "recursion, pre_upgrade",
        "growth, pre_upgrade",
        "trap, pre_upgrade",
        "loop, post_upgrade",
        "recursion, post_upgrade",
        "growth, post_upgrade",
        "trap, post_upgrade",
        "loop, inspect",
        "recursion, inspect",
        "growth, inspect",
        "trap, inspect",
        "loop, heartbeat",
        "recursion, heartbeat",
        "growth, heartbeat",
        "trap, heartbeat",
        "loop, timer",
        "recursion, timer",
        "growth, timer",
        "trap, timer",
        "loop, callback",
        "recursion, callback",
        "growth, callback",
        "trap, callback"
    })
    void aFaultHarmsNobodyElse(String fault, String entry) {
        TestSubnet subnet = new TestSubnet(installLimits(), Prices.ofNodes(13), RUNTIME);
        CanisterId faulty = subnet.create("");
        TestSubnet.replied(
                subnet.install(faulty, "install", TestSubnet.beating(), Program.start()));
        CanisterId bystander = subnet.universalCanister();
        subnet.reply(faulty, Program.start().count(5).reply());
        Program broken = Program.start().count(1000);
        Program bad = fault(fault);
        IngressBody served = null;
        String heard =
                switch (entry) {
                    case "update" -> {
                        IngressBody call = subnet.call(faulty, bad);
                        served = subnet.call(bystander, Program.start().count(1).reply());
                        subnet.batch(call, served);
                        subnet.settle();
                        yield code(subnet.status(call));
                    }
                    case "query" ->
                            ((QueryOutcome.Rejected)
                                            subnet.query(faulty, "query", bad.bytes(), null))
                                    .errorCode();
                    case "init" -> code(subnet.install(faulty, "reinstall", universal(), bad));
                    case "pre_upgrade" -> {
                        subnet.reply(faulty, Program.start().at(Slot.PRE_UPGRADE, bad).reply());
                        yield code(
                                subnet.install(
                                        faulty, "upgrade = null", universal(), Program.start()));
                    }
                    case "post_upgrade" ->
                            code(subnet.install(faulty, "upgrade = null", universal(), bad));
                    case "inspect" -> {
                        subnet.reply(faulty, Program.start().at(Slot.INSPECT, bad).reply());
                        yield subnet.filter(TestSubnet.USER, faulty, "update", broken.bytes())
                                .errorCode();
                    }
                    case "heartbeat" -> {
                        subnet.reply(faulty, Program.start().at(Slot.HEARTBEAT, bad).reply());
                        subnet.batch();
                        assertEquals(1, subnet.executed().stats().trapped());
                        yield code(fault);
                    }
                    case "timer" -> {
                        subnet.reply(
                                faulty, Program.start().at(Slot.TIMER, bad).setTimer(1).reply());
                        subnet.batch();
                        assertEquals(1, subnet.executed().stats().trapped());
                        yield code(fault);
                    }
                    default -> {
                        Call call =
                                Call.of(bystander, "update")
                                        .with(Program.start().reply())
                                        .onReply(bad)
                                        .onCleanup(Program.start());
                        yield code(subnet.update(faulty, Program.start().call(call)));
                    }
                };
        assertEquals(code(fault), heard);
        assertEquals(
                5,
                Program.number(subnet.queried(faulty, Program.start().appendCounter().reply()), 0));
        if (served == null) {
            served = subnet.call(bystander, Program.start().count(1).reply());
            subnet.batch(served);
        }
        TestSubnet.replied(subnet.status(served));
        assertEquals(
                1,
                Program.number(
                        subnet.queried(bystander, Program.start().appendCounter().reply()), 0));
        assertTrue(subnet.canister(faulty).calls().contexts().isEmpty());
    }

    /// An install may use what a message may, so that an endless loop in a hook ends soon.
    private static SubnetLimits installLimits() {
        SubnetLimits limits = TestSubnet.limits();
        return new SubnetLimits(
                limits.instructionsPerMessage(),
                limits.instructionsPerSystemTask(),
                100_000_000L,
                300_000_000L,
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

    private static Blob universal() {
        return TestSubnet.universal();
    }

    private static String code(IngressEntry.Status status) {
        return TestSubnet.rejected(status).errorCode();
    }
}
