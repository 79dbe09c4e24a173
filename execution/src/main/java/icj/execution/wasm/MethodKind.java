package icj.execution.wasm;

/// The kinds of methods that a module exports by name.
public enum MethodKind {
    /// `canister_update name`
    UPDATE("canister_update "),
    /// `canister_query name`
    QUERY("canister_query "),
    /// `canister_composite_query name`
    COMPOSITE_QUERY("canister_composite_query ");

    private final String prefix;

    MethodKind(String prefix) {
        this.prefix = prefix;
    }

    /// The export's name for a method of this kind.
    public String export(String method) {
        return prefix + method;
    }

    /// The part of the export's name before the method's, with its space.
    public String prefix() {
        return prefix;
    }
}
