package icj.execution.wasm.engine;

/// How much is done to compile a module.
enum Effort {
    /// What this machine does gladly, before anybody needs the module.
    AHEAD,
    /// All it takes: execution waits for the outcome (R-E9).
    NEEDED
}
