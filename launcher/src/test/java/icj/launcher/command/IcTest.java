package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.network.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class IcTest {
    @TempDir Path root;

    private String out = "";
    private String err = "";

    @Test
    void aCommandLineThatCannotBeReadIsExitCodeTwo() {
        for (List<String> line :
                List.of(
                        List.of("no-such-command"),
                        List.of("start", "--no-such-option"),
                        List.of("start", "--nodes", "four"),
                        List.of("start", "--nodes", "0", "--state-dir", root.toString()),
                        List.of("start", "--port", "x", "--state-dir", root.toString()),
                        List.of("status", "--state-dir", root.toString(), "--network", "local"),
                        List.of("status", "--network", "A B"),
                        List.of("call", "only-a-canister"),
                        List.of("deploy"),
                        List.of("deploy", "x.wasm", "--mode", "other"),
                        List.of("node"),
                        List.of("identity"),
                        List.of("canister"))) {
            assertEquals(2, ic(line.toArray(String[]::new)), line + err);
        }
        assertEquals(2, ic());
        assertTrue(out.contains("ic start --background"), out);
    }

    /// For programs there is no help among the data.
    @Test
    void aGroupWithoutACommandIsAnErrorForPrograms() {
        assertEquals(2, ic("canister", "--json"));
        JsonNode error = Json.parse(out);
        assertEquals("command-line", error.get("code").asString());
        assertEquals("ic canister needs a command", error.get("error").asString());
        assertEquals(2, ic("--json"));
        assertEquals("ic needs a command", Json.parse(out).get("error").asString());
    }

    @Test
    void numbersBelowZeroAreRefused() {
        String directory = root.resolve("none").toString();
        assertEquals(2, ic("logs", "--lines=-1", "--state-dir", directory));
        assertEquals(2, ic("start", "--timeout=-1", "--state-dir", directory));
        assertFalse(Files.exists(root.resolve("none")));
    }

    /// A stream stays one of lines when it ends with an error.
    @Test
    void anErrorOfAStreamIsALine() {
        assertEquals(3, ic("logs", "--json", "--state-dir", root.resolve("none").toString()));
        assertEquals(1, out.lines().count(), out);
    }

    @Test
    void errorsSayCauseAndWhatToDo() {
        String directory = root.resolve("none").toString();
        assertEquals(3, ic("status", "--state-dir", directory));
        assertEquals("", out);
        assertEquals(
                "error: There is no network \"none\" in "
                        + directory
                        + "\n  To make it: ic start --state-dir "
                        + directory
                        + "\n",
                err);
        assertFalse(Files.exists(root.resolve("none")), "asking makes nothing");
    }

    @Test
    void withJsonErrorsAreOneObject() {
        assertEquals(3, ic("stop", "--json", "--state-dir", root.resolve("none").toString()));
        assertEquals("", err);
        JsonNode object = Json.parse(out);
        assertEquals(3, object.get("exit").asInt());
        assertEquals("no-network", object.get("code").asString());
        assertEquals(
                "To make it: ic start --state-dir " + root.resolve("none"),
                object.get("fix").asString());
        assertEquals(2, ic("no-such-command", "--json"));
        assertEquals(2, Json.parse(out).get("exit").asInt());
    }

    /// For grep and awk: a line for each value, and nothing for people among them.
    @Test
    void withPlainEachValueIsALine() {
        assertEquals(0, ic("config", "show", "--plain"));
        assertTrue(out.lines().anyMatch("values.2.key\tnodes"::equals), out);
        assertTrue(out.lines().allMatch(line -> line.contains("\t")), out);
        assertEquals(0, ic("completion", "bash", "--plain"));
        assertEquals(2, out.lines().count(), out);
        assertTrue(out.startsWith("shell\tbash\nscript\t# Completion"), out);
        assertEquals(2, ic("canister", "--plain"));
        assertEquals("", out);
        assertEquals("error: ic canister needs a command\n  See: ic canister --help\n", err);
    }

    /// Where an error is from, also one that has a sentence of its own.
    @Test
    void debugPrintsTheWayOfAnError() {
        String directory = root.resolve("none").toString();
        assertEquals(3, ic("status", "--state-dir", directory, "--debug"));
        assertTrue(err.contains("at icj.launcher.network.NetworkDirectory.checkExists"), err);
        assertEquals(3, ic("status", "--state-dir", directory, "-v"));
        assertFalse(err.contains(" at "), err);
    }

    @Test
    void pruneTakesNoName() {
        assertEquals(2, ic("network", "prune", "--yes", "--network", "x"));
        assertTrue(err.contains("ic network rm NAME"), err);
    }

    @Test
    void optionsOfAllCommandsStandBeforeOrAfterThem() {
        String directory = root.resolve("none").toString();
        assertEquals(3, ic("--state-dir", directory, "--json", "wait"));
        assertEquals(3, Json.parse(out).get("exit").asInt());
    }

    @Test
    void aNewerDirectoryIsExitCodeSixForEveryCommand() throws Exception {
        Files.writeString(root.resolve("format.json"), "{\"format\":99}");
        for (List<String> command :
                List.of(
                        List.of("start"),
                        List.of("stop"),
                        List.of("status"),
                        List.of("wait"),
                        List.of("logs"),
                        List.of("deploy", "x.wasm"),
                        List.of("call", "x", "y"),
                        List.of("canister", "list"),
                        List.of("node", "kill", "1"))) {
            String[] line = new String[command.size() + 2];
            command.toArray(line);
            line[command.size()] = "--state-dir";
            line[command.size() + 1] = root.toString();
            assertEquals(6, ic(line), command + err);
        }
    }

    @Test
    void aDirectoryWithOtherThingsIsAConflict() throws Exception {
        Files.writeString(root.resolve("thesis.tex"), "x");
        assertEquals(5, ic("start", "--state-dir", root.toString()));
        assertTrue(err.contains("is not empty and holds no network"), err);
        assertEquals("x", Files.readString(root.resolve("thesis.tex")));
    }

    @Test
    void aTakenPortIsAConflictAndMakesNothing() throws Exception {
        Path directory = root.resolve("n");
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(holder.getLocalPort());
            assertEquals(
                    5,
                    ic(
                            "start",
                            "--nodes",
                            "1",
                            "--nns-nodes",
                            "0",
                            "--port",
                            port,
                            "--background",
                            "--state-dir",
                            directory.toString()));
            assertTrue(err.contains("Port " + port + " is taken by "), err);
            assertTrue(err.contains("--port auto"), err);
        }
        assertFalse(Files.exists(directory.resolve("settings.json")));
        assertFalse(Files.exists(directory.resolve("nodes")));
    }

    @Test
    void versionAndHelpAreThere() {
        assertEquals(0, ic("version"));
        assertTrue(out.startsWith("ic "), out);
        assertEquals(0, ic("--version"));
        assertEquals(0, ic("start", "--help"));
        assertTrue(out.contains("--nns-nodes"), out);
        assertEquals(2, ic("bench"));
        assertTrue(err.contains("NAME"), err);
    }

    private int ic(String... arguments) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int code =
                Ic.run(
                        new PrintStream(stdout, true, StandardCharsets.UTF_8),
                        new PrintStream(stderr, true, StandardCharsets.UTF_8),
                        arguments);
        out = stdout.toString(StandardCharsets.UTF_8);
        err = stderr.toString(StandardCharsets.UTF_8);
        return code;
    }
}
