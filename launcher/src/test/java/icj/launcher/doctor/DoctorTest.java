package icj.launcher.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.Settings;
import icj.launcher.supervise.FakeNetwork;
import icj.launcher.supervise.ProcessMark;
import icj.launcher.supervise.SupervisorFile;
import icj.types.Blob;
import icj.types.registry.Genesis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Each finding of `ic doctor`, on machines and folders that are made up for it.
final class DoctorTest {
    private static final long GIB = 1L << 30;
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Machine WELL =
            new Machine(25, "25.0.3", "Linux amd64", 8 * GIB, 20_000, 10_000, NOW, true);

    @TempDir Path root;

    @Test
    void aMachineThatIsWellHasNothingToMend() {
        for (Finding finding : MachineChecks.of(WELL)) {
            assertEquals(Finding.Verdict.OK, finding.verdict(), finding.toString());
            assertEquals("", finding.remedy());
        }
    }

    @Test
    void whatIsWrongWithAMachineIsFound() {
        expect(machine(17, "Linux amd64", GIB * 8, 20_000, 10_000, NOW), "java", "FAILURE");
        expect(machine(25, "Mac OS X aarch64", GIB * 8, 20_000, 10_000, NOW), "system", "WARNING");
        expect(machine(25, "Linux amd64", GIB, 20_000, 10_000, NOW), "memory", "WARNING");
        expect(machine(25, "Linux amd64", GIB / 8, 20_000, 10_000, NOW), "memory", "FAILURE");
        expect(machine(25, "Linux amd64", 8 * GIB, 1_024, 10_000, NOW), "open files", "WARNING");
        expect(machine(25, "Linux amd64", 8 * GIB, 256, 10_000, NOW), "open files", "FAILURE");
        expect(machine(25, "Linux amd64", 8 * GIB, 20_000, 100, NOW), "processes", "WARNING");
        expect(
                machine(25, "Linux amd64", 8 * GIB, 20_000, 10_000, Instant.EPOCH),
                "clock",
                "FAILURE");
    }

    @Test
    void aDiskThatIsFullOrNearlyIsFound() {
        assertEquals(Finding.Verdict.FAILURE, PlaceChecks.room(root, 10 << 20).verdict());
        assertEquals(Finding.Verdict.WARNING, PlaceChecks.room(root, 1 << 30).verdict());
        assertEquals(Finding.Verdict.OK, PlaceChecks.room(root, 100L << 30).verdict());
    }

    @Test
    void aStoppedNetworkIsWell() throws Exception {
        NetworkDirectory network = network(null);
        for (Finding finding : NetworkChecks.of(network, Instant.now())) {
            assertEquals(Finding.Verdict.OK, finding.verdict(), finding.toString());
        }
    }

    @Test
    void aNetworkThatWasKilledIsSaidSo() throws Exception {
        Finding finding = find(network(1L), "network");
        assertEquals(Finding.Verdict.WARNING, finding.verdict());
        assertTrue(finding.remedy().contains("ic start resumes it"), finding.remedy());
    }

    @Test
    void aTakenPortAndItsHolderAreFound() throws Exception {
        NetworkDirectory network = network(null);
        int port = Settings.read(network.settings()).ports().getFirst().http();
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            Finding finding = find(network, "ports");
            assertEquals(Finding.Verdict.FAILURE, finding.verdict());
            assertTrue(finding.found().startsWith(port + " is taken by "), finding.found());
        }
    }

    @Test
    void aClockThatWasSetBackIsFound() throws Exception {
        NetworkDirectory network = network(null);
        Files.createDirectories(network.nodeLog("1").getParent());
        Files.writeString(network.nodeLog("1"), "x");
        Files.setLastModifiedTime(
                network.nodeLog("1"), FileTime.from(Instant.now().plus(Duration.ofHours(2))));
        assertEquals(Finding.Verdict.FAILURE, find(network, "times").verdict());
    }

    @Test
    void aDamagedFolderIsFound() throws Exception {
        NetworkDirectory network = network(null);
        Files.writeString(network.networkFile(), "{");
        Finding finding = find(network, "network");
        assertEquals(Finding.Verdict.FAILURE, finding.verdict());
        assertTrue(finding.found().contains("network.json can't be read"), finding.found());
    }

    @Test
    void orphansAndHaltedProcessesAreFound() throws Exception {
        NetworkDirectory network = network(1L);
        Process orphan = new ProcessBuilder("sleep", "300").start();
        try {
            ProcessMark mark = ProcessMark.of(orphan.toHandle());
            new SupervisorFile(
                            SupervisorFile.VERSION,
                            new ProcessMark(1, 1),
                            1,
                            "",
                            List.of(new SupervisorFile.Node("1", mark)))
                    .write(network);
            Finding outlived = find(network, "processes of it");
            assertEquals(Finding.Verdict.WARNING, outlived.verdict());
            assertTrue(outlived.found().contains(orphan.pid() + " outlived"), outlived.found());
            signal("-STOP", orphan);
            FakeNetwork.await(
                    "it is halted",
                    () -> find(network, "processes of it").found().contains("halted"));
            Finding halted = find(network, "processes of it");
            assertEquals(Finding.Verdict.FAILURE, halted.verdict());
            assertTrue(halted.remedy().contains("kill -CONT " + orphan.pid()), halted.remedy());
            signal("-CONT", orphan);
        } finally {
            orphan.destroyForcibly();
            assertTrue(orphan.waitFor(60, TimeUnit.SECONDS));
        }
    }

    private static void signal(String signal, Process process) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", signal, process.pid() + "").start().waitFor());
    }

    private NetworkDirectory network(Long supervisor) throws Exception {
        Files.createDirectories(root.resolve("n"));
        NetworkDirectory network = FakeNetwork.create(root.resolve("n"), 1, 0);
        NetworkFile.of(
                        network,
                        Settings.read(network.settings()),
                        Genesis.decode(Blob.of(Files.readAllBytes(network.genesis()))),
                        supervisor,
                        new TreeMap<>())
                .write(network.networkFile());
        assertTrue(Json.parse(Files.readString(network.networkFile())).has("state"));
        return network;
    }

    private static Finding find(NetworkDirectory network, String name) {
        return NetworkChecks.of(network, Instant.now()).stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Machine machine(
            int java, String system, long memory, long files, long processes, Instant clock) {
        return new Machine(java, java + ".0", system, memory, files, processes, clock, false);
    }

    private static void expect(Machine machine, String name, String verdict) {
        for (Finding finding : MachineChecks.of(machine)) {
            boolean wrong = finding.name().equals(name);
            assertEquals(wrong ? verdict : "OK", finding.verdict().name(), finding.toString());
            assertEquals(wrong, !finding.remedy().isEmpty(), finding.toString());
        }
    }
}
