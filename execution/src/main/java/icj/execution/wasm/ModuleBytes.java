package icj.execution.wasm;

import icj.types.Blob;

/// Where the bytes of a module are when they are needed again: they are large and seldom asked for,
/// so that nothing that lives long holds them.
@FunctionalInterface
public interface ModuleBytes {
    /// All bytes as uploaded. It may read them from a disk.
    Blob read();
}
