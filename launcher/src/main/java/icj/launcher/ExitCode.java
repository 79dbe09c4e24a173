package icj.launcher;

/// How the process ends; programs branch on these numbers.
public enum ExitCode {
    OK(0, "done"),
    /// Anything without a number of its own.
    FAILURE(1, "failure: a file, a process, or a defect of ours"),
    /// The command line can't be read.
    USAGE(2, "the command line can't be used as it is"),
    /// The network doesn't run, or doesn't serve yet: trying again later may help.
    NOT_READY(3, "not running, not reachable or not ready: trying again later may help"),
    /// A canister or the network refused a call.
    REJECTED(4, "a canister refused or trapped"),
    /// A port, a lock or a setting stands in the way.
    CONFLICT(5, "a port, a lock, a setting or a file stands in the way"),
    /// State is damaged, of another network, or of a newer version.
    DAMAGED(6, "state is damaged, of another network, or newer, or consensus halted"),
    /// A wait ended without what it waited for.
    TIMEOUT(124, "time ran out; the outcome may still come"),
    /// Ctrl-C.
    INTERRUPTED(130, "ended by Ctrl-C");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /// What it means, for the manual.
    public String meaning() {
        return meaning;
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
