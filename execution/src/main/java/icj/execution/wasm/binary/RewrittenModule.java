package icj.execution.wasm.binary;

/// What the rewriter made of a module.
///
/// @param binary a module for the engine, memory and table 32-bit, without start section, exports
///   and active data
/// @param addedImports functions imported beyond those of the original, so that each original
///   defined function's index is higher by this number
/// @param instructions of the original's code section
/// @param freshTables whether tables or segments may change, so that each message needs an instance
///   of its own (R-E1)
public record RewrittenModule(
        byte[] binary, int addedImports, long instructions, boolean freshTables) {}
