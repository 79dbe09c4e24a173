package icj.launcher.bench;

import icj.candid.Principal;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.ControlClient;
import icj.types.Blob;
import icj.types.CanisterId;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// A network that runs on this machine, as an endpoint.
public final class LocalNetwork {
    /// The name of the process that looks after the nodes.
    static final String SUPERVISOR = "supervisor";

    private static final String NNS = "nns";

    private LocalNetwork() {}

    /// The network in this directory.
    ///
    /// @throws Failure when it does not run
    public static Endpoint endpoint(NetworkDirectory directory) {
        directory.checkExists();
        if (ControlClient.find(directory) == null) {
            throw new Failure(
                    Problem.NOT_RUNNING,
                    "Network \"" + directory.name() + "\" doesn't run",
                    "Run: ic start --background; or leave --network out: then the bench makes one"
                            + " of its own");
        }
        NetworkFile file = NetworkFile.read(directory.networkFile());
        boolean onlyRoot = file.nodes().stream().allMatch(node -> isNns(node));
        List<URI> http = new ArrayList<>();
        List<URI> metrics = new ArrayList<>();
        int nns = 0;
        for (NetworkFile.Node node : file.nodes()) {
            if (node.pid() == null) {
                continue;
            }
            if (isNns(node) && !onlyRoot) {
                nns++;
            } else {
                http.add(URI.create(node.http()));
                metrics.add(URI.create(node.metrics()));
            }
        }
        if (http.isEmpty()) {
            throw new Failure(
                    Problem.NOT_RUNNING,
                    "No application node of network \"" + directory.name() + "\" runs",
                    "See: ic status");
        }
        return new Endpoint(
                nns == 0 ? "" + http.size() : http.size() + "+" + nns,
                http,
                Blob.fromHex(file.rootKey()),
                new CanisterId(Principal.fromText(file.defaultEffectiveCanisterId())),
                new Endpoint.Local(directory.root(), processes(file), metrics));
    }

    /// All processes of a network that run, the supervisor last.
    static List<NodeProcess> processes(NetworkFile file) {
        List<NodeProcess> processes = new ArrayList<>();
        for (NetworkFile.Node node : file.nodes()) {
            Long pid = node.pid();
            if (pid != null) {
                processes.add(new NodeProcess(node.name(), pid));
            }
        }
        Long supervisor = file.supervisorPid();
        if (supervisor != null) {
            processes.add(new NodeProcess(SUPERVISOR, supervisor));
        }
        return processes;
    }

    private static boolean isNns(NetworkFile.Node node) {
        return node.name().startsWith(NNS);
    }
}
