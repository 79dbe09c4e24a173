package icj.launcher;

import org.jspecify.annotations.Nullable;

/// A command that can't do what was asked: what is the matter in one sentence, then what to do
/// about it. `Main` prints both and ends with the problem's exit code; there is never a stack
/// trace.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final String fix;

    /// @param problem which of the listed ones; says how the process ends
    /// @param cause what is the matter here, a sentence
    /// @param fix what to do, a sentence
    public Failure(Problem problem, String cause, String fix) {
        super(cause);
        this.problem = problem;
        this.fix = fix;
    }

    /// @param problem which of the listed ones; says how the process ends
    /// @param cause what is the matter here, a sentence
    /// @param fix what to do, a sentence
    /// @param reason what was thrown, for those who read more than the sentence, or null
    public Failure(Problem problem, String cause, String fix, @Nullable Throwable reason) {
        super(cause, reason);
        this.problem = problem;
        this.fix = fix;
    }

    /// Which of the listed problems.
    public Problem problem() {
        return problem;
    }

    /// How the process ends.
    public ExitCode code() {
        return problem.exit();
    }

    /// What is the matter.
    public String cause() {
        return String.valueOf(getMessage());
    }

    /// What to do.
    public String fix() {
        return fix;
    }
}
