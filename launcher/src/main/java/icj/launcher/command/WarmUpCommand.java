package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.Creation;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NetworkLock;
import icj.launcher.network.OwnerFiles;
import icj.launcher.network.Settings;
import icj.launcher.supervise.NodeCommand;
import icj.launcher.supervise.Supervisor;
import icj.types.registry.Registry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Lives the life of a small network once, for the class archives that `./ic` makes for each build:
/// this process and one node's record the classes that they use, so that each later one starts
/// faster. Not for people.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand extends NetworkCommand {
    private static final Duration READY_PATIENCE = Duration.ofSeconds(60);

    /// A node writes its archive when it ends.
    private static final Duration END_PATIENCE = Duration.ofSeconds(120);

    /// The node that records; it has a peer and a root subnet, so that it meets all that nodes do.
    private static final String RECORDED = "1";

    @Option(names = "--node-archive", required = true, description = "Where the node's goes.")
    private Path nodeArchive = Path.of("");

    @Parameters(description = "The folder of a canister to deploy, with methods inc and get.")
    private Path project = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("ic-warm-up");
        try {
            return live(new NetworkDirectory(scratch.resolve("n"), "n"), scratch);
        } finally {
            OwnerFiles.removeAll(scratch);
        }
    }

    private int live(NetworkDirectory directory, Path scratch) throws InterruptedException {
        Locations locations = Locations.of(Map.of(), scratch);
        Settings settings =
                Settings.create("n", new Settings.Request(2, 1, null, Settings.PORT_AUTO));
        try (NetworkLock _ = NetworkLock.take(directory)) {
            Registry registry = Creation.create(directory, settings, locations);
            NetworkFile.of(directory, settings, registry, null, new TreeMap<>())
                    .write(directory.networkFile());
            NodeCommand replica = NodeCommand.replica(directory, locations);
            Supervisor supervisor =
                    new Supervisor(
                            directory,
                            settings,
                            registry,
                            node ->
                                    node.equals(RECORDED)
                                            ? recording(replica.of(node))
                                            : replica.of(node),
                            END_PATIENCE);
            supervisor.start();
            try {
                Readiness.await(directory, READY_PATIENCE, () -> true, Readiness.Listener.NONE);
                for (List<String> command : commands()) {
                    List<String> line = new ArrayList<>(command);
                    line.addAll(List.of("--state-dir", directory.root().toString()));
                    Ic.run(ic().out(), ic().out(), line.toArray(String[]::new));
                }
            } finally {
                supervisor.stop();
            }
        }
        return ExitCode.OK.number();
    }

    private List<List<String>> commands() {
        List<String> anonymous = List.of("--name", "c", "--identity", "anonymous");
        List<String> deploy = new ArrayList<>(List.of("deploy", project.toString()));
        deploy.addAll(anonymous);
        return List.of(
                deploy,
                List.of("call", "c", "inc", "--identity", "anonymous"),
                List.of("call", "c", "get", "--query", "--identity", "anonymous"),
                List.of("status"),
                List.of("bench", "throughput", "--clients", "4", "--seconds", "2"));
    }

    private List<String> recording(List<String> command) {
        List<String> recording = new ArrayList<>(command);
        int flags = recording.indexOf("-cp");
        recording.add(flags, "-XX:AOTCacheOutput=" + nodeArchive.toAbsolutePath());
        return recording;
    }
}
