package icj.execution.wasm;

/// Thrown by an [Ic0Host] (and by [Guest]) to end the running message with a trap; caught by the
/// runtime, which returns the trap as a value. It carries no stack trace, since it is ordinary.
public final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Trap trap;

    /// @param trap what the message ends with
    public GuestTrap(Trap trap) {
        super(trap.message(), null, false, false);
        this.trap = trap;
    }

    /// A trap with one of the codes of [Trap].
    public GuestTrap(int code, String message) {
        this(new Trap(code, message));
    }

    /// What the message ends with.
    public Trap trap() {
        return trap;
    }
}
