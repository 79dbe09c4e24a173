package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Await;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Ctrl-C on `ic start` in the foreground: once ends in order, twice at once, and no process stays
/// either way.
@Tag("e2e")
@Timeout(300)
final class InterruptIT {
    private static final int INTERRUPTED = 130;
    private static final int CONFLICT = 5;
    private static final String BANNER = "development keys";
    private static final String IN_ORDER = "is stopped";

    @TempDir Path home;

    @Test
    void onceEndsInOrderAndTwiceAtOnce() throws Exception {
        Network network = Network.in(home);
        Path first = home.resolve("first.txt");
        Process start = start(network, first, "--nodes", "2", "--nns-nodes", "1", "--port", "auto");
        List<Long> processes = ready(network, first, start);
        // Other commands see it, and none takes it for stopped.
        network.ic("status").expect(0);
        network.ic("start", "--background").expect(0);
        network.ic("network", "rm", "--yes").expect(CONFLICT);
        network.deploy("examples/counter");
        signal("INT", start.pid());
        assertEnded(start, processes);
        assertTrue(Files.readString(first).contains(IN_ORDER), Files.readString(first));

        Path second = home.resolve("second.txt");
        start = start(network, second);
        processes = ready(network, second, start);
        // A node that hears nothing: the end in order would take until it is killed.
        signal("STOP", processes.getFirst());
        signal("INT", start.pid());
        Await.until(
                "the answer to the first", () -> Files.readString(second).contains("once more"));
        signal("INT", start.pid());
        assertEnded(start, processes);
        assertFalse(Files.readString(second).contains(IN_ORDER), Files.readString(second));

        // A kill loses nothing.
        try (network) {
            network.resume();
            assertEquals(3, network.nodes().size());
        }
    }

    private Process start(Network network, Path output, String... options) throws Exception {
        List<String> command = new ArrayList<>(listening());
        command.add(Network.ROOT.resolve("ic").toString());
        command.addAll(List.of("start", "--state-dir", network.directory().toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(network.environment());
        return builder.start();
    }

    /// What a shell runs in the background inherits that Ctrl-C is ignored, the build with this
    /// test too; Java respects that.
    private List<String> listening() {
        List<String> reset = List.of("env", "--default-signal=INT");
        List<String> trial = new ArrayList<>(reset);
        trial.add("true");
        boolean possible =
                Shell.run(home, new TreeMap<>(), Duration.ofSeconds(30), trial).exit() == 0;
        return possible ? reset : List.of();
    }

    /// The processes of the nodes, once it says that they are ready.
    private static List<Long> ready(Network network, Path output, Process start) throws Exception {
        Await.until(
                "a network that is ready",
                () -> {
                    assertTrue(start.isAlive(), Files.readString(output));
                    return Files.readString(output).contains(BANNER);
                });
        return network.nodes().stream().map(Network.Node::pid).toList();
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor());
    }

    private static void assertEnded(Process start, List<Long> processes) throws Exception {
        assertTrue(start.waitFor(100, TimeUnit.SECONDS), "ic start goes on");
        assertEquals(INTERRUPTED, start.exitValue());
        for (long pid : processes) {
            Await.until("the end of process " + pid, () -> ProcessHandle.of(pid).isEmpty());
        }
    }
}
