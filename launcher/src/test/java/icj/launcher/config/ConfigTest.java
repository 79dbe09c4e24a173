package icj.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;
import icj.launcher.network.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Who wins, and what is told of files that can't be used.
final class ConfigTest {
    @TempDir Path root;

    @Test
    void aVariableWinsOverTheProjectAndThisOverTheUser() throws Exception {
        user("network: from-user\nnodes: 7\nport: auto\n");
        project("network: from-project\nnodes: 3\n");
        Config config = config(Map.of("IC_NETWORK", "from-variable", "IC_PORT", ""));
        assertEquals(
                new Config.Value("from-variable", Config.Origin.ENVIRONMENT, "IC_NETWORK"),
                config.value(ConfigKey.NETWORK));
        assertEquals(
                new Config.Value("3", Config.Origin.PROJECT, root.resolve("p/ic.yaml").toString()),
                config.value(ConfigKey.NODES));
        assertEquals(Config.Origin.USER, config.value(ConfigKey.PORT).origin());
        assertEquals(
                new Config.Value("1", Config.Origin.DEFAULT, ""),
                config.value(ConfigKey.NNS_NODES));
        assertEquals(new Settings.Request(3, null, null, "auto"), config.request());
    }

    @Test
    void withoutFilesAndVariablesTheDefaultsHold() {
        Config config = Config.of(Map.of(), root, locations());
        for (ConfigKey key : ConfigKey.values()) {
            assertEquals(key.fallback(), config.text(key));
        }
        assertNull(config.projectFile());
        assertEquals(Settings.Request.NONE, config.request());
    }

    @Test
    void theProjectIsLookedForAboveTheWorkingFolder() throws Exception {
        project("network: shop\n");
        Path below = Files.createDirectories(root.resolve("p/src/deep"));
        assertEquals("shop", Config.of(Map.of(), below, locations()).text(ConfigKey.NETWORK));
        Files.writeString(root.resolve("p/src/ic.yaml"), "network: nearer\n");
        assertEquals("nearer", Config.of(Map.of(), below, locations()).text(ConfigKey.NETWORK));
    }

    @Test
    void aKeyFileIsNamedRelativeToTheFileThatSaysSo() throws Exception {
        project("identity: keys/alice.pem\n");
        assertEquals(
                root.resolve("p/keys/alice.pem").toString(),
                config(Map.of()).text(ConfigKey.IDENTITY));
        project("identity: alice\n");
        assertEquals("alice", config(Map.of()).text(ConfigKey.IDENTITY));
    }

    @Test
    void anEmptyFileSaysNothing() throws Exception {
        project("# nothing yet\n");
        assertEquals("local", config(Map.of()).text(ConfigKey.NETWORK));
        project("");
        assertEquals("local", config(Map.of()).text(ConfigKey.NETWORK));
    }

    @Test
    void whatIsWrongIsNamedWithItsFile() throws Exception {
        for (String[] row :
                new String[][] {
                    {"nodez: 4", "the key \"nodez\" is unknown"},
                    {"nodes: four", "nodes is a number, not \"four\""},
                    {"nodes: 0", "--nodes is 1 to 40, not 0"},
                    {"port: 70000", "--port is 1 to 65535 or \"auto\", not \"70000\""},
                    {"network: A B", "\"A B\" can't be the name of a network"},
                    {"network:", "\"network\" needs one value"},
                    {"network: [a]", "\"network\" needs one value"},
                    {"- network", "it is not a list of keys and values"},
                    {"network: 'x", "it is no YAML"},
                    {"#".repeat(65_537), "it is longer than 65536 bytes"},
                }) {
            project(row[0]);
            Failure failure = assertThrows(Failure.class, () -> config(Map.of()), row[0]);
            assertEquals(Problem.CONFIG, failure.problem());
            String file = root.resolve("p/ic.yaml").toString();
            String told = file + " can't be used: " + row[1];
            assertTrue(failure.cause().startsWith(told), failure.cause());
            assertTrue(failure.fix().contains("nns-nodes"), failure.fix());
        }
    }

    @Test
    void aKeySaidTwiceIsRefused() throws Exception {
        project("nodes: 4\nnodes: 5\n");
        assertEquals(Problem.CONFIG, assertThrows(Failure.class, () -> config(Map.of())).problem());
    }

    @Test
    void aVariableThatIsWrongIsNamed() throws Exception {
        project("");
        Failure failure = assertThrows(Failure.class, () -> config(Map.of("IC_NNS_NODES", "many")));
        assertEquals(
                "IC_NNS_NODES can't be used: nns-nodes is a number, not \"many\"", failure.cause());
    }

    @Test
    void theSchemaKnowsEachKey() {
        JsonNode schema = Config.schema();
        assertEquals(ConfigKey.values().length, schema.get("properties").size());
        assertEquals(40, schema.at("/properties/nodes/maximum").asInt());
        for (ConfigKey key : ConfigKey.values()) {
            JsonNode property = schema.get("properties").get(key.key());
            assertEquals(key.meaning(), property.get("description").asString());
            assertTrue(property.has("type"), key.key());
        }
    }

    private Config config(Map<String, String> environment) {
        return Config.of(environment, root.resolve("p"), locations());
    }

    private Locations locations() {
        return Locations.of(Map.of(), root.resolve("home"));
    }

    private void project(String text) throws Exception {
        Files.createDirectories(root.resolve("p"));
        Files.writeString(root.resolve("p/ic.yaml"), text);
    }

    private void user(String text) throws Exception {
        Files.createDirectories(locations().userConfig().getParent());
        Files.writeString(locations().userConfig(), text);
    }
}
