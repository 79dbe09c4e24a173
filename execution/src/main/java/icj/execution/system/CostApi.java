package icj.execution.system;

import icj.execution.canister.Prices;
import icj.execution.wasm.Guest;
import icj.execution.wasm.Ic0;
import icj.types.Cycles;

/// What things would cost.
final class CostApi {
    private static final int KEY_NAME_BYTES_MAX = 100;
    private static final long UNKNOWN_ALGORITHM = 1;
    private static final long UNKNOWN_KEY = 2;

    private CostApi() {}

    static void register(ApiTable table) {
        table.procedure(
                Ic0.COST_CALL,
                "* s",
                (e, a, guest) -> {
                    long bytes = a[0] + a[1];
                    boolean overflow = Long.compareUnsigned(bytes, a[0]) < 0;
                    GuestBytes.cycles(
                            guest,
                            a[2],
                            prices(e)
                                    .wholeCall(
                                            overflow ? -1 : bytes,
                                            e.input().settings().limits().instructionsPerMessage(),
                                            guest.memory64()));
                });
        table.procedure(
                Ic0.COST_CREATE_CANISTER,
                "* s",
                (e, a, guest) -> GuestBytes.cycles(guest, a[0], prices(e).creation()));
        table.procedure(
                Ic0.COST_HTTP_REQUEST,
                "* s",
                (e, a, guest) -> GuestBytes.cycles(guest, a[2], prices(e).httpOutcall(a[0], a[1])));
        table.function(Ic0.COST_SIGN_WITH_ECDSA, "* s", (e, a, guest) -> signature(e, a, guest, 1));
        table.function(
                Ic0.COST_SIGN_WITH_SCHNORR, "* s", (e, a, guest) -> signature(e, a, guest, 2));
        table.function(
                Ic0.COST_VETKD_DERIVE_KEY, "* s", (e, a, guest) -> signature(e, a, guest, 1));
    }

    private static Prices prices(Execution execution) {
        return execution.input().settings().prices();
    }

    /// `(name, size, algorithm, dst)`; algorithms count from 0.
    private static long signature(Execution execution, long[] a, Guest guest, int algorithms) {
        String key = GuestBytes.text(guest, a[0], a[1], KEY_NAME_BYTES_MAX, "The name of a key");
        if ((a[2] & 0xffffffffL) >= algorithms) {
            return UNKNOWN_ALGORITHM;
        }
        boolean test = key.equals("test_key_1") || key.equals("dfx_test_key");
        if (!test && !key.equals("key_1")) {
            return UNKNOWN_KEY;
        }
        Cycles cost = prices(execution).signature(test);
        GuestBytes.cycles(guest, a[3], cost);
        return 0;
    }
}
