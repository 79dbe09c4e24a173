package icj.types.registry;

/// What a subnet is for. Append-only: the codes stand in genesis files.
public enum SubnetType {
    /// Holds the network's own canisters and charges nothing; its key is the root key.
    NNS(0, "nns"),
    /// Holds users' canisters.
    APPLICATION(1, "application");

    private final int code;
    private final String text;

    SubnetType(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// The number in the genesis file.
    public int code() {
        return code;
    }

    /// The word in `network.json` and in messages.
    public String text() {
        return text;
    }

    /// The type of this code.
    ///
    /// @throws IllegalArgumentException when there is none
    public static SubnetType ofCode(long code) {
        for (SubnetType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("There is no subnet type " + code);
    }
}
