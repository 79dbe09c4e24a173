package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.FileFailures;
import icj.launcher.text.Similar;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory of one network: which file is where.
///
/// ```
/// format.json      version of this layout, written first
/// settings.json    what was chosen at creation, written last
/// genesis.cbor     registry version 1
/// network.json     what programs read
/// canisters.json   name to canister id
/// lock             held by the supervisor as long as it lives
/// supervisor.json  its process, its control port and secret, owner only
/// supervisor.log
/// nodes/NAME/      node.json keys/ journal/ state/ log/
/// ```
///
/// @param root the directory
/// @param name of the network: the directory's own
public record NetworkDirectory(Path root, String name) {
    /// The version of the layout that this program writes.
    public static final int FORMAT = 1;

    /// The network that commands mean when none is named.
    public static final String DEFAULT_NAME = "local";

    /// Names of networks, as a regular expression.
    public static final String NAMES = "[a-z0-9][a-z0-9-]{0,31}";

    private static final Pattern NAME = Pattern.compile(NAMES);

    /// The directory that `--state-dir` and `--network` mean; at most one of them is given.
    public static NetworkDirectory of(
            @Nullable Path stateDirectory, @Nullable String network, Locations locations) {
        if (stateDirectory != null && network != null) {
            throw new Failure(
                    Problem.TWO_NETWORKS,
                    "--state-dir and --network both say which network is meant",
                    "Give one of them");
        }
        if (stateDirectory != null) {
            Path root = stateDirectory.toAbsolutePath().normalize();
            Path last = root.getFileName();
            return new NetworkDirectory(root, last == null ? DEFAULT_NAME : last.toString());
        }
        String name = network == null ? DEFAULT_NAME : network;
        checkName(name);
        return new NetworkDirectory(locations.networks().resolve(name), name);
    }

    /// Ends with a sentence unless a network may have this name.
    public static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Problem.NETWORK_NAME,
                    "\"" + name + "\" can't be the name of a network",
                    "Use lower-case letters, digits and hyphens, at most 32, e.g. --network test");
        }
    }

    /// `format.json`.
    public Path format() {
        return root.resolve("format.json");
    }

    /// `settings.json`.
    public Path settings() {
        return root.resolve("settings.json");
    }

    /// `genesis.cbor`.
    public Path genesis() {
        return root.resolve("genesis.cbor");
    }

    /// `network.json`.
    public Path networkFile() {
        return root.resolve("network.json");
    }

    /// `canisters.json`.
    public Path canisters() {
        return root.resolve("canisters.json");
    }

    /// `lock`.
    public Path lock() {
        return root.resolve("lock");
    }

    /// `supervisor.json`.
    public Path supervisor() {
        return root.resolve("supervisor.json");
    }

    /// `supervisor.log`.
    public Path supervisorLog() {
        return root.resolve("supervisor.log");
    }

    /// `nodes`.
    public Path nodes() {
        return root.resolve("nodes");
    }

    /// `nodes/NAME`.
    public Path node(String node) {
        return nodes().resolve(node);
    }

    /// `nodes/NAME/node.json`.
    public Path nodeConfig(String node) {
        return node(node).resolve("node.json");
    }

    /// `nodes/NAME/keys`.
    public Path keys(String node) {
        return node(node).resolve("keys");
    }

    /// `nodes/NAME/log/replica.log`: the node's own log.
    public Path nodeLog(String node) {
        return node(node).resolve("log/replica.log");
    }

    /// `nodes/NAME/log/canisters.log`: what canisters print.
    public Path canisterLog(String node) {
        return node(node).resolve("log/canisters.log");
    }

    /// `nodes/NAME/log/console.log`: what the node's JVM prints.
    public Path nodeConsole(String node) {
        return node(node).resolve("log/console.log");
    }

    /// Whether a whole network is here: creation writes the settings last.
    public boolean exists() {
        return Files.exists(settings());
    }

    /// Whether this is the directory of a network, whole or begun, of any version.
    public boolean isNetwork() {
        return Files.exists(format());
    }

    /// Ends with a sentence unless this directory may hold a network of this version: it is one,
    /// holds nothing, or isn't there.
    public void checkFormat() {
        if (Files.exists(format())) {
            checkVersion();
            return;
        }
        List<Path> found = entries();
        // The lock is taken before anything is written.
        if (!found.isEmpty() && !found.equals(List.of(lock()))) {
            throw new Failure(
                    Problem.FOLDER_IN_USE,
                    root + " is not empty and holds no network",
                    "Name another directory, or empty this one yourself");
        }
    }

    /// Ends with a sentence unless a whole network is here.
    public void checkExists() {
        checkFormat();
        if (!exists()) {
            throw new Failure(
                    Problem.NO_NETWORK,
                    "There is no network \"" + name + "\" in " + root,
                    Similar.question(name, siblings()) + "To make it: ic start");
        }
    }

    /// Other networks in the same place.
    private List<String> siblings() {
        Path place = root.getParent();
        return place == null ? List.of() : names(place);
    }

    /// The networks in a folder, by name.
    public static List<NetworkDirectory> in(Path networks) {
        return names(networks).stream()
                .map(name -> new NetworkDirectory(networks.resolve(name), name))
                .toList();
    }

    /// Names of the networks in a folder, in order.
    public static List<String> names(Path networks) {
        if (!Files.isDirectory(networks)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(networks)) {
            return entries.filter(e -> Files.exists(e.resolve("format.json")))
                    .map(e -> e.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    private void checkVersion() {
        int version;
        try {
            JsonNode found = Json.parse(Files.readString(format()));
            version = found.path("format").asInt(0);
        } catch (JacksonException | IOException e) {
            version = 0;
        }
        if (version > FORMAT) {
            throw new Failure(
                    Problem.NEWER_FORMAT,
                    root
                            + " was written by a newer version (format "
                            + version
                            + ", this one knows "
                            + FORMAT
                            + ")",
                    "Use that version, or name another directory");
        }
        if (version < 1) {
            throw new Failure(
                    Problem.FILE_DAMAGED,
                    format() + " can't be read",
                    "Restore it, or remove the directory and start a new network");
        }
    }

    private List<Path> entries() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }
}
