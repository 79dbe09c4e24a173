package icj.launcher.supervise;

import icj.crypto.provider.CorrettoLibrary;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of a node's process. Tests put another program in its place.
@FunctionalInterface
public interface NodeCommand {
    /// The command line for this node.
    List<String> of(String node);

    /// The replica on the Java and the class path of this process. All flags are written out, since
    /// Java's defaults depend on the machine.
    static NodeCommand replica(NetworkDirectory directory, Locations locations) {
        return node -> {
            List<String> command = new ArrayList<>(java());
            command.addAll(JvmFlags.archive("icj.node.archive"));
            command.addAll(JvmFlags.NODE);
            Path natives = locations.nativeCache();
            command.add("-Dicj.native.dir=" + natives);
            command.add("-Djava.library.path=" + CorrettoLibrary.folder(natives));
            command.add("-Dicj.node=" + node);
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add("icj.replica.ReplicaMain");
            command.add("--config");
            command.add(directory.nodeConfig(node).toString());
            return command;
        };
    }

    /// The Java that runs this process, in a session of its own where the system has `setsid`: a
    /// Ctrl-C in the terminal is for the supervisor, which then ends its nodes in order.
    static List<String> java() {
        List<String> command = new ArrayList<>();
        for (String place : List.of("/usr/bin/setsid", "/bin/setsid")) {
            if (Files.isExecutable(Path.of(place))) {
                command.add(place);
                break;
            }
        }
        command.add(
                ProcessHandle.current()
                        .info()
                        .command()
                        .orElseGet(() ->
                                Path.of(System.getProperty("java.home"), "bin/java").toString()));
        return command;
    }
}
