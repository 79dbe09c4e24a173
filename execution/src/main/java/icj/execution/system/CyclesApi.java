package icj.execution.system;

import icj.execution.wasm.Ic0;
import icj.types.Cycles;

/// Cycles of the call and of the balance.
final class CyclesApi {
    private static final String RECEIVING = "U RQ Rt Ry";

    private CyclesApi() {}

    static void register(ApiTable table) {
        table.procedure(
                Ic0.MSG_CYCLES_AVAILABLE128,
                RECEIVING,
                (e, a, guest) -> GuestBytes.cycles(guest, a[0], e.available()));
        table.function(
                Ic0.MSG_CYCLES_AVAILABLE,
                RECEIVING,
                (e, _, _) -> GuestBytes.low64(e.available(), "msg_cycles_available"));
        table.procedure(
                Ic0.MSG_CYCLES_REFUNDED128,
                "Rt Ry",
                (e, a, guest) -> GuestBytes.cycles(guest, a[0], e.input().cyclesRefunded()));
        table.function(
                Ic0.MSG_CYCLES_REFUNDED,
                "Rt Ry",
                (e, _, _) -> GuestBytes.low64(e.input().cyclesRefunded(), "msg_cycles_refunded"));
        table.procedure(
                Ic0.MSG_CYCLES_ACCEPT128,
                RECEIVING,
                (e, a, guest) ->
                        GuestBytes.cycles(guest, a[2], e.accept(Cycles.ofHalves(a[0], a[1]))));
        table.function(
                Ic0.MSG_CYCLES_ACCEPT,
                RECEIVING,
                (e, a, _) -> e.accept(GuestBytes.cycles64(a[0])).low());
        table.procedure(
                Ic0.CYCLES_BURN128,
                "I G U RQ Ry Rt C T",
                (e, a, guest) ->
                        GuestBytes.cycles(guest, a[2], e.burn(Cycles.ofHalves(a[0], a[1]))));
        table.procedure(
                Ic0.CANISTER_CYCLE_BALANCE128,
                "*",
                (e, a, guest) -> GuestBytes.cycles(guest, a[0], e.balance()));
        table.function(
                Ic0.CANISTER_CYCLE_BALANCE,
                "*",
                (e, _, _) -> GuestBytes.low64(e.balance(), "canister_cycle_balance"));
        table.procedure(
                Ic0.CANISTER_LIQUID_CYCLE_BALANCE128,
                "*",
                (e, a, guest) -> GuestBytes.cycles(guest, a[0], e.liquid()));
    }
}
