package icj.crypto.provider;

import static icj.crypto.provider.Blst.FR_INVERSE;
import static icj.crypto.provider.Blst.FR_MUL;
import static icj.crypto.provider.Blst.FR_SUB;
import static icj.crypto.provider.Blst.HASH_TO_G1;
import static icj.crypto.provider.Blst.P1;
import static icj.crypto.provider.Blst.P1_AFFINE;
import static icj.crypto.provider.Blst.P1_COMPRESS;
import static icj.crypto.provider.Blst.P1_FROM_AFFINE;
import static icj.crypto.provider.Blst.P1_IN_G1;
import static icj.crypto.provider.Blst.P1_MSM;
import static icj.crypto.provider.Blst.P1_MSM_SCRATCH;
import static icj.crypto.provider.Blst.P1_TO_AFFINE;
import static icj.crypto.provider.Blst.P1_UNCOMPRESS;
import static icj.crypto.provider.Blst.SCALAR;
import static icj.crypto.provider.Blst.SCALAR_BITS;
import static icj.crypto.provider.Blst.SCALAR_FROM_FR;
import static icj.crypto.provider.Blst.SIGN_PK_IN_G2;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A point of the curve of G1, never infinity: a signature, or a message hashed onto the curve.
/// Immutable.
public final class G1Point {
    /// The length of the compressed form, in bytes.
    public static final int LENGTH = 48;

    /// Set in the first byte of the compressed form of infinity.
    private static final int INFINITY = 0x40;

    /// The coefficients of the sets of signers seen so far, as consecutive scalars: few sets of a
    /// subnet are ever the first to be complete, and to compute one takes dozens of native calls.
    private static final Map<List<Integer>, byte[]> COEFFICIENTS = new ConcurrentHashMap<>();

    /// So many sets are kept (some hundred bytes each); then they are forgotten all at once.
    private static final int SETS_MAX = 1_024;

    private final byte[] affine;

    private G1Point(byte[] affine) {
        this.affine = affine;
    }

    /// The message on the curve, by suite `BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_` (62
    /// microseconds).
    public static G1Point hash(byte[] message) {
        return Blst.inArena(arena -> {
            MemorySegment point = Blst.room(arena, P1);
            HASH_TO_G1.call(
                    point.address(),
                    Blst.copy(arena, message).address(),
                    message.length,
                    Blst.copy(arena, Blst.SUITE).address(),
                    Blst.SUITE.length,
                    0,
                    0);
            return ofProjective(arena, point);
        });
    }

    /// Reads the compressed form; null when it is no point of the curve, not in canonical form, or
    /// infinity. The subgroup is a question of its own: [#isInSubgroup].
    public static @Nullable G1Point decompress(byte[] compressed) {
        if (compressed.length != LENGTH || (compressed[0] & INFINITY) != 0) {
            return null;
        }
        return Blst.inArenaOrNull(arena -> {
            MemorySegment point = Blst.room(arena, P1_AFFINE);
            int error = (int) P1_UNCOMPRESS.call(point, Blst.copy(arena, compressed));
            return error == 0 ? new G1Point(Blst.bytes(point)) : null;
        });
    }

    /// Whether the point lies in the subgroup of prime order; those of the wire must.
    public boolean isInSubgroup() {
        return Blst.inArena(arena -> P1_IN_G1.test(Blst.copy(arena, affine)));
    }

    /// The compressed form, 48 bytes.
    public byte[] compress() {
        return Blst.inArena(arena -> {
            MemorySegment out = Blst.room(arena, LENGTH);
            P1_COMPRESS.call(out, Blst.copy(arena, affine));
            return Blst.bytes(out);
        });
    }

    /// This point times the secret, in constant time: the signature, when this is a hashed message.
    public G1Point times(Scalar secret) {
        return Blst.inArena(arena -> {
            MemorySegment point = Blst.room(arena, P1);
            P1_FROM_AFFINE.call(point, Blst.copy(arena, affine));
            MemorySegment scalar = Blst.room(arena, SCALAR);
            secret.copyTo(scalar);
            MemorySegment product = Blst.room(arena, P1);
            SIGN_PK_IN_G2.call(product, point, scalar);
            scalar.fill((byte) 0);
            return ofProjective(arena, product);
        });
    }

    /// Interpolates at zero: `points.get(k)` is the value of a polynomial at `indices.get(k)`. Null
    /// when the result is infinity, as only forged values can bring about.
    ///
    /// @param indices distinct, of 1 to 65,535
    public static @Nullable G1Point interpolate(List<Integer> indices, List<G1Point> points) {
        int count = points.size();
        Invariant.check(count > 0 && count == indices.size(), "each point has its index");
        return Blst.inArenaOrNull(arena -> {
            MemorySegment all = Blst.room(arena, (long) P1_AFFINE * count);
            for (int k = 0; k < count; k++) {
                byte[] bytes = points.get(k).affine;
                MemorySegment.copy(bytes, 0, all, JAVA_BYTE, (long) P1_AFFINE * k, P1_AFFINE);
            }
            if (count == 1) {
                // The coefficient is one; the library's sum wants two points at least.
                return points.getFirst();
            }
            long scratch = P1_MSM_SCRATCH.call(count, 0, 0, 0, 0, 0, 0);
            MemorySegment sum = Blst.room(arena, P1);
            P1_MSM.call(
                    sum.address(),
                    Blst.contiguous(arena, all).address(),
                    count,
                    Blst.contiguous(arena, Blst.copy(arena, coefficients(indices))).address(),
                    SCALAR_BITS,
                    Blst.room(arena, scratch).address(),
                    0);
            MemorySegment point = Blst.room(arena, P1_AFFINE);
            P1_TO_AFFINE.call(point, sum);
            byte[] bytes = Blst.bytes(point);
            return isZero(bytes) ? null : new G1Point(bytes);
        });
    }

    private static byte[] coefficients(List<Integer> indices) {
        byte[] known = COEFFICIENTS.get(indices);
        if (known != null) {
            return known;
        }
        if (COEFFICIENTS.size() >= SETS_MAX) {
            COEFFICIENTS.clear();
        }
        byte[] made = Blst.inArena(arena -> Blst.bytes(lagrange(arena, indices)));
        COEFFICIENTS.put(List.copyOf(indices), made);
        return made;
    }

    /// The Lagrange coefficients at zero, as consecutive scalars.
    private static MemorySegment lagrange(Arena arena, List<Integer> indices) {
        int count = indices.size();
        MemorySegment[] at = new MemorySegment[count];
        for (int k = 0; k < count; k++) {
            at[k] = Scalar.small(arena, indices.get(k));
        }
        MemorySegment coefficients = Blst.room(arena, (long) SCALAR * count);
        MemorySegment numerator = Blst.room(arena, SCALAR);
        MemorySegment denominator = Blst.room(arena, SCALAR);
        MemorySegment difference = Blst.room(arena, SCALAR);
        MemorySegment one = Scalar.small(arena, 1);
        for (int k = 0; k < count; k++) {
            MemorySegment.copy(one, 0, numerator, 0, SCALAR);
            MemorySegment.copy(one, 0, denominator, 0, SCALAR);
            for (int j = 0; j < count; j++) {
                if (j != k) {
                    FR_SUB.call(difference, at[j], at[k]);
                    FR_MUL.call(denominator, denominator, difference);
                    FR_MUL.call(numerator, numerator, at[j]);
                }
            }
            FR_INVERSE.call(denominator, denominator);
            FR_MUL.call(numerator, numerator, denominator);
            SCALAR_FROM_FR.call(coefficients.asSlice((long) SCALAR * k, SCALAR), numerator);
        }
        return coefficients;
    }

    private static G1Point ofProjective(Arena arena, MemorySegment projective) {
        MemorySegment point = Blst.room(arena, P1_AFFINE);
        P1_TO_AFFINE.call(point, projective);
        byte[] bytes = Blst.bytes(point);
        Invariant.check(!isZero(bytes), "a hash or a signature is never infinity");
        return new G1Point(bytes);
    }

    private static boolean isZero(byte[] affine) {
        for (byte b : affine) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /// Native copy of the affine form.
    MemorySegment copyTo(Arena arena) {
        return Blst.copy(arena, affine);
    }
}
