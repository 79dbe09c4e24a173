package icj.execution.system;

import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Ic0;
import icj.execution.wasm.Trap;
import icj.state.model.CanisterLog;
import icj.types.Blob;

import java.nio.charset.StandardCharsets;

/// Printing and trapping.
final class DebugApi {
    private static final int TRAP_BYTES_MAX = 8 << 10;

    private DebugApi() {}

    static void register(ApiTable table) {
        table.procedure(Ic0.DEBUG_PRINT, "* s", DebugApi::print);
        table.procedure(
                Ic0.TRAP,
                "* s",
                (_, a, guest) -> {
                    throw new GuestTrap(Trap.CALLED_TRAP, message(a, guest));
                });
    }

    /// Never traps: bytes outside of the heap print nothing.
    private static void print(Execution execution, long[] a, Guest guest) {
        long kept = a[1] < 0 ? 0 : Math.min(a[1], CanisterLog.BYTES_MAX);
        guest.charge(kept);
        byte[] line;
        try {
            guest.check(a[0], a[1]);
            line = guest.read(a[0], kept);
        } catch (GuestTrap outside) {
            return;
        }
        execution.print(Blob.owning(line));
    }

    private static String message(long[] a, Guest guest) {
        try {
            long kept = a[1] < 0 ? TRAP_BYTES_MAX : Math.min(a[1], TRAP_BYTES_MAX);
            return new String(guest.read(a[0], kept), StandardCharsets.UTF_8);
        } catch (GuestTrap outside) {
            return "(the message lies outside of the memory)";
        }
    }
}
