package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import icj.agent.Agent;
import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.supervise.NodeCommand;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A node that a service manager looks after: the unit is one that systemd takes, and its program
/// runs a node without the launcher.
@Tag("e2e")
@Timeout(300)
final class SystemdIT {
    private static final Path FOLDER = Network.ROOT.resolve("ops/systemd");
    private static final Path PROGRAM = FOLDER.resolve("ic-node");

    /// Of 100; a service without any limits has 96.
    private static final int EXPOSURE_MAX = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void theUnitIsValidAndHardened() throws Exception {
        boolean present = Files.isExecutable(Path.of("/usr/bin/systemd-analyze"));
        if (!present) {
            System.out.println("NOT RUN: the check of the systemd unit (no systemd-analyze)");
        }
        assumeTrue(present, "no systemd-analyze");
        // As an instance, with the program where it is here.
        Path unit = home.resolve("ic-node@1.service");
        Files.writeString(
                unit,
                Files.readString(FOLDER.resolve("ic-node@.service"))
                        .replace("/opt/icj/", Network.ROOT + "/"));
        String said = run("systemd-analyze", "verify", unit.toString()).expect(0).output();
        assertEquals("", said);
        run(
                        "systemd-analyze",
                        "security",
                        "--offline=true",
                        "--threshold=" + EXPOSURE_MAX,
                        "--no-pager",
                        unit.toString())
                .expect(0);
    }

    @Test
    void itsFlagsAreThoseOfTheLauncher() throws Exception {
        String script = Files.readString(PROGRAM);
        Path root = home.resolve("n");
        List<String> command =
                NodeCommand.replica(new NetworkDirectory(root, "n"), Locations.of(Map.of(), home))
                        .of("1");
        List<String> flags =
                command.stream()
                        .filter(f -> f.startsWith("-X") || f.startsWith("--enable"))
                        .filter(f -> !f.startsWith("-XX:AOTCache") && !f.startsWith("-Xlog"))
                        .toList();
        assertTrue(flags.size() > 5, flags.toString());
        List<String> words = List.of(script.split("[\\s\\\\]+"));
        assertEquals(flags, words.stream().filter(flags::contains).toList());
    }

    @Test
    void aNodeRunsWithoutInputUntilItIsAskedToEnd() throws Exception {
        CanisterId counter;
        Blob rootKey;
        URI http;
        Path folder;
        try (Network network = Network.start(home, 1, 0)) {
            counter = network.deploy("examples/counter");
            network.ic("call", "counter", "inc").expect(0);
            rootKey = network.rootKey();
            http = network.node("1").http();
            folder = network.directory().resolve("nodes/1");
        }
        ProcessBuilder builder =
                new ProcessBuilder(PROGRAM.toString(), folder.toString())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("node.txt").toFile());
        builder.environment().put("ICJ_JAVA_HOME", System.getProperty("java.home"));
        Process node = builder.start();
        try (Agent agent =
                Agent.builder(http).rootKey(rootKey).patience(Duration.ofSeconds(60)).build()) {
            Blob reply =
                    agent.call(counter, "inc", Blob.owning(Candid.encode(List.<CandidValue>of())));
            assertEquals("(2 : nat)", Candid.print(Candid.decode(reply.toBytes()).values()));
            node.destroy();
            int exit = node.waitFor();
            assertTrue(exit == 0 || exit == 143, "it ended with " + exit);
        } finally {
            node.destroyForcibly();
        }
    }

    @Test
    void aFolderWithoutANodeIsSaidSo() {
        Shell.Outcome outcome = run(PROGRAM.toString(), home.toString()).expect(2);
        assertTrue(outcome.output().startsWith("Usage: ic-node FOLDER"), outcome.output());
    }

    private Shell.Outcome run(String... command) {
        return Shell.run(home, Map.of(), Duration.ofSeconds(60), List.of(command));
    }
}
