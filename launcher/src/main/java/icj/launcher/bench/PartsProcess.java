package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.supervise.NodeCommand;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Processes that measure parts of a node without a network: one with the Java, class path and
/// flags of a node, and Node.js with its V8.
final class PartsProcess {
    /// Of the longest, a gibibyte of pages written on a busy machine.
    private static final long PATIENCE_SECONDS = 600;

    private static final String NODE_MAIN = "icj.replica.ReplicaMain";
    private static final String BENCH_MAIN = "icj.replica.bench.BenchMain";
    private static final int SAID_CHARACTERS_MAX = 500;

    private PartsProcess() {}

    /// A line that it printed.
    ///
    /// @param name of what was measured
    /// @param nanos the median
    /// @param reply what came out, to compare
    record Line(String name, double nanos, String reply) {}

    /// Runs `BenchMain` with the flags of a node.
    ///
    /// @param heapMegabytes of the heap at most
    static List<Line> node(
            Locations locations, int heapMegabytes, Cleanup cleanup, List<String> arguments) {
        List<String> command = new ArrayList<>();
        NetworkDirectory nowhere =
                new NetworkDirectory(locations.networks().resolveSibling("bench"), "bench");
        for (String part : NodeCommand.replica(nowhere, locations).of("bench")) {
            if (part.equals(NODE_MAIN)) {
                break;
            }
            // A Ctrl-C in the terminal is for this process too.
            if (!part.endsWith("/setsid")) {
                command.add(part);
            }
        }
        // The last one counts.
        command.add(command.indexOf("-cp"), "-Xmx" + heapMegabytes + "m");
        command.add(BENCH_MAIN);
        command.addAll(arguments);
        return run(command, cleanup);
    }

    /// Runs a command to its end and reads its lines.
    static List<Line> run(List<String> command, Cleanup cleanup) {
        try {
            Path errors = Files.createTempFile("ic-bench", ".log");
            try {
                Process process =
                        new ProcessBuilder(command).redirectError(errors.toFile()).start();
                cleanup.add(process::destroyForcibly);
                process.getOutputStream().close();
                String out =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (!ended || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw failed(Files.readString(errors));
                }
                return lines(out);
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("it was interrupted");
        }
    }

    private static Failure failed(String said) {
        String end = said.strip().replace('\n', ' ');
        return new Failure(
                Problem.BENCH_FAILED,
                "The process that measures ended without a result: "
                        + end.substring(Math.max(0, end.length() - SAID_CHARACTERS_MAX)),
                "Is there memory left? See: ic doctor");
    }

    static List<Line> lines(String out) {
        List<Line> lines = new ArrayList<>();
        for (String text : out.strip().split("\n", -1)) {
            String[] words = text.split(" ", -1);
            if (words.length == 3) {
                lines.add(new Line(words[0], Double.parseDouble(words[1]), words[2]));
            }
        }
        return lines;
    }

    /// A file of this distribution as a file of its own, until the bench ends.
    static Path resource(String name, Cleanup cleanup) {
        try (InputStream in =
                PartsProcess.class.getResourceAsStream("/icj/launcher/bench/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in this distribution");
            }
            Path file = Files.createTempFile("ic-bench-", "-" + name);
            cleanup.add(() -> file.toFile().delete());
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
    }
}
