package icj.execution.system;

import icj.candid.Principal;
import icj.execution.wasm.Guest;
import icj.types.Blob;
import icj.types.Cycles;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Moves bytes between the system and a canister's heap; each byte costs an instruction (R-E10).
final class GuestBytes {
    private GuestBytes() {}

    /// `_copy(dst, offset, size)` of a System API value: arguments from `first` on.
    static void copy(Blob value, long[] arguments, int first, Guest guest) {
        long offset = arguments[first + 1];
        long size = arguments[first + 2];
        if (offset < 0 || size < 0 || offset > value.length() || size > value.length() - offset) {
            throw ApiTable.violation(
                    "A copy of "
                            + Long.toUnsignedString(size)
                            + " bytes from offset "
                            + Long.toUnsignedString(offset)
                            + " on leaves the "
                            + value.length()
                            + " bytes that there are");
        }
        guest.charge(size);
        guest.write(arguments[first], value.shared(), (int) offset, (int) size);
    }

    /// Bytes of the heap, at most `max`.
    static byte[] read(Guest guest, long address, long size, long max, String what) {
        if (size < 0 || size > max) {
            throw ApiTable.violation(
                    what
                            + " has "
                            + Long.toUnsignedString(size)
                            + " bytes, at most "
                            + max
                            + " are allowed");
        }
        guest.charge(size);
        return guest.read(address, size);
    }

    /// UTF-8 of the heap, at most `max` bytes.
    static String text(Guest guest, long address, long size, long max, String what) {
        byte[] bytes = read(guest, address, size, max, what);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw ApiTable.violation(what + " is not UTF-8");
        }
    }

    /// A principal of the heap.
    static Principal principal(Guest guest, long address, long size) {
        return Principal.of(read(guest, address, size, Principal.LENGTH_MAX, "A principal"));
    }

    /// Writes 16 bytes, little-endian.
    static void cycles(Guest guest, long address, Cycles cycles) {
        byte[] bytes =
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(cycles.low())
                        .putLong(cycles.high())
                        .array();
        guest.write(address, bytes);
    }

    /// The amount for the 64-bit functions, which trap when it is larger.
    static long low64(Cycles cycles, String function) {
        if (cycles.value().bitLength() > 64) {
            throw ApiTable.violation(
                    "ic0." + function + ": the amount does not fit 64 bits; use the 128-bit form");
        }
        return cycles.low();
    }

    /// An unsigned number of cycles.
    static Cycles cycles64(long amount) {
        return Cycles.ofHalves(0, amount);
    }
}
