package icj.replica;

import icj.candid.Principal;
import icj.types.Digest;
import icj.types.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file `node.json`: who this node is and where its things are. The border between the launcher
/// and a node process; a member that is missing is an error, an unknown one is not.
///
/// @param network the id of the network that the genesis file must have
/// @param node the id that the node's own key must have
/// @param name for people
/// @param genesis the genesis file
/// @param keys the folder of the node's keys
/// @param journal the folder of the journal store
/// @param state the folder of the state store
/// @param log the folder of the log
/// @param http where clients are served
/// @param p2p where peers are served
/// @param metrics where metrics and health are served
/// @param classCache the folder of compiled Wasm classes, shared by the nodes of a host
/// @param nativeCache the folder of unpacked native libraries, shared by the nodes of a host
/// @param record where executed batches are recorded, or null: a diagnostic (docs/STATE.md)
public record NodeConfig(
        Digest network,
        NodeId node,
        String name,
        Path genesis,
        Path keys,
        Path journal,
        Path state,
        Path log,
        Endpoint http,
        Endpoint p2p,
        Endpoint metrics,
        Path classCache,
        Path nativeCache,
        @Nullable Path record) {
    /// The version of the file that this program reads.
    public static final int VERSION = 1;

    /// An address to listen on.
    ///
    /// @param port 0 takes any free one
    public record Endpoint(String host, int port) {}

    /// Reads the file; relative paths in it are relative to its folder.
    ///
    /// @throws NodeFailure with exit code 1 when it can't be read, 6 when it is of a newer version
    public static NodeConfig read(Path file) throws NodeFailure {
        try {
            JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
            return of(root, file);
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new NodeFailure(
                    ExitCode.FAILURE,
                    "The configuration " + file + " can't be read: " + e.getMessage());
        }
    }

    private static NodeConfig of(JsonNode root, Path file) throws NodeFailure {
        int version = member(root, "version").asInt();
        if (version != VERSION) {
            throw new NodeFailure(
                    ExitCode.DAMAGED,
                    file + " has format " + version + ", this program reads format " + VERSION);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("it has no folder");
        }
        return new NodeConfig(
                Digest.fromHex(text(root, "networkId")),
                new NodeId(Principal.fromText(text(root, "nodeId"))),
                text(root, "name"),
                folder.resolve(text(root, "genesis")).normalize(),
                folder.resolve(text(root, "keys")).normalize(),
                folder.resolve(text(root, "journal")).normalize(),
                folder.resolve(text(root, "state")).normalize(),
                folder.resolve(text(root, "log")).normalize(),
                endpoint(root, "http"),
                endpoint(root, "p2p"),
                endpoint(root, "metrics"),
                folder.resolve(text(root, "classCache")).normalize(),
                folder.resolve(text(root, "nativeCache")).normalize(),
                root.has("record") ? folder.resolve(text(root, "record")).normalize() : null);
    }

    private static JsonNode member(JsonNode node, String name) {
        JsonNode member = node.get(name);
        if (member == null || member.isNull()) {
            throw new IllegalArgumentException("the member \"" + name + "\" is missing");
        }
        return member;
    }

    private static String text(JsonNode node, String name) {
        return member(node, name).asString();
    }

    private static Endpoint endpoint(JsonNode node, String name) {
        JsonNode endpoint = member(node, name);
        int port = member(endpoint, "port").asInt();
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the port of \"" + name + "\" is " + port);
        }
        return new Endpoint(text(endpoint, "host"), port);
    }
}
