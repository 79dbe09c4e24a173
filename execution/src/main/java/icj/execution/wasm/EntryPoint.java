package icj.execution.wasm;

/// What a message runs.
public sealed interface EntryPoint {
    /// An exported function of type `() -> ()`, by its full export name such as `canister_update
    /// inc`. A module without that export runs nothing: the caller asks [CanisterModule] first.
    record Export(String name) implements EntryPoint {}

    /// A callback: an element of table 0, of type `(I) -> ()`. A wrong index or type traps.
    record TableFunction(long index, long environment) implements EntryPoint {}

    /// Nothing but what the instantiation does (data segments and start section).
    record OnlyStart() implements EntryPoint {}
}
