package icj.launcher.supervise;

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
            command.addAll(archive("icj.node.archive"));
            command.add("-Xms48m");
            command.add("-Xmx512m");
            command.add("-XX:+UseSerialGC");
            // Gives memory back after a peak: five nodes share a laptop.
            command.add("-XX:MinHeapFreeRatio=20");
            command.add("-XX:MaxHeapFreeRatio=40");
            command.add("-XX:+UseCompactObjectHeaders");
            command.add("-XX:ReservedCodeCacheSize=96m");
            command.add("-XX:MaxDirectMemorySize=128m");
            // R-E9: compiled canisters have large methods, and the compiler's memory is bounded.
            command.add("-XX:-DontCompileHugeMethods");
            command.add("-XX:CompileCommand=quiet");
            command.add("-XX:CompileCommand=memlimit,*.*,256M~stop");
            command.add("-XX:+ExitOnOutOfMemoryError");
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("-Dicj.native.dir=" + locations.nativeCache());
            command.add("-Dicj.node=" + node);
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add("icj.replica.ReplicaMain");
            command.add("--config");
            command.add(directory.nodeConfig(node).toString());
            return command;
        };
    }

    /// Flags for the archive of classes that `./ic` makes once for each build: a node then needs a
    /// third less CPU to start. One that doesn't fit is ignored.
    ///
    /// @param property the system property that names the file
    static List<String> archive(String property) {
        String file = System.getProperty(property, "");
        return file.isEmpty() || !Files.exists(Path.of(file))
                ? List.of()
                : List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off");
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
