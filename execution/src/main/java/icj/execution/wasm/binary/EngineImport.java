package icj.execution.wasm.binary;

/// The functions of module `icj` that rewritten modules import for what the engine must not do by
/// itself: table instructions and the dropping of segments. Operands come first, as the guest left
/// them, then the indices of table and segment.
public enum EngineImport {
    /// `(index, table) -> reference`
    TABLE_GET,
    /// `(index, reference, table)`
    TABLE_SET,
    /// `(reference, count, table) -> old size or -1`
    TABLE_GROW,
    /// `(index, reference, count, table)`
    TABLE_FILL,
    /// `(to, from, count, target table, source table)`
    TABLE_COPY,
    /// `(to, from, count, table, segment)`
    TABLE_INIT,
    /// `(segment)`
    ELEM_DROP,
    /// `(segment)`
    DATA_DROP;

    /// The import's module name.
    public static final String MODULE = "icj";

    /// The import's name for one variant of its type.
    String importName(int variant) {
        return name() + "." + variant;
    }

    /// The function of an import's name.
    public static EngineImport of(String importName) {
        return valueOf(importName.substring(0, importName.indexOf('.')));
    }
}
