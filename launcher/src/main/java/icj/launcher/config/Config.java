package icj.launcher.config;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.Settings;
import icj.launcher.text.FileFailures;
import icj.launcher.text.Similar;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What holds where a command line says nothing. A variable of the environment wins over the
/// project's `ic.yaml`, this over the user's `config.yaml`, this over the default:
///
/// ```
/// network: shop      # commands in this project mean this network
/// identity: keys/alice.pem
/// nodes: 7
/// port: auto
/// ```
public final class Config {
    /// The file of a project.
    public static final String PROJECT_FILE = "ic.yaml";

    /// A file has a handful of lines; a longer one is something else.
    private static final int FILE_BYTES_MAX = 65_536;

    private static final String REMEDY =
            "Its keys are "
                    + String.join(", ", keys())
                    + "; see: ic config show --origin, ic config schema";

    /// Who says what a value is.
    public enum Origin {
        ENVIRONMENT,
        PROJECT,
        USER,
        DEFAULT;

        /// As in `--json`.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param text the value
    /// @param origin who says so
    /// @param place the variable or the file; empty for the default
    public record Value(String text, Origin origin, String place) {}

    private final Map<ConfigKey, Value> values = new EnumMap<>(ConfigKey.class);
    private final @Nullable Path projectFile;
    private final Path userFile;

    private Config(@Nullable Path projectFile, Path userFile) {
        this.projectFile = projectFile;
        this.userFile = userFile;
    }

    /// Reads all that is there.
    ///
    /// @param environment variables
    /// @param folder the working directory: the project's file is looked for in it and above it
    public static Config of(Map<String, String> environment, Path folder, Locations locations) {
        Path project = find(folder.toAbsolutePath().normalize());
        Config config = new Config(project, locations.userConfig());
        for (ConfigKey key : ConfigKey.values()) {
            config.values.put(key, new Value(key.fallback(), Origin.DEFAULT, ""));
        }
        if (Files.exists(config.userFile)) {
            config.read(config.userFile, Origin.USER);
        }
        if (project != null) {
            config.read(project, Origin.PROJECT);
        }
        for (ConfigKey key : ConfigKey.values()) {
            String text = environment.getOrDefault(key.variable(), "");
            if (!text.isEmpty()) {
                config.put(key, new Value(text, Origin.ENVIRONMENT, key.variable()));
            }
        }
        return config;
    }

    /// What holds.
    public Value value(ConfigKey key) {
        Value value = values.get(key);
        if (value == null) {
            throw new IllegalStateException("Each key has a default");
        }
        return value;
    }

    /// What holds, as text.
    public String text(ConfigKey key) {
        return value(key).text();
    }

    /// What is said of a new network, defaults apart.
    public Settings.Request request() {
        return request(values);
    }

    /// The project's file; null where there is none.
    public @Nullable Path projectFile() {
        return projectFile;
    }

    /// The user's file, which need not exist.
    public Path userFile() {
        return userFile;
    }

    /// The JSON Schema of both files, for editors.
    public static ObjectNode schema() {
        ObjectNode schema = Json.object();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "ic.yaml");
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        for (ConfigKey key : ConfigKey.values()) {
            ObjectNode property = properties.putObject(key.key());
            property.put("description", key.meaning());
            key.describe(property);
            property.put("default", key.fallback());
        }
        return schema;
    }

    /// The nearest file, as far up as folders belong to the owner of the first one: above a folder
    /// of somebody else, as in `/tmp`, anybody could have written it.
    private static @Nullable Path find(Path folder) {
        Object owner = owner(folder);
        for (Path at = folder; at != null && owner.equals(owner(at)); at = at.getParent()) {
            Path file = at.resolve(PROJECT_FILE);
            if (Files.exists(file) && owner.equals(owner(file))) {
                return file;
            }
        }
        return null;
    }

    private static Object owner(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private void read(Path file, Origin origin) {
        for (Map.Entry<String, JsonNode> entry : content(file).properties()) {
            String name = entry.getKey();
            ConfigKey key =
                    Arrays.stream(ConfigKey.values())
                            .filter(k -> k.key().equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    wrong(
                                            file.toString(),
                                            "the key \"" + name + "\" is unknown",
                                            Similar.question(name, keys())));
            JsonNode node = entry.getValue();
            if (!node.isValueNode() || node.isNull() || node.asString().isBlank()) {
                throw wrong(file.toString(), "\"" + name + "\" needs one value", "");
            }
            String text = node.asString();
            if (key == ConfigKey.IDENTITY && text.contains("/")) {
                text = file.resolveSibling(text).normalize().toString();
            }
            put(key, new Value(text, origin, file.toString()));
        }
    }

    private static JsonNode content(Path file) {
        JsonNode root;
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw wrong(file.toString(), "it is longer than " + FILE_BYTES_MAX + " bytes", "");
            }
            root =
                    YAMLMapper.builder()
                            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                            .build()
                            .readTree(Files.readString(file));
        } catch (IOException e) {
            throw FileFailures.of(e);
        } catch (JacksonException e) {
            throw wrong(
                    file.toString(),
                    "it is no YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""),
                    "");
        }
        if (root.isMissingNode() || root.isNull()) {
            return Json.object();
        }
        if (!root.isObject()) {
            throw wrong(file.toString(), "it is not a list of keys and values", "");
        }
        return root;
    }

    /// Takes a value that is in its range.
    private void put(ConfigKey key, Value value) {
        Map<ConfigKey, Value> alone = new EnumMap<>(ConfigKey.class);
        alone.put(key, value);
        try {
            switch (key) {
                case NETWORK -> NetworkDirectory.checkName(value.text());
                case IDENTITY -> {
                    // Read when somebody signs: not every command needs it.
                }
                case NODES, NNS_NODES, PORT, BIND -> request(alone);
            }
        } catch (NumberFormatException e) {
            throw wrong(
                    value.place(), key.key() + " is a number, not \"" + value.text() + "\"", "");
        } catch (Failure e) {
            throw wrong(value.place(), e.cause(), "");
        }
        values.put(key, value);
    }

    private static Settings.Request request(Map<ConfigKey, Value> values) {
        return new Settings.Request(
                number(values, ConfigKey.NODES),
                number(values, ConfigKey.NNS_NODES),
                said(values, ConfigKey.BIND),
                said(values, ConfigKey.PORT));
    }

    private static @Nullable Integer number(Map<ConfigKey, Value> values, ConfigKey key) {
        String text = said(values, key);
        return text == null ? null : Integer.valueOf(text);
    }

    private static @Nullable String said(Map<ConfigKey, Value> values, ConfigKey key) {
        Value value = values.get(key);
        return value == null || value.origin() == Origin.DEFAULT ? null : value.text();
    }

    private static List<String> keys() {
        return Arrays.stream(ConfigKey.values()).map(ConfigKey::key).toList();
    }

    private static Failure wrong(String place, String reason, String question) {
        return new Failure(Problem.CONFIG, place + " can't be used: " + reason, question + REMEDY);
    }
}
