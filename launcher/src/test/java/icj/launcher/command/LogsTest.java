package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.Settings;
import icj.launcher.supervise.FakeNetwork;
import icj.launcher.supervise.ProcessMark;
import icj.launcher.supervise.SupervisorFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// `ic logs` and `ic export logs` on files as nodes write them.
final class LogsTest {
    private static final String CANISTER = "5v3p4-iyaaa-aaaaa-qaaaa-cai";

    @TempDir Path root;

    private NetworkDirectory network;
    private String out = "";

    @BeforeEach
    void logsOfTwoNodes() throws Exception {
        Files.createDirectories(root.resolve("n"));
        network = FakeNetwork.create(root.resolve("n"), 2, 0);
        NetworkFile.of(
                        network,
                        Settings.read(network.settings()),
                        Supervision.registry(network),
                        null,
                        new TreeMap<>())
                .write(network.networkFile());
        Files.writeString(network.canisters(), "{\"counter\" : \"" + CANISTER + "\"}");
        for (String node : List.of("1", "2")) {
            Files.createDirectories(network.nodeLog(node).getParent());
            Files.writeString(
                    network.canisterLog(node),
                    "2026-11-22T10:00:02.500Z INFO  "
                            + node
                            + " ["
                            + CANISTER
                            + "] hello\n"
                            + "2026-11-22T10:00:04.500Z WARN  "
                            + node
                            + " ["
                            + CANISTER
                            + "] [TRAP]: out of cycles\n");
        }
        Files.writeString(
                network.nodeLog("1"),
                "2026-11-22T10:00:01.000Z INFO  1 [main] icj.replica.Replica - Node 1 runs\n"
                        + "2026-11-22T10:00:03.000Z ERROR 1 [execution] i.r.X - It failed\n"
                        + "java.lang.IllegalStateException: because\n"
                        + "\tat icj.replica.X.run(X.java:1)\n");
        Files.writeString(
                network.nodeLog("2"),
                "2026-11-22T10:00:02.000Z INFO  2 [main] icj.replica.Replica - Node 2 runs\n");
    }

    @Test
    void linesOfAllComeInTheOrderOfTimeAndCanistersOnce() {
        assertEquals(0, ic("logs"));
        assertEquals(
                List.of(
                        "[1] 2026-11-22T10:00:01.000Z INFO  1 [main] icj.replica.Replica - Node 1"
                                + " runs",
                        "[2] 2026-11-22T10:00:02.000Z INFO  2 [main] icj.replica.Replica - Node 2"
                                + " runs",
                        "[1] 2026-11-22T10:00:02.500Z INFO  1 [" + CANISTER + "] hello",
                        "[1] 2026-11-22T10:00:03.000Z ERROR 1 [execution] i.r.X - It failed",
                        "[1] java.lang.IllegalStateException: because",
                        "[1] \tat icj.replica.X.run(X.java:1)",
                        "[1] 2026-11-22T10:00:04.500Z WARN  1 ["
                                + CANISTER
                                + "] [TRAP]: out of cycles"),
                out.lines().toList());
        assertEquals(0, ic("logs", "-n", "2"));
        assertEquals(2, out.lines().count(), out);
    }

    @Test
    void aLevelMeansItselfAndAllAbove() {
        assertEquals(0, ic("logs", "--level", "error"));
        assertEquals(3, out.lines().count(), "with its stack trace: " + out);
        assertEquals(0, ic("logs", "--level", "warn"));
        assertTrue(out.contains("out of cycles") && out.contains("It failed"), out);
        assertFalse(out.contains("hello"), out);
        assertEquals(2, ic("logs", "--level", "loud"));
    }

    @Test
    void oneCanisterByNameOrId() {
        for (String name : List.of("counter", CANISTER)) {
            assertEquals(0, ic("logs", "--canister", name));
            assertEquals(2, out.lines().count(), out);
        }
        assertEquals(0, ic("logs", "--canister", "counter", "--node", "2"));
        assertTrue(out.startsWith("2026-11-22T10:00:02.500Z INFO  2"), out);
        assertEquals(0, ic("logs", "--canister", "aaaaa-aa"));
        assertEquals("", out);
    }

    @Test
    void forProgramsEachLineIsAnObject() {
        assertEquals(0, ic("logs", "--json", "--level", "warn"));
        List<JsonNode> lines = new ArrayList<>();
        out.lines().forEach(line -> lines.add(Json.parse(line)));
        assertEquals(4, lines.size());
        assertEquals("error", lines.getFirst().get("level").asString());
        assertEquals(CANISTER, lines.getLast().get("canister").asString());
        assertEquals("2026-11-22T10:00:04.500Z", lines.getLast().get("time").asString());
        lines.forEach(line -> SchemaCheck.check("logs", line));
    }

    @Test
    void aFollowedFileThatBeginsAnewIsReadFromItsBeginning() throws IOException {
        Path file = root.resolve("x.log");
        LogFollower follower = new LogFollower("1", file);
        assertEquals(List.of(), follower.tail());
        Files.writeString(file, "one\ntwo\nthr");
        assertEquals(List.of("one", "two"), texts(follower.more()), "whole lines only");
        Files.writeString(file, "ee\n", StandardOpenOption.APPEND);
        assertEquals(List.of("three"), texts(follower.more()));
        Files.writeString(file, "new\n");
        assertEquals(List.of("new"), texts(follower.more()));
        assertEquals(List.of(), follower.more());
    }

    @Test
    void theExportHoldsNoSecrets() throws Exception {
        new SupervisorFile(
                        SupervisorFile.VERSION,
                        ProcessMark.of(ProcessHandle.current()),
                        1,
                        "token-of-the-supervisor",
                        List.of())
                .write(network);
        List<String> secrets = new ArrayList<>(List.of("token-of-the-supervisor"));
        for (String node : List.of("1", "2")) {
            try (Stream<Path> keys = Files.list(network.keys(node))) {
                for (Path key : keys.filter(k -> !k.toString().endsWith(".crt")).toList()) {
                    Files.readString(key)
                            .lines()
                            .filter(line -> line.length() > 20 && !line.startsWith("-----"))
                            .forEach(secrets::add);
                }
            }
        }
        assertTrue(secrets.size() >= 9, secrets.size() + " secrets of two nodes");
        Path zip = root.resolve("report.zip");
        assertEquals(0, ic("export", "logs", "--output", zip.toString(), "--json"));
        SchemaCheck.check("export-logs", Json.parse(out));
        List<String> entries = new ArrayList<>();
        try (ZipFile packed = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : packed.stream().map(ZipEntry.class::cast).toList()) {
                entries.add(entry.getName());
                try (InputStream in = packed.getInputStream(entry)) {
                    String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                    for (String secret : secrets) {
                        assertFalse(text.contains(secret), "a secret in " + entry.getName());
                    }
                }
            }
        }
        assertTrue(entries.contains("nodes/1/log/canisters.log"), entries.toString());
        assertTrue(entries.contains("doctor.txt"), entries.toString());
        assertFalse(entries.stream().anyMatch(e -> e.contains("key")), entries.toString());
        assertFalse(entries.contains("supervisor.json"), entries.toString());
        assertEquals(5, ic("export", "logs", "--output", zip.toString()));
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }

    private int ic(String... arguments) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--state-dir", network.root().toString()));
        int code =
                Ic.run(
                        new PrintStream(stdout, true, StandardCharsets.UTF_8),
                        new PrintStream(new ByteArrayOutputStream()),
                        line.toArray(String[]::new));
        out = stdout.toString(StandardCharsets.UTF_8);
        return code;
    }
}
