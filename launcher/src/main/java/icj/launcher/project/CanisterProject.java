package icj.launcher.project;

import icj.launcher.Failure;
import icj.launcher.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What `ic deploy` is given: a module, or a folder with a `canister.yaml`:
///
/// ```
/// name: counter            # wanted
/// wasm: build/counter.wasm # wanted, relative to the folder
/// build: [make, counter]   # run in the folder when a source is newer than the module
/// did: counter.did         # the interface, for arguments
/// init: '(5)'              # arguments of the installation
/// ```
///
/// @param name under which the network remembers the canister
/// @param folder of the sources, where `build` runs
/// @param wasm the module
/// @param build the command; empty when there is nothing to build
/// @param did the interface
/// @param init arguments of the installation
public record CanisterProject(
        String name,
        Path folder,
        Path wasm,
        List<String> build,
        @Nullable Path did,
        @Nullable String init) {
    /// The file that describes a folder.
    public static final String FILE = "canister.yaml";

    private static final Set<String> KEYS =
            new TreeSet<>(List.of("name", "wasm", "build", "did", "init"));

    public CanisterProject {
        build = List.copyOf(build);
    }

    /// The project in a folder, or that of a module alone.
    public static CanisterProject of(Path target) {
        if (Files.isDirectory(target)) {
            return folder(target);
        }
        String file = String.valueOf(target.getFileName());
        if (!Files.isRegularFile(target)) {
            throw new Failure(
                    Problem.NO_SUCH_MODULE,
                    "There is no file or folder " + target,
                    "Give a module (.wasm, .wasm.gz) or a folder with a " + FILE);
        }
        String stem = file.replaceFirst("\\.gz$", "").replaceFirst("\\.wasm$", "");
        if (stem.equals(file)) {
            throw new Failure(
                    Problem.NO_SUCH_MODULE,
                    target + " is no module by its name",
                    "Give a file that ends in .wasm or .wasm.gz, or a folder with a " + FILE);
        }
        Path parent = target.toAbsolutePath().getParent();
        return new CanisterProject(
                stem, parent == null ? target : parent, target, List.of(), null, null);
    }

    private static CanisterProject folder(Path folder) {
        Path file = folder.resolve(FILE);
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new Failure(
                    Problem.CANISTER_YAML,
                    folder + " holds no " + FILE,
                    "Write one, at least: \"name: NAME\" and \"wasm: FILE\"");
        } catch (JacksonException e) {
            throw wrong(file, "it is no YAML: " + e.getOriginalMessage());
        }
        if (!root.isObject()) {
            throw wrong(file, "it is not a list of keys and values");
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!KEYS.contains(entry.getKey())) {
                throw wrong(
                        file,
                        "the key \""
                                + entry.getKey()
                                + "\" is unknown; known are "
                                + String.join(", ", KEYS));
            }
        }
        String did = optional(file, root, "did");
        return new CanisterProject(
                required(file, root, "name"),
                folder,
                folder.resolve(required(file, root, "wasm")),
                command(file, root),
                did == null ? null : folder.resolve(did),
                optional(file, root, "init"));
    }

    private static List<String> command(Path file, JsonNode root) {
        JsonNode build = root.get("build");
        List<String> command = new ArrayList<>();
        if (build == null) {
            return command;
        }
        if (!build.isArray() || build.isEmpty()) {
            throw wrong(file, "\"build\" is a list of arguments, as [make, counter]");
        }
        for (JsonNode argument : build) {
            if (!argument.isValueNode() || argument.isNull()) {
                throw wrong(file, "an argument of \"build\" is not a text");
            }
            command.add(argument.asString());
        }
        return command;
    }

    private static String required(Path file, JsonNode root, String key) {
        String value = optional(file, root, key);
        if (value == null || value.isBlank()) {
            throw wrong(file, "\"" + key + "\" is missing");
        }
        return value;
    }

    private static @Nullable String optional(Path file, JsonNode root, String key) {
        JsonNode value = root.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isValueNode() || value.isNull()) {
            throw wrong(file, "\"" + key + "\" is not a text");
        }
        return value.asString();
    }

    private static Failure wrong(Path file, String reason) {
        return new Failure(
                Problem.CANISTER_YAML,
                file + " can't be used: " + reason,
                "Its keys are name, wasm, and if wanted build, did, init");
    }
}
