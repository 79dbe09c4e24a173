package icj.launcher;

import icj.launcher.command.Ic;

/// The `ic` command.
public final class Main {
    private Main() {}

    /// Does what the command line says and ends the process with its exit code.
    public static void main(String[] arguments) {
        int code = Ic.run(System.out, System.err, arguments);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }
}
