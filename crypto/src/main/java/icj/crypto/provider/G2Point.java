package icj.crypto.provider;

import static icj.crypto.provider.Blst.FINAL_EXP;
import static icj.crypto.provider.Blst.FP12;
import static icj.crypto.provider.Blst.FP12_IS_ONE;
import static icj.crypto.provider.Blst.FP12_MUL;
import static icj.crypto.provider.Blst.LINES;
import static icj.crypto.provider.Blst.MILLER_LOOP_LINES;
import static icj.crypto.provider.Blst.P2;
import static icj.crypto.provider.Blst.P2_ADD_AFFINE;
import static icj.crypto.provider.Blst.P2_AFFINE;
import static icj.crypto.provider.Blst.P2_COMPRESS;
import static icj.crypto.provider.Blst.P2_FROM_AFFINE;
import static icj.crypto.provider.Blst.P2_IN_G2;
import static icj.crypto.provider.Blst.P2_MULT;
import static icj.crypto.provider.Blst.P2_TO_AFFINE;
import static icj.crypto.provider.Blst.P2_UNCOMPRESS;
import static icj.crypto.provider.Blst.PRECOMPUTE_LINES;
import static icj.crypto.provider.Blst.SCALAR;
import static icj.crypto.provider.Blst.SK_TO_PK_IN_G2;

import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A point of G2 in the subgroup of prime order, never infinity: a public key. Immutable; keeps
/// what the pairing needs of it once it has been used to verify (20 KB).
public final class G2Point {
    /// The length of the compressed form, in bytes.
    public static final int LENGTH = 96;

    private static final int INFINITY = 0x40;
    private static final int INDEX_BITS = 16;
    private static final Lines NEGATIVE_GENERATOR = Lines.of(Blst.NEGATIVE_G2);

    private final byte[] affine;

    /// Computed at the first verification. A race computes it twice; its field is final, so that
    /// whoever sees the object sees its bytes.
    private @Nullable Lines lines;

    private record Lines(byte[] bytes) {
        static Lines of(byte[] affine) {
            return Blst.inArena(arena -> {
                MemorySegment out = Blst.room(arena, LINES);
                PRECOMPUTE_LINES.call(out, Blst.copy(arena, affine));
                return new Lines(Blst.bytes(out));
            });
        }
    }

    private G2Point(byte[] affine) {
        this.affine = affine;
    }

    /// The public key of a secret.
    public static G2Point ofSecret(Scalar secret) {
        return Blst.inArena(arena -> {
            MemorySegment scalar = Blst.room(arena, SCALAR);
            secret.copyTo(scalar);
            MemorySegment point = Blst.room(arena, P2);
            SK_TO_PK_IN_G2.call(point, scalar);
            scalar.fill((byte) 0);
            G2Point key = ofProjective(arena, point);
            if (key == null) {
                throw new Invariant.Violation("a scalar is never zero");
            }
            return key;
        });
    }

    /// Reads the compressed form; null when it is no point of the curve, not in canonical form,
    /// infinity, or outside the subgroup.
    public static @Nullable G2Point decompress(byte[] compressed) {
        if (compressed.length != LENGTH || (compressed[0] & INFINITY) != 0) {
            return null;
        }
        return Blst.inArenaOrNull(arena -> {
            MemorySegment point = Blst.room(arena, P2_AFFINE);
            int error = (int) P2_UNCOMPRESS.call(point, Blst.copy(arena, compressed));
            if (error != 0 || !P2_IN_G2.test(point)) {
                return null;
            }
            return new G2Point(Blst.bytes(point));
        });
    }

    /// The compressed form, 96 bytes.
    public byte[] compress() {
        return Blst.inArena(arena -> {
            MemorySegment out = Blst.room(arena, LENGTH);
            P2_COMPRESS.call(out, Blst.copy(arena, affine));
            return Blst.bytes(out);
        });
    }

    /// The value at `x` of the polynomial with these coefficients, the constant one first; null
    /// when it is infinity.
    ///
    /// @param x of 1 to 65,535
    public static @Nullable G2Point evaluate(List<G2Point> coefficients, int x) {
        Invariant.check(x > 0 && x < 1 << INDEX_BITS, "%d is no share index", x);
        return Blst.inArenaOrNull(arena -> {
            MemorySegment at = Blst.copy(arena, new byte[] {(byte) x, (byte) (x >>> 8)});
            MemorySegment value = Blst.room(arena, P2);
            // Horner's rule; zero is infinity in projective coordinates too.
            for (int k = coefficients.size() - 1; k >= 0; k--) {
                MemorySegment coefficient = Blst.copy(arena, coefficients.get(k).affine);
                if (k == coefficients.size() - 1) {
                    P2_FROM_AFFINE.call(value, coefficient);
                } else {
                    long place = value.address();
                    P2_MULT.call(place, place, at.address(), INDEX_BITS, 0, 0, 0);
                    P2_ADD_AFFINE.call(value, value, coefficient);
                }
            }
            return ofProjective(arena, value);
        });
    }

    /// Whether `signature` is this key's signature of the message that `message` is the hash of:
    /// e(message, key) = e(signature, generator). Both points must lie in the subgroup.
    public boolean verifies(G1Point message, G1Point signature) {
        Lines own = lines();
        return Blst.inArena(arena -> {
            MemorySegment product = millerLoop(arena, own, message);
            MemorySegment other = millerLoop(arena, NEGATIVE_GENERATOR, signature);
            FP12_MUL.call(product, product, other);
            FINAL_EXP.call(other, product);
            return FP12_IS_ONE.test(other);
        });
    }

    private static MemorySegment millerLoop(Arena arena, Lines lines, G1Point point) {
        MemorySegment out = Blst.room(arena, FP12);
        MILLER_LOOP_LINES.call(out, Blst.copy(arena, lines.bytes), point.copyTo(arena));
        return out;
    }

    private Lines lines() {
        Lines known = lines;
        if (known == null) {
            known = Lines.of(affine);
            lines = known;
        }
        return known;
    }

    private static @Nullable G2Point ofProjective(Arena arena, MemorySegment projective) {
        MemorySegment point = Blst.room(arena, P2_AFFINE);
        P2_TO_AFFINE.call(point, projective);
        byte[] bytes = Blst.bytes(point);
        for (byte b : bytes) {
            if (b != 0) {
                return new G2Point(bytes);
            }
        }
        return null;
    }
}
