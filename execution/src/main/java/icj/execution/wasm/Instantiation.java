package icj.execution.wasm;

/// What comes before the entry point.
public enum Instantiation {
    /// Go on from the state before.
    NONE,

    /// A new instance: empty heap of the module's initial size, initial globals, active data
    /// segments, start section. Pages, size and globals of the state before are not looked at.
    FRESH,

    /// R-I4: pages and size of the state before are kept, active data segments are skipped, globals
    /// are initial, the start section runs.
    KEEP_HEAP
}
