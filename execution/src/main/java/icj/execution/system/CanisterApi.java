package icj.execution.system;

import icj.execution.wasm.Ic0;
import icj.types.Blob;

/// Who and how the canister is, what time it is.
final class CanisterApi {
    private static final String ROOT_KEY = "I G U RQ Ry Rt C T";

    private CanisterApi() {}

    static void register(ApiTable table) {
        table.function(Ic0.CANISTER_SELF_SIZE, "*", (e, _, _) -> self(e).length());
        table.procedure(
                Ic0.CANISTER_SELF_COPY,
                "*",
                (e, a, guest) -> GuestBytes.copy(self(e), a, 0, guest));
        table.function(Ic0.SUBNET_SELF_SIZE, "*", (e, _, _) -> subnet(e).length());
        table.procedure(
                Ic0.SUBNET_SELF_COPY,
                "*",
                (e, a, guest) -> GuestBytes.copy(subnet(e), a, 0, guest));
        table.function(
                Ic0.CANISTER_STATUS, "*", (e, _, _) -> e.input().canister().lifecycle().code());
        table.function(Ic0.CANISTER_VERSION, "*", (e, _, _) -> e.input().version());
        table.function(
                Ic0.ROOT_KEY_SIZE,
                ROOT_KEY,
                (e, _, _) -> e.input().settings().rootKeyDer().length());
        table.procedure(
                Ic0.ROOT_KEY_COPY,
                ROOT_KEY,
                (e, a, guest) -> GuestBytes.copy(e.input().settings().rootKeyDer(), a, 0, guest));
        table.function(Ic0.TIME, "*", (e, _, _) -> e.input().time());
        table.function(
                Ic0.GLOBAL_TIMER_SET,
                "I G U Ry Rt C T",
                (e, a, _) -> {
                    long before = e.globalTimer();
                    e.globalTimer(a[0]);
                    return before;
                });
        table.function(
                Ic0.PERFORMANCE_COUNTER,
                "* s",
                (e, a, guest) ->
                        switch ((int) a[0]) {
                            case 0 -> guest.instructionsUsed();
                            case 1 -> e.input().contextInstructions() + guest.instructionsUsed();
                            default ->
                                    throw ApiTable.violation(
                                            "There is no performance counter " + (int) a[0]);
                        });
        table.function(
                Ic0.IS_CONTROLLER,
                "* s",
                (e, a, guest) ->
                        e.input().canister().isController(GuestBytes.principal(guest, a[0], a[1]))
                                ? 1
                                : 0);
        table.function(
                Ic0.IN_REPLICATED_EXECUTION,
                "* s",
                (e, _, _) -> e.context().isReplicated() ? 1 : 0);
    }

    private static Blob self(Execution execution) {
        return Blob.owning(execution.input().canister().id().principal().toBytes());
    }

    private static Blob subnet(Execution execution) {
        return Blob.owning(execution.input().settings().subnet().principal().toBytes());
    }
}
