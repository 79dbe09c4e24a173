package icj.launcher;

import icj.launcher.command.Ic;
import icj.launcher.network.Locations;

/// The `ic` command.
public final class Main {
    /// Where native libraries are unpacked: the folder that nodes use too.
    private static final String NATIVE_DIRECTORY = "icj.native.dir";

    private Main() {}

    /// Does what the command line says and ends the process with its exit code.
    public static void main(String[] arguments) {
        if (System.getProperty(NATIVE_DIRECTORY) == null) {
            System.setProperty(NATIVE_DIRECTORY, Locations.ofProcess().nativeCache().toString());
        }
        int code = Ic.run(System.out, System.err, arguments);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }
}
