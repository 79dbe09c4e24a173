package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NodeNames;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;
import icj.launcher.supervise.Health;
import icj.launcher.supervise.NodeStatus;
import icj.types.Quorum;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A network as it is now: processes from its supervisor, health from each node.
///
/// @param running whether a supervisor runs
/// @param file what `network.json` says
/// @param nodes in the order of their ports
record NetworkView(boolean running, NetworkFile file, List<Node> nodes) {
    /// @param file its entry in `network.json`
    /// @param status its process; of a stopped network: stopped
    /// @param health its own answer
    record Node(NetworkFile.Node file, NodeStatus status, Health health) {
        String name() {
            return file.name();
        }

        boolean isReady() {
            return health.ready();
        }

        boolean isStoppedByHand() {
            return status.phase() == NodeStatus.Phase.STOPPED;
        }

        boolean isGivenUp() {
            return status.phase() == NodeStatus.Phase.GIVEN_UP;
        }

        boolean refusesItsState() {
            Integer exit = status.exit();
            return isGivenUp() && exit != null && exit == ExitCode.DAMAGED.number();
        }

        /// Why it isn't ready, for people.
        String reason() {
            return switch (status.phase()) {
                case RUNNING -> health.reason();
                case WAITING -> status.note() + "; it is started again";
                case GIVEN_UP, STOPPED -> status.note();
            };
        }
    }

    static NetworkView of(NetworkDirectory directory) {
        NetworkFile file = NetworkFile.read(directory.networkFile());
        ControlClient client = ControlClient.find(directory);
        Map<String, NodeStatus> statuses = new TreeMap<>();
        if (client != null) {
            for (NodeStatus status : client.ask(ControlRequest.STATUS, "").nodes()) {
                statuses.put(status.name(), status);
            }
            // Ports may be read before the supervisor wrote the file for the first time.
            file = NetworkFile.read(directory.networkFile());
        }
        List<Node> nodes = new ArrayList<>();
        for (NetworkFile.Node node : file.nodes()) {
            NodeStatus status =
                    statuses.getOrDefault(
                            node.name(),
                            new NodeStatus(
                                    node.name(),
                                    NodeStatus.Phase.STOPPED,
                                    null,
                                    0,
                                    "the network doesn't run",
                                    null));
            Health health =
                    status.phase() == NodeStatus.Phase.RUNNING
                            ? Health.of(node)
                            : new Health(false, status.note());
            nodes.add(new Node(node, status, health));
        }
        return new NetworkView(client != null, file, nodes);
    }

    /// Whether nodes are ready, and every one that should run is.
    boolean isReady() {
        return running
                && nodes.stream().anyMatch(Node::isReady)
                && nodes.stream().allMatch(n -> n.isReady() || n.isStoppedByHand());
    }

    /// The nodes that refuse their state, when each subnet has a quorum of others (R-C1); empty
    /// when it hasn't.
    List<Node> leftOut() {
        for (boolean nns : new boolean[] {false, true}) {
            List<Node> subnet =
                    nodes.stream().filter(node -> NodeNames.isNns(node.name()) == nns).toList();
            long whole = subnet.stream().filter(node -> !node.refusesItsState()).count();
            if (!subnet.isEmpty() && whole < Quorum.of(subnet.size()).notary()) {
                return List.of();
            }
        }
        return nodes.stream().filter(Node::refusesItsState).toList();
    }
}
