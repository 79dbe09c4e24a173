package icj.execution.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A small System API for tests of the runtime alone: argument, reply, prints, traps, a stable
/// memory in an array. Functions it does not know answer 0.
public final class FakeHost implements Ic0Host {
    /// The message's argument; empty Candid arguments unless set.
    public byte[] argument = {'D', 'I', 'D', 'L', 0, 0};

    /// What the message replied, or null.
    public byte[] reply;

    /// What the message printed.
    public final List<String> prints = new ArrayList<>();

    /// The functions called, in order.
    public final List<Ic0> calls = new ArrayList<>();

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private byte[] stable = new byte[0];

    @Override
    public long call(Ic0 function, long[] arguments, Guest guest) {
        calls.add(function);
        switch (function) {
            case MSG_ARG_DATA_SIZE -> {
                return argument.length;
            }
            case MSG_ARG_DATA_COPY -> copy(argument, arguments, guest);
            case MSG_CALLER_SIZE -> {
                return 1;
            }
            case MSG_CALLER_COPY -> copy(new byte[] {4}, arguments, guest);
            case CANISTER_SELF_SIZE -> {
                return 10;
            }
            case CANISTER_SELF_COPY ->
                    copy(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 1}, arguments, guest);
            case MSG_REPLY_DATA_APPEND -> {
                guest.charge(arguments[1]);
                pending.writeBytes(guest.read(arguments[0], arguments[1]));
            }
            case MSG_REPLY -> reply = pending.toByteArray();
            case DEBUG_PRINT -> prints.add(text(arguments, guest));
            case TRAP -> throw new GuestTrap(Trap.CALLED_TRAP, text(arguments, guest));
            case CANISTER_STATUS, IN_REPLICATED_EXECUTION -> {
                return 1;
            }
            case PERFORMANCE_COUNTER -> {
                return guest.instructionsUsed();
            }
            case TIME -> {
                return 1_700_000_000_000_000_000L;
            }
            case STABLE64_SIZE, STABLE_SIZE -> {
                return stable.length >> 16;
            }
            case STABLE64_GROW, STABLE_GROW -> {
                int old = stable.length >> 16;
                stable = Arrays.copyOf(stable, (old + (int) arguments[0]) << 16);
                return old;
            }
            case STABLE64_WRITE, STABLE_WRITE -> {
                byte[] bytes = guest.read(arguments[1], arguments[2]);
                System.arraycopy(bytes, 0, stable, (int) arguments[0], bytes.length);
            }
            case STABLE64_READ, STABLE_READ ->
                    guest.write(arguments[0], stable, (int) arguments[1], (int) arguments[2]);
            default -> {
                return 0;
            }
        }
        return 0;
    }

    private static void copy(byte[] from, long[] arguments, Guest guest) {
        guest.write(arguments[0], from, (int) arguments[1], (int) arguments[2]);
    }

    private static String text(long[] arguments, Guest guest) {
        return new String(guest.read(arguments[0], arguments[1]), StandardCharsets.UTF_8);
    }
}
