package icj.replica;

/// Why a node can't start or go on, in a sentence for the operator.
public final class NodeFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /// @param sentence what is wrong and, where there is something, what to do about it
    public NodeFailure(ExitCode exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /// The process ends with this.
    public ExitCode exitCode() {
        return exitCode;
    }
}
