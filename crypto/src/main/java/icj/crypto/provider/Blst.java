package icj.crypto.provider;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;

/// The functions of the native BLS12-381 library and the sizes of its structures, in bytes.
///
/// Each operation works in a confined arena of its own ([#inArena]): some hundred nanoseconds
/// beside operations of 15 to 1,000 microseconds, and nothing outlives the call.
final class Blst {
    /// A projective point of G1.
    static final int P1 = 144;

    /// An affine point of G1; all zero is infinity.
    static final int P1_AFFINE = 96;

    /// A projective point of G2.
    static final int P2 = 288;

    /// An affine point of G2; all zero is infinity.
    static final int P2_AFFINE = 192;

    /// An element of the pairing's target field.
    static final int FP12 = 576;

    /// A scalar (little-endian), and a field element modulo the group order.
    static final int SCALAR = 32;

    /// What a Miller loop needs of its fixed point of G2.
    static final int LINES = 68 * 288;

    /// The length of scalars in bits.
    static final long SCALAR_BITS = 255;

    private static final SymbolLookup LIBRARY = NativeLibrary.load();

    static final NativeFunction SCALAR_FROM_BE_BYTES = function("blst_scalar_from_be_bytes");
    static final NativeFunction SCALAR_FROM_BENDIAN = function("blst_scalar_from_bendian");
    static final NativeFunction BENDIAN_FROM_SCALAR = function("blst_bendian_from_scalar");
    static final NativeFunction SK_CHECK = function("blst_sk_check");
    static final NativeFunction FR_FROM_SCALAR = function("blst_fr_from_scalar");
    static final NativeFunction SCALAR_FROM_FR = function("blst_scalar_from_fr");
    static final NativeFunction FR_MUL = function("blst_fr_mul");
    static final NativeFunction FR_ADD = function("blst_fr_add");
    static final NativeFunction FR_SUB = function("blst_fr_sub");
    static final NativeFunction FR_INVERSE = function("blst_fr_eucl_inverse");
    static final NativeFunction SK_TO_PK_IN_G2 = function("blst_sk_to_pk_in_g2");
    static final NativeFunction HASH_TO_G1 = function("blst_hash_to_g1");
    static final NativeFunction SIGN_PK_IN_G2 = function("blst_sign_pk_in_g2");
    static final NativeFunction P1_TO_AFFINE = function("blst_p1_to_affine");
    static final NativeFunction P2_TO_AFFINE = function("blst_p2_to_affine");
    static final NativeFunction P1_FROM_AFFINE = function("blst_p1_from_affine");
    static final NativeFunction P2_FROM_AFFINE = function("blst_p2_from_affine");
    static final NativeFunction P1_COMPRESS = function("blst_p1_affine_compress");
    static final NativeFunction P2_COMPRESS = function("blst_p2_affine_compress");
    static final NativeFunction P1_UNCOMPRESS = function("blst_p1_uncompress");
    static final NativeFunction P2_UNCOMPRESS = function("blst_p2_uncompress");
    static final NativeFunction P1_IN_G1 = function("blst_p1_affine_in_g1");
    static final NativeFunction P2_IN_G2 = function("blst_p2_affine_in_g2");
    static final NativeFunction P1_MULT = function("blst_p1_mult");
    static final NativeFunction P2_MULT = function("blst_p2_mult");
    static final NativeFunction P2_ADD_AFFINE = function("blst_p2_add_or_double_affine");
    static final NativeFunction P1_MSM = function("blst_p1s_mult_pippenger");
    static final NativeFunction P1_MSM_SCRATCH = function("blst_p1s_mult_pippenger_scratch_sizeof");
    static final NativeFunction PRECOMPUTE_LINES = function("blst_precompute_lines");
    static final NativeFunction MILLER_LOOP_LINES = function("blst_miller_loop_lines");
    static final NativeFunction FP12_MUL = function("blst_fp12_mul");
    static final NativeFunction FINAL_EXP = function("blst_final_exp");
    static final NativeFunction FP12_IS_ONE = function("blst_fp12_is_one");

    /// The negated generator of G2, affine.
    static final byte[] NEGATIVE_G2 =
            LIBRARY.find("BLS12_381_NEG_G2")
                    .orElseThrow()
                    .reinterpret(P2_AFFINE)
                    .toArray(JAVA_BYTE);

    /// The suite of the Internet Computer's certificates.
    static final byte[] SUITE =
            "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_".getBytes(StandardCharsets.US_ASCII);

    private Blst() {}

    private static NativeFunction function(String name) {
        return new NativeFunction(LIBRARY.find(name).orElseThrow());
    }

    /// A computation in native memory.
    interface Operation<T> {
        /// @param arena where to allocate; it ends with the operation
        T run(Arena arena);
    }

    /// Runs `operation` in an arena of its own.
    static <T> T inArena(Operation<T> operation) {
        try (Arena arena = Arena.ofConfined()) {
            return operation.run(arena);
        }
    }

    /// A computation in native memory that may find nothing.
    interface Search<T> {
        /// @param arena where to allocate; it ends with the operation
        @Nullable T run(Arena arena);
    }

    /// Runs `search` in an arena of its own.
    static <T> @Nullable T inArenaOrNull(Search<T> search) {
        try (Arena arena = Arena.ofConfined()) {
            return search.run(arena);
        }
    }

    /// A native copy of `bytes`, aligned for any structure.
    static MemorySegment copy(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(Math.max(1, bytes.length), 8);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    /// Fresh memory for a structure of this size.
    static MemorySegment room(Arena arena, long size) {
        return arena.allocate(size, 8);
    }

    /// How the library takes consecutive structures: a pointer to the first, then null.
    static MemorySegment contiguous(Arena arena, MemorySegment first) {
        MemorySegment pointers = arena.allocate(2 * ADDRESS.byteSize(), 8);
        pointers.setAtIndex(ADDRESS, 0, first);
        pointers.setAtIndex(ADDRESS, 1, MemorySegment.NULL);
        return pointers;
    }

    /// The Java bytes of a structure.
    static byte[] bytes(MemorySegment segment) {
        return segment.toArray(JAVA_BYTE);
    }
}
