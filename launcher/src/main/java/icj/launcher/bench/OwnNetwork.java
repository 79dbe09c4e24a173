package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.OwnerFiles;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;
import icj.launcher.text.FileFailures;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A network that lives as long as a bench, on the disk where the user's networks are, on free
/// ports. It is made and started by the command `ic start` itself, as a user would, and removed at
/// the end; what a bench that was killed left behind, the next one removes.
public final class OwnNetwork {
    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    private static final Duration END_PATIENCE = Duration.ofSeconds(20);
    private static final int SAID_CHARACTERS_MAX = 800;
    private static final String MAIN = "icj.launcher.Main";

    /// The script that started this process, when one did: then it starts networks too.
    private static final String SCRIPT = "icj.script";

    /// `PID-...`.
    private static final Pattern LEFTOVER = Pattern.compile("(\\d+)-.*");

    private final Path scratch;
    private final NetworkDirectory directory;
    private final int nodes;
    private final int nnsNodes;

    private OwnNetwork(Path scratch, int nodes, int nnsNodes) {
        this.scratch = scratch;
        this.directory = NetworkDirectory.of(scratch.resolve("n"), null, Locations.ofProcess());
        this.nodes = nodes;
        this.nnsNodes = nnsNodes;
    }

    /// Prepares a network; nothing runs yet.
    ///
    /// @param nodes of the application subnet
    /// @param nnsNodes of the NNS subnet
    public static OwnNetwork make(int nodes, int nnsNodes, Locations locations, Cleanup cleanup) {
        Path folder = locations.networks().resolveSibling("bench");
        try {
            Files.createDirectories(folder);
            removeLeftovers(folder);
            Path scratch = Files.createTempDirectory(folder, ProcessHandle.current().pid() + "-");
            OwnNetwork network = new OwnNetwork(scratch, nodes, nnsNodes);
            cleanup.add(network::remove);
            return network;
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    private static void removeLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path old : found) {
                Matcher name = LEFTOVER.matcher(old.getFileName().toString());
                if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    new OwnNetwork(old, 0, 0).remove();
                }
            }
        }
    }

    /// Starts it, or starts it again; returns when each node is ready.
    public void start() {
        List<String> command = new ArrayList<>(command());
        command.addAll(
                List.of("start", "--background", "--json", "--state-dir", "" + directory.root()));
        if (!directory.exists()) {
            command.addAll(List.of("--nodes", "" + nodes, "--nns-nodes", "" + nnsNodes));
            command.addAll(List.of("--port", "auto"));
        }
        Path output = scratch.resolve("start.log");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .redirectOutput(output.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(START_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new Failure(
                        Problem.NOT_IN_TIME,
                        "The bench's own network is not ready after "
                                + START_PATIENCE.toSeconds()
                                + " s",
                        "Try by hand: ic start --network bench-try --port auto");
            }
            if (process.exitValue() != 0) {
                throw failure(Files.readString(output, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new Failure(
                    Problem.FILE_PROBLEM,
                    "The bench's own network can't be started: " + e.getMessage(),
                    "Its command was: " + String.join(" ", command));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Problem.BENCH_FAILED, "The start was interrupted", "Run it again");
        }
    }

    /// What the command said of its failure, by `--json`.
    private static Failure failure(String said) {
        try {
            JsonNode error = Json.parse(said);
            for (Problem problem : Problem.values()) {
                if (problem.id().equals(error.path("code").asString(""))) {
                    return new Failure(
                            problem,
                            "The bench's own network does not start: "
                                    + error.path("error").asString(""),
                            error.path("fix").asString(""));
                }
            }
        } catch (JacksonException e) {
            // It ended before it could say anything in order.
            return unclear(said);
        }
        return unclear(said);
    }

    private static Failure unclear(String said) {
        String end = said.strip();
        return new Failure(
                Problem.BENCH_FAILED,
                "The bench's own network does not start: "
                        + end.substring(Math.max(0, end.length() - SAID_CHARACTERS_MAX)),
                "Try by hand: ic start --network bench-try --port auto");
    }

    private static List<String> command() {
        String script = System.getProperty(SCRIPT, "");
        if (!script.isEmpty() && Files.isExecutable(Path.of(script))) {
            return List.of(script);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MAIN);
        return command;
    }

    /// Stops it; its state stays.
    public void stop() {
        ControlClient client = ControlClient.find(directory);
        if (client != null) {
            client.ask(ControlRequest.STOP, "");
            try {
                client.supervisor().awaitEnd(END_PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// As an endpoint, while it runs.
    public Endpoint endpoint() {
        return LocalNetwork.endpoint(directory);
    }

    /// Stops it and removes its state; a second time nothing happens.
    void remove() {
        if (!Files.exists(scratch)) {
            return;
        }
        try {
            stop();
        } catch (RuntimeException e) {
            // The supervisor ends by itself: its folder goes now.
            System.err.println("The bench's network could not be stopped in order: " + e);
        }
        try {
            OwnerFiles.removeAll(scratch);
        } catch (Failure e) {
            System.err.println("Please remove " + scratch + ": " + e.getMessage());
        }
    }
}
