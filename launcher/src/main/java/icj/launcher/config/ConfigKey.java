package icj.launcher.config;

import icj.launcher.identity.IdentityStore;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.Settings;

import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/// What can be set for more than one command line: a key of `ic.yaml` and of `config.yaml`, a
/// variable of the environment, and a flag.
public enum ConfigKey {
    NETWORK(
            "--network",
            NetworkDirectory.DEFAULT_NAME,
            "The network that commands mean when they name none.") {
        @Override
        void describe(ObjectNode schema) {
            schema.put("type", "string").put("pattern", "^" + NetworkDirectory.NAMES + "$");
        }
    },
    IDENTITY(
            "--identity",
            IdentityStore.DEFAULT,
            "Who calls canisters: a name, \"anonymous\", or the path of a PEM file, relative to the"
                    + " file that says so.") {
        @Override
        void describe(ObjectNode schema) {
            schema.put("type", "string").put("minLength", 1);
        }
    },
    NODES(
            "ic start --nodes",
            Integer.toString(Settings.NODES_DEFAULT),
            "Nodes of the application subnet of a new network.") {
        @Override
        void describe(ObjectNode schema) {
            schema.put("type", "integer").put("minimum", 1).put("maximum", Settings.NODES_MAX);
        }
    },
    NNS_NODES(
            "ic start --nns-nodes",
            Integer.toString(Settings.NNS_NODES_DEFAULT),
            "Nodes of the NNS subnet of a new network.") {
        @Override
        void describe(ObjectNode schema) {
            schema.put("type", "integer").put("minimum", 0).put("maximum", Settings.NODES_MAX);
        }
    },
    PORT(
            "ic start --port",
            Settings.PORT_DEFAULT,
            "The first port of a new network, or \"auto\" for free ones.") {
        @Override
        void describe(ObjectNode schema) {
            schema.putArray("type").add("integer").add("string");
            schema.put("pattern", "^(auto|[0-9]{1,5})$");
        }
    },
    BIND(
            "ic start --bind",
            Settings.BIND_DEFAULT,
            "Where the nodes of a new network serve clients.") {
        @Override
        void describe(ObjectNode schema) {
            schema.put("type", "string").put("minLength", 1);
        }
    };

    private final String flag;
    private final String fallback;
    private final String meaning;

    ConfigKey(String flag, String fallback, String meaning) {
        this.flag = flag;
        this.fallback = fallback;
        this.meaning = meaning;
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
    abstract void describe(ObjectNode schema);
}
