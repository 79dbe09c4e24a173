package icj.launcher.bench;

import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// What is measured.
///
/// @param nodesText how many nodes, as `4+1`: application and NNS
/// @param nodes addresses of all that answer calls to the canister of the bench
/// @param rootKey of the network, DER
/// @param effective where the canister is made
/// @param local what is known of a network on this machine, or null
public record Endpoint(
        String nodesText,
        List<URI> nodes,
        Blob rootKey,
        CanisterId effective,
        @Nullable Local local) {
    public Endpoint {
        nodes = List.copyOf(nodes);
    }

    /// A network on this machine.
    ///
    /// @param directory its state
    /// @param processes all of it
    /// @param metrics addresses of the application nodes' measures
    public record Local(Path directory, List<NodeProcess> processes, List<URI> metrics) {
        public Local {
            processes = List.copyOf(processes);
            metrics = List.copyOf(metrics);
        }
    }
}
