package icj.crypto.provider;

import static icj.crypto.provider.Blst.BENDIAN_FROM_SCALAR;
import static icj.crypto.provider.Blst.FR_ADD;
import static icj.crypto.provider.Blst.FR_FROM_SCALAR;
import static icj.crypto.provider.Blst.FR_MUL;
import static icj.crypto.provider.Blst.SCALAR;
import static icj.crypto.provider.Blst.SCALAR_FROM_BENDIAN;
import static icj.crypto.provider.Blst.SCALAR_FROM_BE_BYTES;
import static icj.crypto.provider.Blst.SCALAR_FROM_FR;
import static icj.crypto.provider.Blst.SK_CHECK;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/// A secret number of 1 to r - 1, r being the order of the groups. [#wipe] overwrites it; native
/// copies are overwritten at the end of each operation.
public final class Scalar {
    /// The length in bytes.
    public static final int LENGTH = SCALAR;

    /// Enough random bytes that reducing them modulo r leaves no bias to speak of.
    private static final int RANDOM_BYTES = 48;

    private final byte[] littleEndian;

    private Scalar(byte[] littleEndian) {
        this.littleEndian = littleEndian;
    }

    /// A uniformly random scalar.
    public static Scalar random(SecureRandom random) {
        byte[] wide = new byte[RANDOM_BYTES];
        try {
            while (true) {
                random.nextBytes(wide);
                Scalar scalar = reduce(wide);
                if (scalar != null) {
                    return scalar;
                }
            }
        } finally {
            Arrays.fill(wide, (byte) 0);
        }
    }

    private static @Nullable Scalar reduce(byte[] wide) {
        return Blst.inArenaOrNull(arena -> {
            MemorySegment in = Blst.copy(arena, wide);
            MemorySegment out = Blst.room(arena, SCALAR);
            boolean positive =
                    NativeFunction.isTrue(
                            SCALAR_FROM_BE_BYTES.call(
                                    out.address(), in.address(), wide.length, 0, 0, 0, 0));
            byte[] bytes = Blst.bytes(out);
            in.fill((byte) 0);
            out.fill((byte) 0);
            return positive ? new Scalar(bytes) : null;
        });
    }

    /// The scalar of 32 big-endian bytes, or null when they are not a number of 1 to r - 1.
    public static @Nullable Scalar ofBigEndian(byte[] bigEndian) {
        if (bigEndian.length != LENGTH) {
            return null;
        }
        return Blst.inArenaOrNull(arena -> {
            MemorySegment in = Blst.copy(arena, bigEndian);
            MemorySegment out = Blst.room(arena, SCALAR);
            SCALAR_FROM_BENDIAN.call(out, in);
            boolean good = SK_CHECK.test(out);
            byte[] bytes = Blst.bytes(out);
            in.fill((byte) 0);
            out.fill((byte) 0);
            return good ? new Scalar(bytes) : null;
        });
    }

    /// The 32 big-endian bytes, a copy that the caller should overwrite after use.
    public byte[] toBigEndian() {
        return Blst.inArena(arena -> {
            MemorySegment in = Blst.copy(arena, littleEndian);
            MemorySegment out = Blst.room(arena, SCALAR);
            BENDIAN_FROM_SCALAR.call(out, in);
            byte[] bytes = Blst.bytes(out);
            in.fill((byte) 0);
            out.fill((byte) 0);
            return bytes;
        });
    }

    /// The value at `x` of the polynomial with these coefficients, the constant one first; null in
    /// the case, of probability 2^-255, that it is zero.
    ///
    /// @param x of 1 to 65,535
    public static @Nullable Scalar evaluate(List<Scalar> coefficients, int x) {
        return Blst.inArenaOrNull(arena -> {
            MemorySegment at = small(arena, x);
            MemorySegment value = Blst.room(arena, SCALAR);
            MemorySegment coefficient = Blst.room(arena, SCALAR);
            MemorySegment scalar = Blst.room(arena, SCALAR);
            // Horner's rule, from the highest coefficient down.
            for (int k = coefficients.size() - 1; k >= 0; k--) {
                coefficients.get(k).copyTo(scalar);
                FR_FROM_SCALAR.call(coefficient, scalar);
                FR_MUL.call(value, value, at);
                FR_ADD.call(value, value, coefficient);
            }
            SCALAR_FROM_FR.call(scalar, value);
            boolean good = SK_CHECK.test(scalar);
            byte[] bytes = Blst.bytes(scalar);
            value.fill((byte) 0);
            coefficient.fill((byte) 0);
            scalar.fill((byte) 0);
            return good ? new Scalar(bytes) : null;
        });
    }

    /// A small public number as a field element.
    static MemorySegment small(Arena arena, int number) {
        Invariant.check(number > 0 && number <= 0xffff, "%d is no share index", number);
        MemorySegment scalar = Blst.room(arena, SCALAR);
        scalar.set(JAVA_BYTE, 0, (byte) number);
        scalar.set(JAVA_BYTE, 1, (byte) (number >>> 8));
        MemorySegment element = Blst.room(arena, SCALAR);
        FR_FROM_SCALAR.call(element, scalar);
        return element;
    }

    /// Writes the little-endian bytes into native memory, which the caller overwrites after use.
    void copyTo(MemorySegment segment) {
        MemorySegment.copy(littleEndian, 0, segment, JAVA_BYTE, 0, SCALAR);
    }

    /// Overwrites the number. Nothing may be done with it afterwards.
    public void wipe() {
        Arrays.fill(littleEndian, (byte) 0);
    }
}
