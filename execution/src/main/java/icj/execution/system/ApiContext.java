package icj.execution.system;

import org.jspecify.annotations.Nullable;

/// Where a System API function is called from; the labels are those of the interface digest,
/// section 3.
public enum ApiContext {
    /// The module's start function.
    START("s"),
    /// `canister_init` and `canister_post_upgrade`.
    INIT("I"),
    /// `canister_pre_upgrade`.
    PRE_UPGRADE("G"),
    /// An update method.
    UPDATE("U"),
    /// A query method called as an update.
    REPLICATED_QUERY("RQ"),
    /// A query method.
    QUERY("NRQ"),
    /// A query method that transforms the response of an HTTP outcall.
    TRANSFORM("TQ"),
    /// A composite query method.
    COMPOSITE_QUERY("CQ"),
    /// The callback for a reply.
    REPLY("Ry"),
    /// The callback for a reject.
    REJECT("Rt"),
    /// The callback for a reply in a composite query.
    COMPOSITE_REPLY("CRy"),
    /// The callback for a reject in a composite query.
    COMPOSITE_REJECT("CRt"),
    /// A cleanup callback.
    CLEANUP("C"),
    /// A cleanup callback in a composite query.
    COMPOSITE_CLEANUP("CC"),
    /// `canister_inspect_message`.
    INSPECT("F"),
    /// Heartbeat, global timer and the low-memory hook.
    TASK("T");

    private final String label;

    ApiContext(String label) {
        this.label = label;
    }

    /// The label in the digest's table.
    public String label() {
        return label;
    }

    /// Whether all nodes execute this and agree on it.
    public boolean isReplicated() {
        return switch (this) {
            case QUERY,
                    TRANSFORM,
                    COMPOSITE_QUERY,
                    COMPOSITE_REPLY,
                    COMPOSITE_REJECT,
                    COMPOSITE_CLEANUP,
                    INSPECT ->
                    false;
            case START, INIT, PRE_UPGRADE, UPDATE, REPLICATED_QUERY, REPLY, REJECT, CLEANUP, TASK ->
                    true;
        };
    }

    /// Whether it belongs to a composite query.
    public boolean isComposite() {
        return switch (this) {
            case COMPOSITE_QUERY, COMPOSITE_REPLY, COMPOSITE_REJECT, COMPOSITE_CLEANUP -> true;
            case START,
                    INIT,
                    PRE_UPGRADE,
                    UPDATE,
                    REPLICATED_QUERY,
                    QUERY,
                    TRANSFORM,
                    REPLY,
                    REJECT,
                    CLEANUP,
                    INSPECT,
                    TASK ->
                    false;
        };
    }

    /// The set of contexts with these labels, as bits by ordinal. `*` stands for all but [#START].
    static int set(String labels) {
        int set = 0;
        for (String label : labels.trim().split(" +", -1)) {
            if (label.equals("*")) {
                set |= (1 << values().length) - 1 & ~(1 << START.ordinal());
                continue;
            }
            ApiContext context = labelled(label);
            if (context == null) {
                throw new IllegalArgumentException("There is no context " + label);
            }
            set |= 1 << context.ordinal();
        }
        return set;
    }

    private static @Nullable ApiContext labelled(String label) {
        for (ApiContext context : values()) {
            if (context.label.equals(label)) {
                return context;
            }
        }
        return null;
    }
}
