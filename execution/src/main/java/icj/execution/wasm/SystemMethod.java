package icj.execution.wasm;

/// The entry points that the system calls by itself.
public enum SystemMethod {
    /// After the first instantiation.
    INIT("canister_init"),
    /// On the old module, before an upgrade.
    PRE_UPGRADE("canister_pre_upgrade"),
    /// On the new module, after an upgrade.
    POST_UPGRADE("canister_post_upgrade"),
    /// Before an ingress update is taken.
    INSPECT_MESSAGE("canister_inspect_message"),
    /// About once a round.
    HEARTBEAT("canister_heartbeat"),
    /// When the global timer is due.
    GLOBAL_TIMER("canister_global_timer"),
    /// When memory runs low.
    ON_LOW_WASM_MEMORY("canister_on_low_wasm_memory");

    private final String export;

    SystemMethod(String export) {
        this.export = export;
    }

    /// The export's name.
    public String export() {
        return export;
    }
}
