package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.Settings;
import icj.launcher.supervise.JvmFlags;
import icj.launcher.supervise.NodeCommand;
import icj.launcher.supervise.Supervisor;
import icj.types.Blob;
import icj.types.registry.Genesis;
import icj.types.registry.Registry;
import icj.wire.MalformedException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The two ways to run a supervisor: in this process, or in one that stays behind.
final class Supervision {
    private static final String COMMAND_ARCHIVE = "icj.archive";
    private static final String NODE_ARCHIVE = "icj.node.archive";

    private Supervision() {}

    /// Runs the nodes from this process, which holds the lock. The end of this process, by Ctrl-C
    /// or SIGTERM, ends them in order.
    static Supervisor begin(NetworkDirectory directory, Locations locations) {
        Settings settings = Settings.read(directory.settings());
        Supervisor supervisor =
                new Supervisor(
                        directory,
                        settings,
                        registry(directory),
                        NodeCommand.replica(directory, locations));
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(() -> {
                                    // A stop by signal is no failure. After any other end
                                    // the exit code stands already.
                                    if (supervisor.stop()) {
                                        Runtime.getRuntime().halt(ExitCode.OK.number());
                                    }
                                }));
        supervisor.start();
        return supervisor;
    }

    /// Starts a process of its own that supervises; it outlives this one and the terminal.
    static Process detach(NetworkDirectory directory) {
        List<String> command = new ArrayList<>(NodeCommand.java());
        command.addAll(JvmFlags.SUPERVISOR);
        command.addAll(JvmFlags.archive(COMMAND_ARCHIVE));
        for (String property : List.of(COMMAND_ARCHIVE, NODE_ARCHIVE)) {
            command.add("-D" + property + "=" + System.getProperty(property, ""));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("icj.launcher.Main");
        command.add("supervise");
        command.add("--state-dir");
        command.add(directory.root().toString());
        try {
            return new ProcessBuilder(command)
                    .directory(directory.root().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(directory.supervisorLog().toFile()))
                    .start();
        } catch (IOException e) {
            throw new Failure(
                    Problem.SUPERVISOR_START,
                    "The supervisor can't be started: " + e.getMessage(),
                    "Its command was: " + String.join(" ", command));
        }
    }

    /// What the genesis file holds.
    static Registry registry(NetworkDirectory directory) {
        try {
            return Genesis.decode(Blob.owning(Files.readAllBytes(directory.genesis())));
        } catch (MalformedException | IOException e) {
            throw new Failure(
                    Problem.FILE_DAMAGED,
                    directory.genesis() + " can't be read: " + e.getMessage(),
                    "Restore it, or remove the directory and start a new network");
        }
    }
}
