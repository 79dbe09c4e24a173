package icj.crypto.provider;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
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
    private static final Linker LINKER = Linker.nativeLinker();

    static final MethodHandle SCALAR_FROM_BE_BYTES =
            function("blst_scalar_from_be_bytes", JAVA_BOOLEAN, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle SCALAR_FROM_BENDIAN =
            function("blst_scalar_from_bendian", null, ADDRESS, ADDRESS);
    static final MethodHandle BENDIAN_FROM_SCALAR =
            function("blst_bendian_from_scalar", null, ADDRESS, ADDRESS);
    static final MethodHandle SK_CHECK = function("blst_sk_check", JAVA_BOOLEAN, ADDRESS);
    static final MethodHandle FR_FROM_SCALAR =
            function("blst_fr_from_scalar", null, ADDRESS, ADDRESS);
    static final MethodHandle SCALAR_FROM_FR =
            function("blst_scalar_from_fr", null, ADDRESS, ADDRESS);
    static final MethodHandle FR_MUL = function("blst_fr_mul", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle FR_ADD = function("blst_fr_add", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle FR_SUB = function("blst_fr_sub", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle FR_INVERSE = function("blst_fr_eucl_inverse", null, ADDRESS, ADDRESS);
    static final MethodHandle SK_TO_PK_IN_G2 =
            function("blst_sk_to_pk_in_g2", null, ADDRESS, ADDRESS);
    static final MethodHandle HASH_TO_G1 =
            function(
                    "blst_hash_to_g1",
                    null,
                    ADDRESS,
                    ADDRESS,
                    JAVA_LONG,
                    ADDRESS,
                    JAVA_LONG,
                    ADDRESS,
                    JAVA_LONG);
    static final MethodHandle SIGN_PK_IN_G2 =
            function("blst_sign_pk_in_g2", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle P1_TO_AFFINE = function("blst_p1_to_affine", null, ADDRESS, ADDRESS);
    static final MethodHandle P2_TO_AFFINE = function("blst_p2_to_affine", null, ADDRESS, ADDRESS);
    static final MethodHandle P1_FROM_AFFINE =
            function("blst_p1_from_affine", null, ADDRESS, ADDRESS);
    static final MethodHandle P2_FROM_AFFINE =
            function("blst_p2_from_affine", null, ADDRESS, ADDRESS);
    static final MethodHandle P1_COMPRESS =
            function("blst_p1_affine_compress", null, ADDRESS, ADDRESS);
    static final MethodHandle P2_COMPRESS =
            function("blst_p2_affine_compress", null, ADDRESS, ADDRESS);
    static final MethodHandle P1_UNCOMPRESS =
            function("blst_p1_uncompress", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle P2_UNCOMPRESS =
            function("blst_p2_uncompress", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle P1_IN_G1 = function("blst_p1_affine_in_g1", JAVA_BOOLEAN, ADDRESS);
    static final MethodHandle P2_IN_G2 = function("blst_p2_affine_in_g2", JAVA_BOOLEAN, ADDRESS);
    static final MethodHandle P1_MULT =
            function("blst_p1_mult", null, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle P2_MULT =
            function("blst_p2_mult", null, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle P2_ADD_AFFINE =
            function("blst_p2_add_or_double_affine", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle P1_MSM =
            function(
                    "blst_p1s_mult_pippenger",
                    null,
                    ADDRESS,
                    ADDRESS,
                    JAVA_LONG,
                    ADDRESS,
                    JAVA_LONG,
                    ADDRESS);
    static final MethodHandle P1_MSM_SCRATCH =
            function("blst_p1s_mult_pippenger_scratch_sizeof", JAVA_LONG, JAVA_LONG);
    static final MethodHandle PRECOMPUTE_LINES =
            function("blst_precompute_lines", null, ADDRESS, ADDRESS);
    static final MethodHandle MILLER_LOOP_LINES =
            function("blst_miller_loop_lines", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle FP12_MUL = function("blst_fp12_mul", null, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle FINAL_EXP = function("blst_final_exp", null, ADDRESS, ADDRESS);
    static final MethodHandle FP12_IS_ONE = function("blst_fp12_is_one", JAVA_BOOLEAN, ADDRESS);

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

    private static MethodHandle function(
            String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
        FunctionDescriptor descriptor =
                result == null
                        ? FunctionDescriptor.ofVoid(arguments)
                        : FunctionDescriptor.of(result, arguments);
        return LINKER.downcallHandle(LIBRARY.find(name).orElseThrow(), descriptor);
    }

    /// A computation in native memory.
    interface Operation<T> {
        /// @param arena where to allocate; it ends with the operation
        T run(Arena arena) throws Throwable;
    }

    /// Runs `operation` in an arena of its own.
    static <T> T inArena(Operation<T> operation) {
        try (Arena arena = Arena.ofConfined()) {
            return operation.run(arena);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A native function failed", e);
        }
    }

    /// A computation in native memory that may find nothing.
    interface Search<T> {
        /// @param arena where to allocate; it ends with the operation
        @Nullable T run(Arena arena) throws Throwable;
    }

    /// Runs `search` in an arena of its own.
    static <T> @Nullable T inArenaOrNull(Search<T> search) {
        try (Arena arena = Arena.ofConfined()) {
            return search.run(arena);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A native function failed", e);
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
