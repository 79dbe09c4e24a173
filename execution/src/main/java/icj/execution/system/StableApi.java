package icj.execution.system;

import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Ic0;
import icj.execution.wasm.Trap;
import icj.state.model.CanisterMemory;

/// Stable memory.
final class StableApi {
    private static final long PAGES_32 = 65_536;

    /// Copies go in pieces, so that a large one needs no second copy of its size.
    private static final int PIECE = 1 << 20;

    private StableApi() {}

    static void register(ApiTable table) {
        table.function(Ic0.STABLE64_SIZE, "* s", (e, _, _) -> e.stable().pages());
        table.function(Ic0.STABLE64_GROW, "* s", (e, a, _) -> grow(e, a[0]));
        table.procedure(
                Ic0.STABLE64_WRITE, "* s", (e, a, guest) -> write(e, a[0], a[1], a[2], guest));
        table.procedure(
                Ic0.STABLE64_READ, "* s", (e, a, guest) -> read(e, a[0], a[1], a[2], guest));
        table.function(Ic0.STABLE_SIZE, "* s", (e, _, _) -> small(e).pages());
        table.function(
                Ic0.STABLE_GROW,
                "* s",
                (e, a, _) ->
                        small(e).pages() + (a[0] & 0xffffffffL) > PAGES_32
                                ? -1
                                : grow(e, a[0] & 0xffffffffL));
        table.procedure(
                Ic0.STABLE_WRITE,
                "* s",
                (e, a, guest) -> {
                    small(e);
                    write(e, a[0], a[1], a[2], guest);
                });
        table.procedure(
                Ic0.STABLE_READ,
                "* s",
                (e, a, guest) -> {
                    small(e);
                    read(e, a[0], a[1], a[2], guest);
                });
    }

    /// The 32-bit functions trap once the memory is larger than they can name.
    private static StableMemory small(Execution execution) {
        if (execution.stable().pages() > PAGES_32) {
            throw ApiTable.violation(
                    "Stable memory is larger than 4 GiB: use the stable64 functions");
        }
        return execution.stable();
    }

    private static long grow(Execution execution, long more) {
        StableMemory stable = execution.stable();
        long max =
                execution.input().settings().limits().stableBytesMax() / CanisterMemory.WASM_PAGE;
        if (more < 0 || more > max - stable.pages()) {
            return -1;
        }
        if (execution.context().isReplicated() && !execution.hasRoom(more)) {
            return -1;
        }
        execution.grows(more);
        long before = stable.pages();
        stable.pages(before + more);
        return before;
    }

    private static void write(
            Execution execution, long offset, long source, long size, Guest guest) {
        inside(execution, offset, size);
        guest.charge(size);
        guest.check(source, size);
        for (long done = 0; done < size; done += PIECE) {
            long part = Math.min(PIECE, size - done);
            execution.stable().write(offset + done, guest.read(source + done, part), guest);
        }
    }

    private static void read(
            Execution execution, long target, long offset, long size, Guest guest) {
        inside(execution, offset, size);
        guest.charge(size);
        guest.check(target, size);
        for (long done = 0; done < size; done += PIECE) {
            int part = (int) Math.min(PIECE, size - done);
            guest.write(target + done, execution.stable().read(offset + done, part, guest));
        }
    }

    private static void inside(Execution execution, long offset, long size) {
        long bytes = execution.stable().pages() * CanisterMemory.WASM_PAGE;
        if (offset < 0 || size < 0 || offset > bytes || size > bytes - offset) {
            throw new GuestTrap(
                    Trap.TRAPPED,
                    "stable memory out of bounds: "
                            + Long.toUnsignedString(size)
                            + " bytes at "
                            + Long.toUnsignedString(offset)
                            + " of "
                            + bytes);
        }
    }
}
