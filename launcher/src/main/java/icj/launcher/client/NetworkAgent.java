package icj.launcher.client;

import icj.agent.Agent;
import icj.agent.Identity;
import icj.candid.CandidException;
import icj.candid.CandidInterface;
import icj.candid.Principal;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.ControlClient;
import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An agent of one node of a network on this machine.
///
/// @param agent which verifies every answer against the root key in `network.json`
/// @param network what `network.json` says
public record NetworkAgent(Agent agent, NetworkFile network) implements AutoCloseable {
    /// An agent of this node, or of the first one that runs.
    ///
    /// @param node name or id, or null
    public static NetworkAgent open(
            NetworkDirectory directory, @Nullable String node, Identity identity) {
        directory.checkExists();
        if (ControlClient.find(directory) == null) {
            throw new Failure(
                    Problem.NOT_RUNNING,
                    "Network \"" + directory.name() + "\" doesn't run",
                    "Run: ic start --background");
        }
        NetworkFile network = NetworkFile.read(directory.networkFile());
        NetworkFile.Node chosen = node == null ? firstRunning(network) : network.node(node);
        Agent.Builder builder =
                Agent.builder(URI.create(chosen.http()))
                        .rootKey(Blob.fromHex(network.rootKey()))
                        .identity(identity);
        return new NetworkAgent(Calls.ask("Asking node " + chosen.name(), builder::build), network);
    }

    /// Where new canisters are made.
    public CanisterId defaultEffectiveCanister() {
        return new CanisterId(Principal.fromText(network.defaultEffectiveCanisterId()));
    }

    /// Whether the canister exists, certified.
    public boolean exists(CanisterId canister) {
        List<Blob> path =
                List.of(
                        text("canister"),
                        Blob.owning(canister.principal().toBytes()),
                        text("controllers"));
        return Calls.find(
                        "Asking for canister " + canister,
                        () -> agent.readState(canister, List.of(path)).value(path))
                != null;
    }

    /// The interface that a canister publishes; null when it publishes none, or none that can be
    /// read.
    public @Nullable CandidInterface candid(CanisterId canister) {
        String service =
                Calls.find(
                        "Asking for the interface of " + canister,
                        () -> agent.candidService(canister));
        try {
            return service == null ? null : CandidInterface.parse(service);
        } catch (CandidException e) {
            // A canister may publish anything; arguments are then typed by themselves.
            return null;
        }
    }

    @Override
    public void close() {
        agent.close();
    }

    private static NetworkFile.Node firstRunning(NetworkFile network) {
        for (NetworkFile.Node node : network.nodes()) {
            if (node.pid() != null) {
                return node;
            }
        }
        throw new Failure(
                Problem.NOT_RUNNING,
                "No node of network \"" + network.name() + "\" runs",
                "See: ic status");
    }

    private static Blob text(String label) {
        return Blob.owning(label.getBytes(StandardCharsets.UTF_8));
    }
}
