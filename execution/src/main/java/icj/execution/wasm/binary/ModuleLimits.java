package icj.execution.wasm.binary;

/// What a module may hold. The figures of the interface's module section, and below them ours where
/// the interface has none: each keeps a hostile module from taking more memory or time than its own
/// size justifies.
public final class ModuleLimits {
    /// Bytes of a module before and after unpacking. The interface allows 100 MiB; ours is lower
    /// since a node's heap holds it up to four times while it is installed out of chunks: as
    /// chunks, as the canister's code, with the worker that compiles ahead, and unpacked
    /// (docs/LIMITS.md).
    public static final int MODULE_BYTES_MAX = 64 << 20;

    /// Bytes of the code section.
    public static final int CODE_BYTES_MAX = 10 << 20;

    /// Defined functions.
    public static final int FUNCTIONS_MAX = 50_000;

    /// Globals.
    public static final int GLOBALS_MAX = 1000;

    /// Exported methods: updates, queries and composite queries.
    public static final int METHODS_MAX = 1000;

    /// Bytes of all exported methods' names together.
    public static final int METHOD_NAMES_BYTES_MAX = 20_000;

    /// Sections whose name starts with `icp:`.
    public static final int ICP_SECTIONS_MAX = 16;

    /// Bytes of those sections together, names included.
    public static final int ICP_SECTIONS_BYTES_MAX = 1 << 20;

    /// Instructions of one function; each target of a `br_table` counts as one.
    public static final int FUNCTION_INSTRUCTIONS_MAX = 1_000_000;

    /// Nested blocks of one function.
    public static final int NESTING_MAX = 10_000;

    /// Function types.
    static final int TYPES_MAX = 10_000;

    /// Parameters of one function; the JVM's own limit is 255 slots, of which two are the engine's.
    static final int PARAMETERS_MAX = 120;

    /// Results of one function or block.
    static final int RESULTS_MAX = 120;

    /// Locals of one function, parameters included.
    static final int LOCALS_MAX = 20_000;

    /// Imported functions.
    static final int IMPORTS_MAX = 1000;

    /// Exports of all kinds.
    static final int EXPORTS_MAX = 20_000;

    /// Tables.
    static final int TABLES_MAX = 64;

    /// Elements of all tables together, when instantiated and after they grew: 4 MiB. The mainnet
    /// has one table with this bound.
    public static final int TABLE_ELEMENTS_MAX = 1_000_000;

    /// Data segments.
    static final int DATA_SEGMENTS_MAX = 100_000;

    /// Element segments.
    static final int ELEMENT_SEGMENTS_MAX = 100_000;

    /// Elements of all segments together.
    static final int SEGMENT_ELEMENTS_MAX = 1_000_000;

    /// Pages of 64 KiB of a heap: 4 GiB, also for 64-bit memories (R-E4).
    public static final long HEAP_PAGES_MAX = 65_536;

    private ModuleLimits() {}
}
