package icj.launcher;

/// A command that can't do what was asked: what is the matter in one sentence, then what to do
/// about it. `Main` prints both and ends with the code; there is never a stack trace.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String fix;

    /// @param code how the process ends
    /// @param cause what is the matter, a sentence
    /// @param fix what to do, a sentence; empty when there is nothing to say
    public Failure(ExitCode code, String cause, String fix) {
        super(cause);
        this.code = code;
        this.fix = fix;
    }

    /// How the process ends.
    public ExitCode code() {
        return code;
    }

    /// What is the matter.
    public String cause() {
        return String.valueOf(getMessage());
    }

    /// What to do; may be empty.
    public String fix() {
        return fix;
    }
}
