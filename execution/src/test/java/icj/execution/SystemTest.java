package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.Program.Call;
import icj.execution.Program.Slot;
import icj.execution.canister.Prices;
import icj.state.model.CanisterLog;
import icj.state.model.CanisterState;
import icj.state.model.IngressEntry;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.message.IngressBody;
import icj.types.message.NextWork;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class SystemTest {
    private final TestSubnet subnet = new TestSubnet();

    private static String text(Blob blob) {
        return new String(blob.toBytes(), StandardCharsets.UTF_8);
    }

    private long counter(CanisterId id) {
        return Program.number(subnet.queried(id, Program.start().appendCounter().reply()), 0);
    }

    @Test
    void theGlobalTimerGoesOffOnce() {
        CanisterId id = subnet.universalCanister();
        long due = subnet.nextTime() + 3_000_000_000L;
        Blob reply =
                subnet.reply(
                        id,
                        Program.start()
                                .at(Slot.TIMER, Program.start().count(1))
                                .setTimer(due)
                                .reply());
        assertEquals(0, Program.number(reply, 0));
        NextWork.At at = assertInstanceOf(NextWork.At.class, subnet.executed().next());
        assertEquals(due, at.time().value());
        subnet.batch();
        subnet.batch();
        assertEquals(0, counter(id));
        subnet.batch();
        assertEquals(1, counter(id));
        assertInstanceOf(NextWork.None.class, subnet.executed().next());
        subnet.batch();
        assertEquals(1, counter(id));
    }

    @Test
    void aHeartbeatRunsOnceARoundAndMakesNoDemand() {
        CanisterId id = subnet.create("");
        subnet.install(id, "install", TestSubnet.beating(), Program.start());
        subnet.reply(id, Program.start().at(Slot.HEARTBEAT, Program.start().count(1)).reply());
        long before = counter(id);
        for (int i = 0; i < 5; i++) {
            subnet.batch();
            assertInstanceOf(NextWork.None.class, subnet.executed().next());
        }
        assertEquals(before + 5, counter(id));
        subnet.manage("stop_canister", TestSubnet.id(id));
        long stopped = subnet.executed().stats().messages();
        subnet.batch();
        assertEquals(0, subnet.executed().stats().messages());
        assertTrue(stopped <= 1);
    }

    @Test
    void randomnessComesFromTheTapeOfALaterHeight() {
        CanisterId id = subnet.universalCanister();
        Program ask =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                        .with(TestSubnet.candid("()"))
                                        .onReply(Program.start().appendArgument().reply()));
        IngressBody first = subnet.call(id, ask);
        IngressBody second = subnet.call(id, ask);
        subnet.batch(first, second);
        assertTrue(subnet.executed().needsTape());
        assertInstanceOf(NextWork.Now.class, subnet.executed().next());
        subnet.batch();
        assertInstanceOf(IngressEntry.Status.Processing.class, subnet.status(first));
        subnet.batch(Digest.ZERO);
        subnet.settle();
        Blob one = TestSubnet.replied(subnet.status(first));
        Blob two = TestSubnet.replied(subnet.status(second));
        // DIDL, one type (vec nat8), one value of it, its length, 32 bytes.
        assertEquals(10 + 32, one.length());
        assertNotEquals(one, two);
        assertEquals(false, subnet.executed().needsTape());
    }

    @Test
    void linesAreKeptUpToFourKibibytes() {
        CanisterId id = subnet.universalCanister();
        subnet.reply(id, Program.start().print("first").reply());
        for (int i = 0; i < 50; i++) {
            subnet.reply(id, Program.start().print("x".repeat(200)).reply());
        }
        subnet.update(id, Program.start().print("before the trap").trap("why"));
        List<CanisterLog.Line> lines = subnet.canister(id).log().lines();
        int bytes = 0;
        for (CanisterLog.Line line : lines) {
            bytes += line.content().length();
        }
        assertTrue(bytes <= CanisterLog.BYTES_MAX);
        assertEquals(52, lines.getLast().index());
        assertTrue(text(lines.getLast().content()).contains("why"));
        assertEquals("before the trap", text(lines.get(lines.size() - 2).content()));
    }

    @Test
    void certifiedDataIsInTheTreeAndItsCertificateInQueries() {
        CanisterId id = subnet.universalCanister();
        subnet.reply(id, Program.start().certify("root").reply());
        assertEquals("root", text(subnet.canister(id).vitals().certifiedData()));
        Blob certificate = Blob.of("certificate".getBytes(StandardCharsets.UTF_8));
        QueryOutcome outcome =
                subnet.query(
                        id,
                        "query",
                        Program.start().appendCertificate().reply().bytes(),
                        () -> certificate);
        Blob reply = assertInstanceOf(QueryOutcome.Replied.class, outcome).data();
        assertEquals(1, Program.number(reply, 0));
        assertEquals(certificate, reply.slice(8, reply.length()));
        Blob update = subnet.reply(id, Program.start().appendCertificate().reply());
        assertEquals(0, Program.number(update, 0));
    }

    @Test
    void inspectMessageDecides() {
        CanisterId id = subnet.universalCanister();
        assertNull(subnet.filter(TestSubnet.USER, id, "update", Blob.EMPTY));
        subnet.reply(id, Program.start().at(Slot.INSPECT, Program.start().print("no")).reply());
        assertEquals(
                "IC0406", subnet.filter(TestSubnet.USER, id, "update", Blob.EMPTY).errorCode());
        subnet.reply(id, Program.start().at(Slot.INSPECT, Program.start().acceptMessage()).reply());
        assertNull(subnet.filter(TestSubnet.USER, id, "update", Blob.EMPTY));
    }

    @Test
    void theFilterNamesWhatIsWrong() {
        CanisterId missing = CanisterId.ofNumber((1 << 20) + 77);
        assertEquals(
                "IC0301", subnet.filter(TestSubnet.USER, missing, "x", Blob.EMPTY).errorCode());
        CanisterId empty = subnet.create("");
        assertEquals("IC0537", subnet.filter(TestSubnet.USER, empty, "x", Blob.EMPTY).errorCode());
        CanisterId id = subnet.universalCanister();
        assertEquals("IC0536", subnet.filter(TestSubnet.USER, id, "x", Blob.EMPTY).errorCode());
        assertEquals(
                "IC0527", subnet.filter(TestSubnet.USER, id, "composite", Blob.EMPTY).errorCode());
        subnet.manage("stop_canister", TestSubnet.id(id));
        assertEquals(
                "IC0508", subnet.filter(TestSubnet.USER, id, "update", Blob.EMPTY).errorCode());
        CanisterId management = CanisterId.MANAGEMENT;
        Blob argument = TestSubnet.candid(TestSubnet.id(id));
        assertEquals(
                "IC0407", subnet.filter(TestSubnet.USER, management, "x", argument).errorCode());
        assertEquals(
                "IC0406",
                subnet.filter(TestSubnet.USER, management, "deposit_cycles", argument).errorCode());
    }

    @Test
    void answersAreForgottenFiveMinutesAfterTheyCame() {
        CanisterId id = subnet.universalCanister();
        IngressBody call = subnet.call(id, Program.start().reply());
        subnet.batch(call);
        subnet.step = 300_000_000_000L;
        subnet.batch();
        TestSubnet.replied(subnet.status(call));
        subnet.step = 2_000_000_000L;
        subnet.batch();
        assertNull(subnet.state().ingress(call.id()));
        assertEquals(0, subnet.state().ingressBytes());
    }

    @Test
    void aCallThatExpiredIsNotTaken() {
        CanisterId id = subnet.universalCanister();
        IngressBody call = subnet.call(id, Program.start().count(1).reply());
        subnet.step = 250_000_000_000L;
        subnet.batch(call);
        assertNull(subnet.state().ingress(call.id()));
        assertEquals(1, subnet.executed().stats().refused());
    }

    @Test
    void aBusyCanisterLeavesTurnsToOthers() {
        TestSubnet free = new TestSubnet(TestSubnet.limits(), Prices.FREE, TestSubnet.runtime(64));
        CanisterId busy = free.universalCanister();
        CanisterId calm = free.universalCanister();
        List<IngressBody> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(free.call(busy, Program.start().spin(4_000_000).reply()));
        }
        IngressBody small = free.call(calm, Program.start().reply());
        calls.add(small);
        free.batch(calls.toArray(IngressBody[]::new));
        TestSubnet.replied(free.status(small));
        assertInstanceOf(NextWork.Now.class, free.executed().next());
        assertTrue(free.executed().stats().instructions() < 400_000_000L);
        free.settle();
        for (IngressBody call : calls) {
            TestSubnet.replied(free.status(call));
        }
    }

    @Test
    void storageIsChargedWithTime() {
        CanisterId id = subnet.universalCanister();
        subnet.reply(id, Program.start().growStable(1000).reply());
        var before = subnet.canister(id).vitals().balance();
        subnet.step = 86_400_000_000_000L;
        subnet.reply(id, Program.start().reply());
        var paid = before.minus(subnet.canister(id).vitals().balance());
        // 62.5 MiB and the heap for a day at 127,000 a GiB and second.
        assertTrue(paid.value().longValue() > 660_000_000L, paid.toString());
        assertTrue(paid.value().longValue() < 800_000_000L, paid.toString());
    }

    @Test
    void idleCanistersPayForStorageEveryTenSeconds() {
        CanisterId id = subnet.universalCanister();
        subnet.reply(id, Program.start().growStable(1000).reply());
        CanisterState first = subnet.canister(id);
        subnet.step = 1_000_000_000L;
        while (subnet.nextTime() < first.vitals().chargedUntil() + 10_000_000_000L) {
            subnet.batch();
            assertSame(first, subnet.canister(id));
        }
        assertInstanceOf(NextWork.None.class, subnet.executed().next());
        subnet.batch();
        Cycles paid = first.vitals().balance().minus(subnet.canister(id).vitals().balance());
        assertTrue(paid.value().longValue() > 76_000, paid.toString());
        assertTrue(paid.value().longValue() < 92_000, paid.toString());
        assertEquals(first.vitals().version(), subnet.canister(id).vitals().version());
        assertInstanceOf(NextWork.None.class, subnet.executed().next());
        // However the time is cut into rounds, the price is the same.
        subnet.step = 100_000_000_000L;
        subnet.batch();
        Cycles later = first.vitals().balance().minus(subnet.canister(id).vitals().balance());
        assertEquals(
                11.0,
                later.value().doubleValue() / paid.value().doubleValue(),
                0.001,
                later + " after " + paid);
    }

    @Test
    void aCanisterWithoutCyclesLosesItsCodeWithoutBeingTouched() {
        CanisterId id = subnet.create("amount = opt (2_000_000_000_000 : nat)");
        TestSubnet.replied(subnet.install(id, "install", TestSubnet.universal(), Program.start()));
        TestSubnet.replied(
                subnet.manage(
                        "update_settings",
                        "(record { canister_id = principal \""
                                + id
                                + "\"; settings = record { compute_allocation = opt (10 : nat);"
                                + " freezing_threshold = opt (100 : nat) } })"));
        CanisterState rich = subnet.canister(id);
        assertEquals(10, subnet.state().agenda().computeAllocation());
        // Ten per cent cost 100 M a second: it freezes after some 19,000 s, and is empty 100 s
        // later.
        subnet.step = 10_000_000_000L;
        int rounds = 0;
        while (subnet.canister(id).module() != null && rounds < 2_100) {
            CanisterState before = subnet.canister(id);
            subnet.batch();
            rounds++;
            assertTrue(
                    before.vitals().balance().compareTo(subnet.canister(id).vitals().balance())
                            > 0);
        }
        assertTrue(rounds > 1_500 && rounds < 2_001, "after " + rounds);
        CanisterState empty = subnet.canister(id);
        assertEquals(Cycles.ZERO, empty.vitals().balance());
        assertEquals(0, empty.settings().computeAllocation());
        assertEquals(0, subnet.state().agenda().computeAllocation());
        assertEquals(0, empty.memory().heapPages());
        assertEquals(rich.vitals().version() + 1, empty.vitals().version());
        assertEquals(rich.history(), empty.history());
        assertEquals("IC0207", TestSubnet.rejected(subnet.update(id, Program.start())).errorCode());
        // It owes more by the second, and nothing more happens to it.
        subnet.batch();
        assertEquals(empty.vitals().version(), subnet.canister(id).vitals().version());
    }

    @Test
    void thousandsOfIdleCanistersAreChargedOverSeveralRounds() {
        List<CanisterId> canisters = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            canisters.add(
                    subnet.create(
                            "settings = opt record { memory_allocation = opt (1_000_000 : nat) }"));
        }
        subnet.step = 100_000_000_000L;
        subnet.batch();
        subnet.step = 1_000_000L;
        int rounds = 1;
        while (rounds < 10 && owing(canisters) > 0) {
            subnet.batch();
            rounds++;
        }
        assertEquals(3, rounds);
    }

    private int owing(List<CanisterId> canisters) {
        int owing = 0;
        for (CanisterId id : canisters) {
            if (subnet.canister(id).vitals().chargedUntil() < subnet.nextTime() - 1_000_000_000L) {
                owing++;
            }
        }
        return owing;
    }

    @Test
    void queriesDontSeeTheWorkOfOthersAndUpdatesDo() {
        CanisterId id = subnet.universalCanister();
        Blob reply = subnet.queried(id, Program.start().appendReplicated().appendStatus().reply());
        assertEquals(0, Program.number(reply, 0));
        assertEquals(1, Program.number(reply, 1));
        reply =
                subnet.reply(
                        id,
                        Program.start()
                                .appendReplicated()
                                .appendIsController(TestSubnet.USER.toBytes())
                                .reply());
        assertEquals(1, Program.number(reply, 0));
        assertEquals(1, Program.number(reply, 1));
    }
}
