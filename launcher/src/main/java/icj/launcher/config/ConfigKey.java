package icj.launcher.config;

import icj.launcher.identity.IdentityStore;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.Settings;

import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.function.Consumer;

/// What can be set for more than one command line: a key of `ic.yaml` and of `config.yaml`, a
/// variable of the environment, and a flag.
public enum ConfigKey {
    NETWORK(
            "--network",
            NetworkDirectory.DEFAULT_NAME,
            "The network that commands mean when they name none.",
            schema ->
                    schema.put("type", "string")
                            .put("pattern", "^" + NetworkDirectory.NAMES + "$")),
    IDENTITY(
            "--identity",
            IdentityStore.DEFAULT,
            "Who calls canisters: a name, \"anonymous\", or the path of a PEM file, relative to the"
                    + " file that says so.",
            ConfigKey::text),
    NODES(
            "ic start --nodes",
            Integer.toString(Settings.NODES_DEFAULT),
            "Nodes of the application subnet of a new network.",
            schema -> nodes(schema, 1)),
    NNS_NODES(
            "ic start --nns-nodes",
            Integer.toString(Settings.NNS_NODES_DEFAULT),
            "Nodes of the NNS subnet of a new network.",
            schema -> nodes(schema, 0)),
    PORT(
            "ic start --port",
            Settings.PORT_DEFAULT,
            "The first port of a new network, or \"auto\" for free ones.",
            ConfigKey::port),
    BIND(
            "ic start --bind",
            Settings.BIND_DEFAULT,
            "Where the nodes of a new network serve clients.",
            ConfigKey::text);

    private final String flag;
    private final String fallback;
    private final String meaning;
    private final Consumer<ObjectNode> values;

    ConfigKey(String flag, String fallback, String meaning, Consumer<ObjectNode> values) {
        this.flag = flag;
        this.fallback = fallback;
        this.meaning = meaning;
        this.values = values;
    }

    /// Its name in files: `nns-nodes`.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The variable: `IC_NNS_NODES`.
    public String variable() {
        return "IC_" + name();
    }

    /// The flag that means the same and wins.
    public String flag() {
        return flag;
    }

    /// What holds when nobody says anything.
    public String fallback() {
        return fallback;
    }

    /// What it is for, a sentence.
    public String meaning() {
        return meaning;
    }

    /// Adds what an editor may know of its values, in the words of JSON Schema.
    void describe(ObjectNode schema) {
        values.accept(schema);
    }

    private static void text(ObjectNode schema) {
        schema.put("type", "string").put("minLength", 1);
    }

    private static void nodes(ObjectNode schema, int least) {
        schema.put("type", "integer").put("minimum", least).put("maximum", Settings.NODES_MAX);
    }

    private static void port(ObjectNode schema) {
        schema.putArray("type").add("integer").add("string");
        schema.put("pattern", "^(auto|[0-9]{1,5})$");
    }
}
