package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.Program.Call;
import icj.execution.canister.Prices;
import icj.state.model.IngressEntry;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.message.IngressBody;
import icj.types.message.NextWork;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class CallsTest {
    private TestSubnet subnet;
    private CanisterId caller;
    private CanisterId callee;

    @BeforeEach
    void makeTwoCanisters() {
        subnet = new TestSubnet(TestSubnet.limits(), Prices.FREE, RUNTIME);
        caller = subnet.universalCanister();
        callee = subnet.universalCanister();
    }

    private static final icj.execution.wasm.engine.ChicoryRuntime RUNTIME = TestSubnet.runtime(64);

    private static String text(Blob blob) {
        return new String(blob.toBytes(), StandardCharsets.UTF_8);
    }

    private static Program echo() {
        return Program.start().appendArgument().reply();
    }

    private static Program rejection() {
        return Program.start().appendReject().reply();
    }

    private IngressEntry.Status call(Call call) {
        return subnet.update(caller, Program.start().call(call));
    }

    /// The code and message of a reject that a callback replied with.
    private static String rejectOf(IngressEntry.Status status) {
        Blob reply = TestSubnet.replied(status);
        return Program.number(reply, 0) + " " + text(reply.slice(8, reply.length()));
    }

    @Test
    void aReplyReachesTheCallback() {
        Call call =
                Call.of(callee, "update")
                        .with(Program.start().append("hello ").appendCaller().reply())
                        .onReply(echo());
        Blob reply = TestSubnet.replied(call(call));
        assertEquals("hello ", text(reply.slice(0, 6)));
        assertEquals(Blob.owning(caller.principal().toBytes()), reply.slice(6, reply.length()));
        assertTrue(subnet.canister(caller).calls().contexts().isEmpty());
        assertTrue(subnet.canister(caller).calls().callbacks().isEmpty());
    }

    @Test
    void whatACallSaysOfItsSendersVersionHasToBeSo() {
        long version = subnet.canister(caller).vitals().version();
        String made = made(Long.toString(version));
        assertTrue(made.startsWith("reply "), made);
        String refused = made(Long.toString(version));
        assertTrue(refused.startsWith("5 "), refused);
        assertTrue(refused.contains("has version " + version + ", but"), refused);
        assertTrue(refused.contains("IC0504") || refused.contains("sender"), refused);
        // Nobody looks at what users say.
        TestSubnet.replied(
                subnet.manage(
                        "provisional_create_canister_with_cycles",
                        "(record { sender_canister_version = opt (77 : nat64) })"));
    }

    private String made(String version) {
        Blob reply =
                TestSubnet.replied(
                        call(
                                Call.of(
                                                CanisterId.MANAGEMENT,
                                                "provisional_create_canister_with_cycles")
                                        .with(
                                                TestSubnet.candid(
                                                        "(record { sender_canister_version = opt ("
                                                                + version
                                                                + " : nat64) })"))
                                        .onReply(Program.start().append("reply ").reply())
                                        .onReject(rejection())));
        return text(reply.slice(0, 6)).equals("reply ")
                ? "reply "
                : Program.number(reply, 0) + " " + text(reply.slice(8, reply.length()));
    }

    @Test
    void aRejectReachesTheCallback() {
        Call call =
                Call.of(callee, "update")
                        .with(Program.start().reject("not now"))
                        .onReject(rejection());
        assertEquals("4 not now", rejectOf(call(call)));
    }

    @Test
    void aCallThatCannotBeExecutedIsRejected() {
        CanisterId missing = CanisterId.ofNumber((1 << 20) + 999);
        assertTrue(
                rejectOf(call(Call.of(missing, "update").onReject(rejection())))
                        .startsWith("3 Canister "));
        CanisterId elsewhere = CanisterId.ofNumber(7);
        assertTrue(
                rejectOf(call(Call.of(elsewhere, "update").onReject(rejection())))
                        .startsWith("3 "));
        CanisterId empty = subnet.create("");
        assertTrue(
                rejectOf(call(Call.of(empty, "update").onReject(rejection())))
                        .contains("no Wasm module"));
        assertTrue(
                rejectOf(call(Call.of(callee, "nothing").onReject(rejection())))
                        .contains("no update method 'nothing'"));
        assertTrue(
                rejectOf(call(Call.of(callee, "composite").onReject(rejection())))
                        .contains("replicated mode"));
        Call trapping =
                Call.of(callee, "update").with(Program.start().trap("ouch")).onReject(rejection());
        assertTrue(rejectOf(call(trapping)).contains("ouch"));
        Call silent = Call.of(callee, "update").onReject(rejection());
        assertTrue(rejectOf(call(silent)).contains("did not reply"));
        subnet.manage("stop_canister", TestSubnet.id(callee));
        assertTrue(
                rejectOf(call(Call.of(callee, "update").onReject(rejection())))
                        .contains("is stopped"));
    }

    @Test
    void aQueryMethodRunsAsAnUpdateWithoutEffect() {
        Call call =
                Call.of(callee, "query")
                        .with(Program.start().count(5).appendCounter().reply())
                        .onReply(echo());
        assertEquals(5, Program.number(TestSubnet.replied(call(call)), 0));
        assertEquals(
                0,
                Program.number(subnet.queried(callee, Program.start().appendCounter().reply()), 0));
    }

    @Test
    void cyclesMoveAndComeBackExactly() {
        Cycles before =
                subnet.canister(caller)
                        .vitals()
                        .balance()
                        .plus(subnet.canister(callee).vitals().balance());
        Cycles calleeBefore = subnet.canister(callee).vitals().balance();
        Call call =
                Call.of(callee, "update")
                        .with(Program.start().appendAvailable().accept(300).reply())
                        .cycles(1000)
                        .onReply(Program.start().appendArgument().appendRefunded().reply());
        Blob reply = TestSubnet.replied(call(call));
        assertEquals(1000, Program.number(reply, 0));
        assertEquals(300, Program.number(reply, 1));
        assertEquals(700, Program.number(reply, 2));
        assertEquals(calleeBefore.plus(Cycles.of(300)), subnet.canister(callee).vitals().balance());
        assertEquals(
                before,
                subnet.canister(caller)
                        .vitals()
                        .balance()
                        .plus(subnet.canister(callee).vitals().balance()));
    }

    @Test
    void aTrapInTheCalleeGivesAllCyclesBack() {
        Cycles before = subnet.canister(caller).vitals().balance();
        Call call =
                Call.of(callee, "update")
                        .with(Program.start().accept(300).trap("x"))
                        .cycles(1000)
                        .onReject(Program.start().appendRefunded().reply());
        assertEquals(1000, Program.number(TestSubnet.replied(call(call)), 0));
        assertEquals(before, subnet.canister(caller).vitals().balance());
    }

    @Test
    void aTrapInTheCallbackRunsTheCleanupOnTheStateBefore() {
        Call call =
                Call.of(callee, "update")
                        .with(Program.start().reply())
                        .onReply(Program.start().count(100).trap("in callback"))
                        .onCleanup(Program.start().count(7));
        IngressEntry.Status.Rejected rejected = TestSubnet.rejected(call(call));
        assertEquals("IC0503", rejected.errorCode());
        assertTrue(rejected.message().contains("in callback"));
        assertEquals(
                7,
                Program.number(subnet.queried(caller, Program.start().appendCounter().reply()), 0));
    }

    @Test
    void aTrapInTheCallbackLeavesOtherCallsToAnswer() {
        Program both =
                Program.start()
                        .call(
                                Call.of(callee, "update")
                                        .with(Program.start().reply())
                                        .onReply(Program.start().trap("first")))
                        .call(
                                Call.of(callee, "update")
                                        .with(Program.start().reply())
                                        .onReply(Program.start().append("second").reply()));
        assertEquals("second", text(TestSubnet.replied(subnet.update(caller, both))));
    }

    @Test
    void anAnswerBeforeTheResponsesIsFinal() {
        Program early =
                Program.start()
                        .append("early")
                        .reply()
                        .call(
                                Call.of(callee, "update")
                                        .with(Program.start().reply())
                                        .onReply(Program.start().count(1)));
        assertEquals("early", text(TestSubnet.replied(subnet.update(caller, early))));
        subnet.settle();
        assertEquals(
                1,
                Program.number(subnet.queried(caller, Program.start().appendCounter().reply()), 0));
        Program twice = Program.start().reply().reply();
        assertEquals("IC0504", TestSubnet.rejected(subnet.update(caller, twice)).errorCode());
    }

    @Test
    void aCanisterCallsItself() {
        Call call =
                Call.of(caller, "update")
                        .with(Program.start().append("me").reply())
                        .onReply(echo());
        assertEquals("me", text(TestSubnet.replied(call(call))));
    }

    @Test
    void fiveHundredCallsToOneCanisterAreTheMost() {
        Program many = Program.start();
        for (int i = 0; i < 500; i++) {
            many.call(
                    Call.of(callee, "update")
                            .with(Program.start().reply())
                            .onReply(Program.start().count(1)));
        }
        assertEquals(
                "IC0503",
                TestSubnet.rejected(subnet.update(caller, many.call(Call.of(callee, "update"))))
                        .errorCode());
        Program most = Program.start().append("ok").reply();
        for (int i = 0; i < 500; i++) {
            most.call(
                    Call.of(callee, "update")
                            .with(Program.start().reply())
                            .onReply(Program.start().count(1)));
        }
        TestSubnet.replied(subnet.update(caller, most));
        subnet.settle();
        assertEquals(
                500,
                Program.number(subnet.queried(caller, Program.start().appendCounter().reply()), 0));
    }

    @Test
    void aBestEffortCallIsRejectedAtItsDeadline() {
        // The callee waits for a canister that never answers: itself, stopped in the middle.
        Program waiting =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                        .with(TestSubnet.candid("()"))
                                        .onReply(Program.start().append("late").reply()));
        Call call = Call.of(callee, "update").with(waiting).timeout(10).onReject(rejection());
        IngressBody body = subnet.call(caller, Program.start().call(call));
        subnet.batch(body);
        for (int i = 0; i < 9; i++) {
            subnet.batch();
            assertInstanceOf(IngressEntry.Status.Processing.class, subnet.status(body));
        }
        subnet.batch();
        assertTrue(rejectOf(subnet.status(body)).startsWith("6 "));
        // The late answer finds nobody.
        subnet.batch(icj.types.Digest.ZERO);
        subnet.settle();
        assertTrue(subnet.canister(caller).calls().callbacks().isEmpty());
        assertTrue(subnet.canister(callee).calls().contexts().isEmpty());
        assertInstanceOf(NextWork.None.class, subnet.executed().next());
    }

    @Test
    void theCalleeSeesItsDeadline() {
        Call call =
                Call.of(callee, "update")
                        .with(Program.start().appendDeadline().reply())
                        .timeout(1000)
                        .onReply(echo());
        long now = subnet.nextTime();
        assertEquals(now + 300_000_000_000L, Program.number(TestSubnet.replied(call(call)), 0));
    }

    @Test
    void compositeQueriesCallQueries() {
        Call inner =
                Call.of(callee, "query")
                        .with(Program.start().append("inner").reply())
                        .onReply(Program.start().count(1).appendCounter().appendArgument().reply());
        Program program = Program.start().count(41).call(inner);
        QueryOutcome outcome = subnet.query(caller, "composite", program.bytes(), null);
        Blob reply = assertInstanceOf(QueryOutcome.Replied.class, outcome).data();
        assertEquals(42, Program.number(reply, 0));
        assertEquals("inner", text(reply.slice(8, reply.length())));
        assertEquals(
                0,
                Program.number(subnet.queried(caller, Program.start().appendCounter().reply()), 0));
    }

    @Test
    void compositeQueriesThatNestTooDeeplyAreRejected() {
        Program program = Program.start().append("bottom").reply();
        for (int depth = 0; depth < 8; depth++) {
            program =
                    Program.start()
                            .call(
                                    Call.of(caller, "composite")
                                            .with(program)
                                            .onReply(echo())
                                            .onReject(rejection()));
        }
        QueryOutcome outcome = subnet.query(caller, "composite", program.bytes(), null);
        String reply = text(assertInstanceOf(QueryOutcome.Replied.class, outcome).data());
        assertTrue(reply.contains("too deeply"), reply);
    }

    @Test
    void callsOfHundredsOfCanistersAllComeBack() {
        Program ring = Program.start().append("end").reply();
        for (int i = 0; i < 30; i++) {
            CanisterId next = i % 2 == 0 ? callee : caller;
            ring = Program.start().call(Call.of(next, "update").with(ring).onReply(echo()));
        }
        assertEquals("end", text(TestSubnet.replied(subnet.update(caller, ring))));
    }
}
