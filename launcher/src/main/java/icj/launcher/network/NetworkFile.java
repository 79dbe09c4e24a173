package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.Similar;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;

/// What programs read of a network: `network.json`, replaced atomically at each change.
///
/// @param version of this file
/// @param name of the network
/// @param state `running` or `stopped`
/// @param supervisorPid its process, null when stopped
/// @param rootKey DER, in hexadecimal digits; never changes
/// @param defaultEffectiveCanisterId for calls that make canisters
/// @param subnets the root subnet first
/// @param nodes in the order of their ports
public record NetworkFile(
        int version,
        String name,
        String state,
        @Nullable Long supervisorPid,
        String rootKey,
        String defaultEffectiveCanisterId,
        List<Subnet> subnets,
        List<Node> nodes) {
    /// The version of this file that this program writes.
    public static final int VERSION = 1;

    /// `state` while a supervisor runs.
    public static final String RUNNING = "running";

    /// `state` otherwise.
    public static final String STOPPED = "stopped";

    /// @param id principal
    /// @param type `nns` or `application`
    /// @param nodes ids of its members
    public record Subnet(String id, String type, List<String> nodes) {}

    /// @param id principal
    /// @param name `1`, `nns1`
    /// @param subnet id
    /// @param http address of the public API
    /// @param p2p host and port
    /// @param metrics address of metrics and health
    /// @param pid null when it doesn't run
    /// @param log file
    public record Node(
            String id,
            String name,
            String subnet,
            String http,
            String p2p,
            String metrics,
            @Nullable Long pid,
            String log) {}

    public NetworkFile {
        subnets = List.copyOf(subnets);
        nodes = List.copyOf(nodes);
    }

    /// The file of a network with these processes.
    ///
    /// @param pids of nodes by name; those that don't run are left out
    public static NetworkFile of(
            NetworkDirectory directory,
            Settings settings,
            Registry registry,
            @Nullable Long supervisorPid,
            SortedMap<String, Long> pids) {
        List<SubnetRecord> sorted = new ArrayList<>(registry.subnets().values());
        sorted.sort(
                Comparator.comparing((SubnetRecord s) -> !s.id().equals(registry.nns()))
                        .thenComparing(s -> s.ranges().getFirst()));
        List<Subnet> subnets = new ArrayList<>();
        for (SubnetRecord subnet : sorted) {
            subnets.add(
                    new Subnet(
                            subnet.id().toString(),
                            subnet.type().text(),
                            subnet.members().stream().map(Object::toString).toList()));
        }
        List<Node> nodes = new ArrayList<>();
        for (NodePorts ports : settings.ports()) {
            NodeRecord record = record(registry, ports.node());
            nodes.add(
                    new Node(
                            record.id().toString(),
                            ports.node(),
                            record.subnet().toString(),
                            "http://" + reachable(settings.bind()) + ":" + ports.http(),
                            Settings.BIND_DEFAULT + ":" + ports.p2p(),
                            "http://" + Settings.BIND_DEFAULT + ":" + ports.metrics(),
                            pids.get(ports.node()),
                            directory.nodeLog(ports.node()).toString()));
        }
        return new NetworkFile(
                VERSION,
                settings.name(),
                supervisorPid == null ? STOPPED : RUNNING,
                supervisorPid,
                HexFormat.of().formatHex(registry.rootKeyDer().shared()),
                registry.defaultSubnet().ranges().getFirst().first().toString(),
                subnets,
                nodes);
    }

    /// Reads `network.json`.
    public static NetworkFile read(Path file) {
        return Json.read(file, NetworkFile.class);
    }

    /// Writes `network.json`.
    public void write(Path file) {
        OwnerFiles.replace(file, Json.pretty(json()));
    }

    /// The node of this name or id.
    public Node node(String nameOrId) {
        for (Node node : nodes) {
            if (node.name.equals(nameOrId) || node.id.equals(nameOrId)) {
                return node;
            }
        }
        throw new Failure(
                Problem.NO_SUCH_NODE,
                "There is no node \"" + nameOrId + "\" in this network",
                Similar.question(nameOrId, nodes.stream().map(Node::name).toList())
                        + "Its nodes are "
                        + String.join(", ", nodes.stream().map(Node::name).toList()));
    }

    /// The address under which this machine reaches what listens on `bind`.
    static String reachable(String bind) {
        return switch (bind) {
            case "0.0.0.0", "::", "localhost" -> Settings.BIND_DEFAULT;
            default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    }

    private static NodeRecord record(Registry registry, String name) {
        for (NodeRecord record : registry.nodes().values()) {
            if (record.name().equals(name)) {
                return record;
            }
        }
        throw new Failure(
                Problem.FILE_DAMAGED,
                "The genesis file knows no node \"" + name + "\", settings.json does",
                "Restore them, or remove the directory and start a new network");
    }

    private ObjectNode json() {
        ObjectNode object = Json.object();
        object.put("version", version);
        object.put("name", name);
        object.put("state", state);
        object.put("supervisorPid", supervisorPid);
        object.put("rootKey", rootKey);
        object.put("defaultEffectiveCanisterId", defaultEffectiveCanisterId);
        ArrayNode subnetArray = object.putArray("subnets");
        for (Subnet subnet : subnets) {
            ObjectNode item = subnetArray.addObject();
            item.put("id", subnet.id);
            item.put("type", subnet.type);
            ArrayNode members = item.putArray("nodes");
            subnet.nodes.forEach(members::add);
        }
        ArrayNode nodeArray = object.putArray("nodes");
        for (Node node : nodes) {
            ObjectNode item = nodeArray.addObject();
            item.put("id", node.id);
            item.put("name", node.name);
            item.put("subnet", node.subnet);
            item.put("http", node.http);
            item.put("p2p", node.p2p);
            item.put("metrics", node.metrics);
            item.put("pid", node.pid);
            item.put("log", node.log);
        }
        return object;
    }
}
