package icj.execution.system;

import icj.candid.Principal;
import icj.execution.canister.Backlog;
import icj.execution.canister.Prices;
import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Ic0;
import icj.state.model.Callback;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

/// Calls to other canisters.
final class CallApi {
    /// Most calls to one canister without a response; also the bound of its queue for this caller.
    static final int OUTSTANDING_MAX = 500;

    /// Most calls of one canister without a response: full queues of twenty others. Each round that
    /// touches the canister copies and hashes its open calls, about 2 MB of them then.
    static final int OPEN_MAX = 10_000;

    private static final String CALLING = "U CQ Ry Rt CRy CRt T";
    private static final int METHOD_BYTES_MAX = 20_000;
    private static final int ARGUMENT_BYTES_MAX = 10 << 20;
    private static final long DEADLINE_SECONDS_MAX = 300;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int TOO_FEW_CYCLES = 520;
    private static final long NOT_SENT = 2;

    private CallApi() {}

    static void register(ApiTable table) {
        table.procedure(Ic0.CALL_NEW, CALLING, CallApi::begin);
        table.procedure(
                Ic0.CALL_ON_CLEANUP,
                CALLING,
                (e, a, _) -> {
                    PendingCall call = pending(e);
                    if (call.hasCleanup()) {
                        throw ApiTable.violation("call_on_cleanup was called twice for one call");
                    }
                    call.cleanup(new Callback.Closure(a[0], a[1]));
                });
        table.procedure(Ic0.CALL_DATA_APPEND, CALLING, CallApi::append);
        table.procedure(
                Ic0.CALL_WITH_BEST_EFFORT_RESPONSE,
                CALLING,
                (e, a, _) -> {
                    PendingCall call = pending(e);
                    if (call.hasDeadline()) {
                        throw ApiTable.violation(
                                "call_with_best_effort_response was called twice for one call");
                    }
                    long seconds = Math.min(a[0] & 0xffffffffL, DEADLINE_SECONDS_MAX);
                    call.deadline(e.input().time() + seconds * SECOND_NANOS);
                });
        table.procedure(
                Ic0.CALL_CYCLES_ADD128,
                "U Ry Rt T",
                (e, a, _) -> addCycles(e, Cycles.ofHalves(a[0], a[1])));
        table.procedure(
                Ic0.CALL_CYCLES_ADD,
                "U Ry Rt T",
                (e, a, _) -> addCycles(e, GuestBytes.cycles64(a[0])));
        table.function(Ic0.CALL_PERFORM, CALLING, (e, _, guest) -> perform(e, guest));
    }

    private static void begin(Execution execution, long[] a, Guest guest) {
        PendingCall dropped = execution.pending();
        if (dropped != null) {
            execution.giveBack(dropped.cycles());
            execution.pending(null);
        }
        Principal callee = GuestBytes.principal(guest, a[0], a[1]);
        String method = GuestBytes.text(guest, a[2], a[3], METHOD_BYTES_MAX, "A method name");
        execution.pending(
                new PendingCall(
                        new CanisterId(callee),
                        method,
                        new Callback.Closure(a[4], a[5]),
                        new Callback.Closure(a[6], a[7])));
    }

    private static PendingCall pending(Execution execution) {
        @Nullable PendingCall call = execution.pending();
        if (call == null) {
            throw ApiTable.violation("No call is being made: call_new comes first");
        }
        return call;
    }

    private static void append(Execution execution, long[] a, Guest guest) {
        PendingCall call = pending(execution);
        byte[] bytes =
                GuestBytes.read(guest, a[0], a[1], ARGUMENT_BYTES_MAX, "The argument of a call");
        if (call.argumentBytes() + bytes.length > ARGUMENT_BYTES_MAX) {
            throw ApiTable.violation(
                    "The argument of a call is larger than " + ARGUMENT_BYTES_MAX + " bytes");
        }
        call.append(bytes);
    }

    private static void addCycles(Execution execution, Cycles amount) {
        PendingCall call = pending(execution);
        Cycles liquid = execution.liquid();
        if (liquid.compareTo(amount) < 0) {
            throw new GuestTrap(
                    TOO_FEW_CYCLES,
                    "Canister "
                            + execution.input().canister().id()
                            + " has insufficient cycles: "
                            + amount
                            + " were to be attached to a call, "
                            + liquid
                            + " can be spent");
        }
        execution.spend(amount);
        call.addCycles(amount);
    }

    private static long perform(Execution execution, Guest guest) {
        PendingCall call = pending(execution);
        execution.pending(null);
        int outstanding =
                execution.input().canister().outstanding(call.callee())
                        + execution.callsTo(call.callee());
        if (outstanding >= OUTSTANDING_MAX
                || execution.openCalls() >= OPEN_MAX
                || !execution.hasRoomForCall(
                        Backlog.bytesOfCall(call.methodBytes(), call.argumentBytes()))) {
            execution.giveBack(call.cycles());
            return NOT_SENT;
        }
        if (execution.context().isComposite()) {
            execution.send(call.finished(Cycles.ZERO, Cycles.ZERO));
            return 0;
        }
        Prices prices = execution.input().settings().prices();
        Cycles sending = prices.call((long) call.methodBytes() + call.argumentBytes());
        Cycles response = prices.largestResponse();
        Cycles running =
                prices.execution(
                        execution.input().settings().limits().instructionsPerMessage(),
                        guest.memory64());
        Cycles whole = sending.plus(response).plus(running);
        if (execution.liquid().compareTo(whole) < 0 && !prices.isFree()) {
            execution.giveBack(call.cycles());
            return NOT_SENT;
        }
        execution.spend(whole);
        execution.send(call.finished(running, response));
        return 0;
    }
}
