package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.Settings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `ic logs`: the last lines of the nodes' logs, and those that come.
@Command(
        name = "logs",
        description = "Prints the last lines of the logs.",
        footer = {"ic logs", "ic logs -f --node 2"})
final class LogsCommand extends NetworkCommand {
    private static final long POLL_MILLIS = 200;
    private static final String SUPERVISOR = "supervisor";

    /// Enough for any number of lines that a person asks for.
    private static final long TAIL_BYTES = 4 << 20;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "Only this node's, or \"supervisor\".")
    private @Nullable String node;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many lines of each (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on.")
    private boolean follow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        Map<String, Path> files = files(directory);
        Map<String, Long> positions = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            long end = Files.exists(file.getValue()) ? Files.size(file.getValue()) : 0;
            positions.put(file.getKey(), end);
            long from = Math.max(0, end - TAIL_BYTES);
            List<String> tail = split(read(file.getValue(), from, end));
            int first = Math.max(0, tail.size() - lines);
            print(file.getKey(), tail.subList(first, tail.size()), files.size() > 1);
        }
        while (follow) {
            Thread.sleep(POLL_MILLIS);
            for (Map.Entry<String, Path> file : files.entrySet()) {
                follow(file.getKey(), file.getValue(), positions, files.size() > 1);
            }
        }
        return ExitCode.OK.number();
    }

    private void follow(String name, Path file, Map<String, Long> positions, boolean several)
            throws IOException {
        long end = Files.exists(file) ? Files.size(file) : 0;
        long from = positions.getOrDefault(name, 0L);
        if (end < from) {
            // The log was put aside and begun anew.
            from = 0;
        }
        String text = read(file, from, end);
        int whole = text.lastIndexOf('\n') + 1;
        String complete = text.substring(0, whole);
        positions.put(name, from + complete.getBytes(StandardCharsets.UTF_8).length);
        print(name, split(complete), several);
    }

    private Map<String, Path> files(NetworkDirectory directory) {
        Settings settings = Settings.read(directory.settings());
        Map<String, Path> files = new LinkedHashMap<>();
        if (node != null && node.equals(SUPERVISOR)) {
            files.put(SUPERVISOR, directory.supervisorLog());
        } else if (node != null) {
            files.put(node, directory.nodeLog(settings.portsOf(node).node()));
        } else {
            for (String name : settings.names()) {
                files.put(name, directory.nodeLog(name));
            }
        }
        return files;
    }

    private void print(String name, List<String> printed, boolean several) {
        for (String line : printed) {
            if (ic().json()) {
                ObjectNode object = Json.object();
                object.put("node", name);
                object.put("line", line);
                ic().out().println(Json.line(object));
            } else {
                ic().out().println(several ? "[" + name + "] " + line : line);
            }
        }
    }

    private static List<String> split(String text) {
        return new ArrayList<>(text.lines().toList());
    }

    private static String read(Path file, long from, long to) throws IOException {
        if (to <= from) {
            return "";
        }
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(from);
            byte[] bytes = new byte[(int) Math.min(to - from, TAIL_BYTES)];
            open.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
