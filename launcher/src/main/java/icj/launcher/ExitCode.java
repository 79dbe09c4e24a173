package icj.launcher;

/// How the process ends; programs branch on these numbers.
public enum ExitCode {
    OK(0),
    /// Anything without a number of its own.
    FAILURE(1),
    /// The command line can't be read.
    USAGE(2),
    /// The network doesn't run, or doesn't serve yet: trying again later may help.
    NOT_READY(3),
    /// A canister or the network refused a call.
    REJECTED(4),
    /// A port, a lock or a setting stands in the way.
    CONFLICT(5),
    /// State is damaged, of another network, or of a newer version.
    DAMAGED(6),
    /// A wait ended without what it waited for.
    TIMEOUT(124);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /// The number.
    public int number() {
        return number;
    }

    /// The code of a number; those that are not ours are failures.
    public static ExitCode ofNumber(int number) {
        for (ExitCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return FAILURE;
    }
}
