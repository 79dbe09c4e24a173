package icj.replica;

import icj.candid.Principal;
import icj.types.Digest;
import icj.types.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

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
            return of(members(Files.readAllBytes(file)), file);
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new NodeFailure(
                    ExitCode.FAILURE,
                    "The configuration " + file + " can't be read: " + e.getMessage());
        }
    }

    private static NodeConfig of(SortedMap<String, String> root, Path file) throws NodeFailure {
        int version = number(root, "version");
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
                root.containsKey("record")
                        ? folder.resolve(text(root, "record")).normalize()
                        : null);
    }

    /// The scalars of the file by the names that lead to them, such as `http.port`. By the stream
    /// alone: a library that binds objects costs a node a tenth of its start.
    private static SortedMap<String, String> members(byte[] json) {
        SortedMap<String, String> members = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            collect(parser, "", members);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows its end");
            }
        }
        return members;
    }

    private static void collect(
            JsonParser parser, String prefix, SortedMap<String, String> members) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            switch (parser.nextToken()) {
                case START_OBJECT -> collect(parser, prefix + name + ".", members);
                case START_ARRAY -> parser.skipChildren();
                case VALUE_NULL -> members.remove(prefix + name);
                default -> members.put(prefix + name, parser.getString());
            }
        }
    }

    private static String text(SortedMap<String, String> members, String name) {
        String text = members.get(name);
        if (text == null) {
            throw new IllegalArgumentException("the member \"" + name + "\" is missing");
        }
        return text;
    }

    private static int number(SortedMap<String, String> members, String name) {
        String text = text(members, name);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the member \"" + name + "\" is \"" + text + "\"", e);
        }
    }

    private static Endpoint endpoint(SortedMap<String, String> members, String name) {
        int port = number(members, name + ".port");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the port of \"" + name + "\" is " + port);
        }
        return new Endpoint(text(members, name + ".host"), port);
    }
}
