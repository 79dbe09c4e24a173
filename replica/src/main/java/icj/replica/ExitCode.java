package icj.replica;

/// The exit codes of a node process; the launcher tells them apart.
public enum ExitCode {
    /// A clean end.
    OK(0),
    /// Anything else that went wrong.
    FAILURE(1),
    /// Wrong arguments.
    USAGE(2),
    /// A port is taken.
    CONFLICT(5),
    /// The data is damaged, of another network or of a newer format, or consensus halted: starting
    /// again doesn't help.
    DAMAGED(6),
    /// The disk is full: the node can be started again when there is room.
    DISK_FULL(7);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /// The number.
    public int code() {
        return code;
    }
}
