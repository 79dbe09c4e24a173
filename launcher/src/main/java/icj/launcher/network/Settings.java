package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.Similar;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What was chosen when the network was made: `settings.json`.
///
/// @param version of this file
/// @param name of the network
/// @param nodes N, of the application subnet
/// @param nnsNodes M, of the NNS subnet; with 0 the application subnet is the root
/// @param bind the address that the public API listens on
/// @param port the first one, or `auto`
/// @param ports of each node
public record Settings(
        int version,
        String name,
        int nodes,
        int nnsNodes,
        String bind,
        String port,
        List<NodePorts> ports) {
    /// The version of this file that this program writes.
    public static final int VERSION = 1;

    /// `--nodes` when nothing is said.
    public static final int NODES_DEFAULT = 4;

    /// `--nns-nodes` when nothing is said.
    public static final int NNS_NODES_DEFAULT = 1;

    /// `--bind` when nothing is said: this machine only.
    public static final String BIND_DEFAULT = "127.0.0.1";

    /// `--port` when nothing is said.
    public static final String PORT_DEFAULT = "4943";

    /// `--port` for any free ones.
    public static final String PORT_AUTO = "auto";

    /// How many nodes one machine is asked to run, at most.
    public static final int NODES_MAX = 40;

    /// What is said of a network, by flags of `start` or elsewhere; null means nothing.
    ///
    /// @param nodes `--nodes`
    /// @param nnsNodes `--nns-nodes`
    /// @param bind `--bind`
    /// @param port `--port`
    public record Request(
            @Nullable Integer nodes,
            @Nullable Integer nnsNodes,
            @Nullable String bind,
            @Nullable String port) {
        /// Nothing was said.
        public static final Request NONE = new Request(null, null, null, null);

        public Request {
            if (nodes != null && (nodes < 1 || nodes > NODES_MAX)) {
                throw usage("--nodes is 1 to " + NODES_MAX + ", not " + nodes);
            }
            if (nnsNodes != null && (nnsNodes < 0 || nnsNodes > NODES_MAX)) {
                throw usage("--nns-nodes is 0 to " + NODES_MAX + ", not " + nnsNodes);
            }
            if (port != null && !port.equals(PORT_AUTO) && !isPort(port)) {
                throw usage("--port is 1 to 65535 or \"auto\", not \"" + port + "\"");
            }
        }

        /// The same, and what another one says where this one says nothing.
        public Request or(Request other) {
            return new Request(
                    nodes == null ? other.nodes : nodes,
                    nnsNodes == null ? other.nnsNodes : nnsNodes,
                    bind == null ? other.bind : bind,
                    port == null ? other.port : port);
        }

        private static boolean isPort(String text) {
            try {
                int port = Integer.parseInt(text);
                return port >= 1 && port <= PortPlan.PORT_MAX;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        private static Failure usage(String cause) {
            return new Failure(Problem.SETTING_VALUE, cause, "See: ic start --help");
        }
    }

    public Settings {
        ports = List.copyOf(ports);
    }

    /// The settings of a new network; its ports are free now.
    public static Settings create(String name, Request request) {
        int nodes = request.nodes == null ? NODES_DEFAULT : request.nodes;
        int nnsNodes = request.nnsNodes == null ? NNS_NODES_DEFAULT : request.nnsNodes;
        String bind = request.bind == null ? BIND_DEFAULT : request.bind;
        String port = request.port == null ? PORT_DEFAULT : request.port;
        List<String> names = NodeNames.of(nodes, nnsNodes);
        List<NodePorts> ports =
                port.equals(PORT_AUTO)
                        ? PortPlan.free(names, bind)
                        : PortPlan.from(Integer.parseInt(port), names);
        return new Settings(VERSION, name, nodes, nnsNodes, bind, port, ports);
    }

    /// Reads `settings.json`.
    public static Settings read(Path file) {
        Settings settings = Json.read(file, Settings.class);
        if (settings.version != VERSION) {
            throw new Failure(
                    Problem.NEWER_FORMAT,
                    file + " has version " + settings.version + ", this program knows " + VERSION,
                    "Use the version of ic that wrote it");
        }
        if (!settings.names().equals(settings.ports.stream().map(NodePorts::node).toList())) {
            throw new Failure(
                    Problem.FILE_DAMAGED,
                    file + " doesn't list the ports of its nodes",
                    "Restore it, or remove the directory and start a new network");
        }
        return settings;
    }

    /// Writes `settings.json`.
    public void write(Path file) {
        OwnerFiles.replace(file, Json.pretty(this));
    }

    /// Names of all nodes, in the order of their ports.
    public List<String> names() {
        return NodeNames.of(nodes, nnsNodes);
    }

    /// The ports of one node.
    public NodePorts portsOf(String node) {
        for (NodePorts candidate : ports) {
            if (candidate.node().equals(node)) {
                return candidate;
            }
        }
        throw new Failure(
                Problem.NO_SUCH_NODE,
                "There is no node \"" + node + "\" in this network",
                Similar.question(node, names()) + "Its nodes are " + String.join(", ", names()));
    }

    /// Ends with a sentence when flags were given that differ from what is stored.
    public void checkSame(Request request) {
        List<String> differences = new ArrayList<>();
        difference("--nodes", request.nodes, nodes, differences);
        difference("--nns-nodes", request.nnsNodes, nnsNodes, differences);
        difference("--bind", request.bind, bind, differences);
        difference("--port", request.port, port, differences);
        if (!differences.isEmpty()) {
            throw new Failure(
                    Problem.OTHER_SETTINGS,
                    "Network \""
                            + name
                            + "\" exists with other settings: "
                            + String.join(", ", differences),
                    "Leave these flags out to resume it, name another network with --network, or"
                            + " lose this one with --clean");
        }
    }

    private static void difference(
            String flag, @Nullable Object asked, Object stored, List<String> differences) {
        if (asked != null && !asked.equals(stored)) {
            differences.add(flag + " is " + stored + ", not " + asked);
        }
    }
}
