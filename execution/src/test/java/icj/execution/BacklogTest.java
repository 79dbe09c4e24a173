package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.Program.Call;
import icj.execution.canister.Prices;
import icj.state.model.CallTable;
import icj.state.model.CanisterLog;
import icj.state.model.IngressEntry;
import icj.testing.WatAssembler;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.message.IngressBody;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What messages may hold in the heaps of all nodes: in one execution, and while they wait.
final class BacklogTest {
    private static final icj.execution.wasm.engine.ChicoryRuntime RUNTIME = TestSubnet.runtime(64);

    /// Sends and prints as much as it can: `large` calls with 10 MiB each, `many` calls of others,
    /// 400 a callee, `print` lines of 4 KiB.
    private static final String FLOOD =
            """
            (module
              (import "ic0" "call_new" (func $new
                (param i32 i32 i32 i32 i32 i32 i32 i32)))
              (import "ic0" "call_data_append" (func $data (param i32 i32)))
              (import "ic0" "call_perform" (func $perform (result i32)))
              (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
              (import "ic0" "msg_reply" (func $reply))
              (import "ic0" "debug_print" (func $print (param i32 i32)))
              (memory (export "memory") 161)
              (func $large (export "canister_update large")
                (local $i i32) (local $sent i32)
                (loop $next
                  (call $new (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1)
                    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
                  (call $data (i32.const 0) (i32.const 10485760))
                  (local.set $sent
                    (i32.add (local.get $sent) (i32.eqz (call $perform))))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $next (i32.lt_u (local.get $i) (i32.const 6))))
                (call $answer (local.get $sent)))
              (func $many (export "canister_update many")
                (local $i i32) (local $sent i32)
                (loop $next
                  (i32.store (i32.const 0) (i32.div_u (local.get $i) (i32.const 400)))
                  (call $new (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 1)
                    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
                  (local.set $sent
                    (i32.add (local.get $sent) (i32.eqz (call $perform))))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $next (i32.lt_u (local.get $i) (i32.const 10100))))
                (call $answer (local.get $sent)))
              (func $lines (export "canister_update print")
                (local $i i32)
                (loop $next
                  (call $print (i32.const 0) (i32.const 4096))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $next (i32.lt_u (local.get $i) (i32.const 900))))
                (call $answer (local.get $i)))
              (func $answer (param $number i32)
                (i32.store (i32.const 0) (local.get $number))
                (i32.store (i32.const 4) (i32.const 0))
                (call $append (i32.const 0) (i32.const 8))
                (call $reply)))
            """;

    private final TestSubnet subnet = new TestSubnet(TestSubnet.limits(), Prices.FREE, RUNTIME);

    private CanisterId flood() {
        CanisterId id = subnet.create("");
        Blob wasm = Blob.owning(WatAssembler.assemble(FLOOD));
        TestSubnet.replied(subnet.install(id, "install", wasm, Program.start()));
        return id;
    }

    private long run(CanisterId id, String method) {
        IngressBody body = subnet.call(TestSubnet.USER, id, method, Blob.EMPTY);
        subnet.batch(body);
        return Program.number(TestSubnet.replied(subnet.status(body)), 0);
    }

    @Test
    void theCallsOfOneExecutionHoldThreeOfTheLargestArguments() {
        assertEquals(3, run(flood(), "large"));
        subnet.settle();
        assertNothingWaits();
    }

    @Test
    void aCanisterHasTenThousandOpenCalls() {
        CanisterId id = flood();
        assertEquals(10_000, run(id, "many"));
        assertEquals(
                subnet.canister(id).queues().canisterBytes()
                        + CallTable.CALLBACK_BYTES * subnet.canister(id).calls().callbacks().size(),
                subnet.state().agenda().callBytes());
    }

    @Test
    void anExecutionKeepsItsNewestLinesAndCountsTheOthers() {
        CanisterId id = flood();
        assertEquals(900, run(id, "print"));
        assertEquals(63, subnet.executed().printed().size());
        List<CanisterLog.Line> lines = subnet.canister(id).log().lines();
        assertEquals(899, lines.getLast().index());
    }

    @Test
    void usersCallsThatWaitAreBoundedInBytes() {
        CanisterId first = subnet.universalCanister();
        CanisterId second = subnet.universalCanister();
        CanisterId third = subnet.universalCanister();
        // One of them uses up what a round may do.
        Program slow = Program.start().spin(4_000_000).keep("x".repeat(1_900_000)).reply();
        List<IngressBody> calls = new ArrayList<>();
        for (CanisterId id : List.of(first, second, third)) {
            for (int i = 0; i < 10; i++) {
                calls.add(subnet.call(id, slow));
            }
        }
        subnet.batch(calls.toArray(new IngressBody[0]));
        int[] refused = new int[3];
        for (int i = 0; i < calls.size(); i++) {
            if (subnet.status(calls.get(i)) instanceof IngressEntry.Status.Rejected rejected) {
                assertEquals("IC0201", rejected.errorCode());
                assertEquals(2, rejected.code());
                refused[i / 10]++;
            }
        }
        // 16 MiB of one canister, 32 MiB of the subnet; the calls of 1.9 MB fill eight and one.
        assertEquals(2, refused[0]);
        assertEquals(2, refused[1]);
        assertEquals(9, refused[2]);
        subnet.settle();
        assertNothingWaits();
        TestSubnet.replied(subnet.update(third, slow));
    }

    @Test
    void repliesThatFindNoRoomAreTrapsAndEveryCallIsAnswered() {
        CanisterId caller = subnet.universalCanister();
        CanisterId callee = subnet.universalCanister();
        TestSubnet.replied(
                subnet.update(callee, Program.start().keep("x".repeat(1 << 20)).reply()));
        Program calls = Program.start().append("begun").reply();
        for (int i = 0; i < 60; i++) {
            calls.call(
                    Call.of(callee, "update")
                            .with(Program.start().appendKept().appendKept().reply())
                            .onReply(Program.start().count(1).spin(4_000_000))
                            .onReject(Program.start().count(1_000).spin(4_000_000)));
        }
        TestSubnet.replied(subnet.update(caller, calls));
        long most = subnet.state().agenda().callBytes();
        for (int i = 0; i < 60 && !subnet.canister(caller).queues().isEmpty(); i++) {
            subnet.batch();
            most = Math.max(most, subnet.state().agenda().callBytes());
        }
        subnet.settle();
        long count =
                Program.number(subnet.queried(caller, Program.start().appendCounter().reply()), 0);
        assertEquals(60, count / 1_000 + count % 1_000);
        assertTrue(count >= 1_000, "all replies found room, at most " + most + " bytes");
        assertTrue(most > 40 << 20 && most <= 49 << 20, most + " bytes waited");
        assertNothingWaits();
    }

    /// A canister of an id that another one had gets no answers to the other's calls.
    @Test
    void aLateAnswerIsNotTakenForThatToACallOfANewCanisterOfTheSameId() {
        CanisterId callee = subnet.universalCanister();
        CanisterId caller = subnet.universalCanister();
        IngressBody first = subnet.call(caller, Program.start().call(asking(callee, "old")));
        subnet.batch(first);
        for (int i = 0; i < 12; i++) {
            subnet.batch();
        }
        assertEquals("rejected", text(TestSubnet.replied(subnet.status(first))));
        TestSubnet.replied(subnet.manage("stop_canister", TestSubnet.id(caller)));
        TestSubnet.replied(subnet.manage("delete_canister", TestSubnet.id(caller)));
        assertEquals(caller, subnet.create("specified_id = opt principal \"" + caller + "\""));
        TestSubnet.replied(
                subnet.install(caller, "install", TestSubnet.universal(), Program.start()));
        IngressBody second = subnet.call(caller, Program.start().call(asking(callee, "new")));
        subnet.batch(second);
        assertInstanceOf(IngressEntry.Status.Processing.class, subnet.status(second));
        // Now the tape answers both.
        subnet.batch(Digest.ZERO);
        subnet.settle();
        assertEquals("new", text(TestSubnet.replied(subnet.status(second))));
    }

    /// A call whose answer waits for randomness, for ten seconds at most.
    private static Call asking(CanisterId callee, String answer) {
        Program waiting =
                Program.start()
                        .call(
                                Call.of(CanisterId.MANAGEMENT, "raw_rand")
                                        .with(TestSubnet.candid("()"))
                                        .onReply(Program.start().append(answer).reply()));
        return Call.of(callee, "update")
                .with(waiting)
                .timeout(10)
                .onReply(Program.start().appendArgument().reply())
                .onReject(Program.start().append("rejected").reply());
    }

    private void assertNothingWaits() {
        assertEquals(0, subnet.state().agenda().userBytes());
        assertEquals(0, subnet.state().agenda().callBytes());
    }

    private static String text(Blob blob) {
        return new String(blob.toBytes(), StandardCharsets.UTF_8);
    }
}
