package icj.launcher.supervise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.network.Creation;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.Settings;
import icj.types.Blob;
import icj.types.registry.Genesis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A network whose nodes are [FakeNode]s.
public final class FakeNetwork {
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private FakeNetwork() {}

    public static NetworkDirectory create(Path root, int nodes, int nnsNodes) {
        NetworkDirectory directory = new NetworkDirectory(root, "test");
        Settings settings =
                Settings.create("test", new Settings.Request(nodes, nnsNodes, null, "auto"));
        Creation.create(directory, settings, Locations.of(java.util.Map.of(), root));
        return directory;
    }

    public static Supervisor supervisor(NetworkDirectory directory) throws Exception {
        return new Supervisor(
                directory,
                Settings.read(directory.settings()),
                Genesis.decode(Blob.of(Files.readAllBytes(directory.genesis()))),
                node -> java("icj.launcher.supervise.FakeNode", directory.node(node)));
    }

    static List<String> java(String main, Path argument) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main,
                argument.toString());
    }

    /// Polls until it holds; a deadline makes a test that can't succeed fail.
    public static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "not within a minute: " + what);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
