package icj.e2e;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A network of real node processes, started, asked and stopped by the command `./ic` as a user
/// would.
///
/// Closing it stops every process; when the test failed, the folder with all logs stays.
final class Network implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("icj.root"));

    /// A node that takes longer to say how it is isn't well.
    private static final int HEALTH_MILLIS_MAX = 5_000;

    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(120);

    private final Path home;
    private final Path directory;

    private Network(Path home) {
        this.home = home;
        this.directory = home.resolve("network");
    }

    /// Names the folder of a network that does not exist yet.
    static Network in(Path home) {
        return new Network(home);
    }

    /// Creates and starts a network on free ports, in the background.
    ///
    /// @param more options of `ic start`
    static Network start(Path home, int nodes, int nnsNodes, String... more) {
        Network network = new Network(home);
        List<String> arguments = new ArrayList<>(List.of("start", "--background"));
        arguments.addAll(List.of("--port", "auto", "--nodes", Integer.toString(nodes)));
        arguments.addAll(List.of("--nns-nodes", Integer.toString(nnsNodes)));
        arguments.addAll(List.of(more));
        network.ic(arguments.toArray(String[]::new)).expect(0);
        return network;
    }

    /// Starts a stopped network again.
    void resume() {
        ic("start", "--background").expect(0);
    }

    /// Runs `./ic ARGUMENTS --state-dir ...`.
    Shell.Outcome ic(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("ic").toString());
        command.add(arguments[0]);
        command.add("--state-dir");
        command.add(directory.toString());
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return Shell.run(home, environment(), COMMAND_DEADLINE, command);
    }

    /// The environment of all commands: identities and data stay inside the test's folder.
    Map<String, String> environment() {
        return Map.of(
                "XDG_CONFIG_HOME", home.resolve("config").toString(),
                "XDG_DATA_HOME", home.resolve("data").toString());
    }

    /// What `network.json` says now.
    JsonNode describe() {
        try {
            return JsonMapper.shared()
                    .readTree(Files.readString(directory.resolve("network.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    /// All nodes, application nodes first.
    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (JsonNode node : describe().get("nodes")) {
            nodes.add(
                    new Node(
                            node.get("name").asString(),
                            URI.create(node.get("http").asString()),
                            URI.create(node.get("metrics").asString()),
                            node.path("pid").asLong(-1)));
        }
        return nodes;
    }

    Node node(String name) {
        return nodes().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node " + name));
    }

    String defaultEffectiveCanisterId() {
        return describe().get("defaultEffectiveCanisterId").asString();
    }

    /// The root key, DER.
    Blob rootKey() {
        return Blob.fromHex(describe().get("rootKey").asString());
    }

    /// Deploys a folder of this repository and returns the id of the canister.
    CanisterId deploy(String folder) {
        String name = Path.of(folder).getFileName().toString();
        ic("deploy", ROOT.resolve(folder).toString()).expect(0);
        try {
            JsonNode canisters =
                    JsonMapper.shared()
                            .readTree(Files.readString(directory.resolve("canisters.json")));
            return new CanisterId(Principal.fromText(canisters.get(name).asString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SIGKILL to the supervisor and every node, and waits until none is left.
    void killAll() {
        List<ProcessHandle> processes = new ArrayList<>();
        long supervisor = describe().path("supervisorPid").asLong(-1);
        ProcessHandle.of(supervisor).ifPresent(processes::add);
        for (Node node : nodes()) {
            ProcessHandle.of(node.pid()).ifPresent(processes::add);
        }
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(p -> p.onExit().join());
    }

    @Override
    public void close() {
        ic("stop").expect(0);
    }

    /// One node process.
    record Node(String name, URI http, URI metrics, long pid) {
        boolean isNns() {
            return name.startsWith("nns");
        }

        /// Whether the node says that it serves.
        boolean isReady() {
            try {
                URL ready = metrics.resolve("/health/ready").toURL();
                HttpURLConnection asked = (HttpURLConnection) ready.openConnection();
                asked.setConnectTimeout(HEALTH_MILLIS_MAX);
                asked.setReadTimeout(HEALTH_MILLIS_MAX);
                return asked.getResponseCode() == 200;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
