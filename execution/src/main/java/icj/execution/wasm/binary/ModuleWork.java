package icj.execution.wasm.binary;

/// What it takes to look at modules and to compile them, counted in instructions of a canister that
/// take about as long. Functions of the bytes alone, as the counts show in the replicated state.
public final class ModuleWork {
    /// R-E9: compiling, for each Wasm instruction.
    public static final long INSTRUCTION = 6_000;

    /// Joining, hashing, unpacking and decoding, for each byte.
    private static final long BYTE = 3;

    /// Compiling code whose instructions nobody counted, for each byte: an instruction has about
    /// two.
    private static final long CODE_BYTE = INSTRUCTION / 2;

    /// What gzip makes of a byte at most.
    private static final long UNPACKED_MAX = 1_032;

    private ModuleWork() {}

    /// Of reading so many bytes.
    public static long reading(long bytes) {
        return BYTE * bytes;
    }

    /// Of unpacking what turned out not to be unpackable.
    ///
    /// @param bytes packed
    public static long unpacking(long bytes) {
        return reading(bytes + Math.min(UNPACKED_MAX * bytes, ModuleLimits.MODULE_BYTES_MAX));
    }

    /// Of compiling code that turned out not to be compilable.
    ///
    /// @param bytes of function bodies
    public static long compiling(long bytes) {
        return CODE_BYTE * bytes;
    }
}
