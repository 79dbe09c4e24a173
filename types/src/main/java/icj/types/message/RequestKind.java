package icj.types.message;

/// What a client asks for, as the address and the field `request_type` both say.
public enum RequestKind {
    /// A call that goes through consensus.
    CALL("call"),
    /// A call answered by one node, without effect.
    QUERY("query"),
    /// A read of the certified state.
    READ_STATE("read_state");

    private final String label;

    RequestKind(String label) {
        this.label = label;
    }

    /// The value of the field `request_type`.
    public String label() {
        return label;
    }
}
