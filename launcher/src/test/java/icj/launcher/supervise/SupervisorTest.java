package icj.launcher.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NetworkLock;
import icj.launcher.network.OwnerFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

@Timeout(120)
final class SupervisorTest {
    @TempDir Path root;

    @Test
    void aKilledNodeIsStartedAgainUnderAnotherProcess() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 1);
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            long before = running(supervisor, "1");
            ControlClient.of(directory).ask(ControlRequest.KILL, "1");
            FakeNetwork.await(
                    "node 1 runs again",
                    () -> {
                        NodeStatus status = status(supervisor, "1");
                        return status.restarts() == 1 && status.pid() != null;
                    });
            assertNotEquals(before, running(supervisor, "1"));
            assertEquals(0, status(supervisor, "nns1").restarts());
            NetworkFile file = NetworkFile.read(directory.networkFile());
            assertEquals(running(supervisor, "1"), file.node("1").pid());
            assertEquals(ProcessHandle.current().pid(), file.supervisorPid());
        }
        NetworkFile after = NetworkFile.read(directory.networkFile());
        assertEquals(NetworkFile.STOPPED, after.state());
        assertEquals(null, after.supervisorPid());
        assertEquals(null, after.node("1").pid());
    }

    @Test
    void aStoppedNodeStaysDownUntilItIsStarted() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            ControlClient client = ControlClient.of(directory);
            client.ask(ControlRequest.NODE_STOP, "1");
            FakeNetwork.await("node 1 is down", () -> status(supervisor, "1").pid() == null);
            assertEquals(NodeStatus.Phase.STOPPED, status(supervisor, "1").phase());
            Failure failure =
                    assertThrows(Failure.class, () -> client.ask(ControlRequest.KILL, "1"));
            assertTrue(failure.cause().contains("doesn't run"), failure.cause());
            client.ask(ControlRequest.NODE_START, "1");
            assertEquals(NodeStatus.Phase.RUNNING, status(supervisor, "1").phase());
        }
    }

    /// The process of before may still be ending when the node is wanted again.
    @Test
    void aNodeThatIsStartedWhileItEndsIsStartedAfterwards() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        Files.writeString(directory.node("1").resolve("slow"), "");
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            Path starts = directory.node("1").resolve("starts");
            FakeNetwork.await("node 1 runs", () -> Files.exists(starts));
            ControlClient client = ControlClient.of(directory);
            long before = running(supervisor, "1");
            client.ask(ControlRequest.NODE_STOP, "1");
            client.ask(ControlRequest.NODE_START, "1");
            assertEquals(before, running(supervisor, "1"));
            Files.writeString(directory.node("1").resolve("end"), "");
            FakeNetwork.await(
                    "node 1 runs again",
                    () -> {
                        NodeStatus status = status(supervisor, "1");
                        return status.phase() == NodeStatus.Phase.RUNNING
                                && status.pid() != null
                                && status.pid() != before;
                    });
            client.ask(ControlRequest.NODE_STOP, "1");
            client.ask(ControlRequest.NODE_START, "1");
            client.ask(ControlRequest.NODE_STOP, "1");
            FakeNetwork.await("node 1 is down", () -> status(supervisor, "1").pid() == null);
            assertEquals(NodeStatus.Phase.STOPPED, status(supervisor, "1").phase());
        }
    }

    @Test
    @Timeout(60)
    void itEndsAlsoWhenItsFolderIsGone() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            long pid = running(supervisor, "1");
            OwnerFiles.removeAll(directory.networkFile().getParent());
            assertTrue(supervisor.stop());
            assertFalse(ProcessHandle.of(pid).isPresent());
        }
    }

    @Test
    void aNodeWithDamagedStateIsNotStartedAgain() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        Files.writeString(directory.node("1").resolve("die"), "6");
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            FakeNetwork.await(
                    "node 1 is given up",
                    () -> status(supervisor, "1").phase() == NodeStatus.Phase.GIVEN_UP);
            assertEquals(ExitCode.DAMAGED.number(), status(supervisor, "1").exit());
            assertEquals(1, Files.readAllLines(directory.node("1").resolve("starts")).size());
        }
    }

    @Test
    void aNodeWhoseDiskIsFullIsTriedAgainUntilThereIsRoom() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        Path die = directory.node("1").resolve("die");
        Files.writeString(die, Integer.toString(NodeStatus.EXIT_DISK_FULL));
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            FakeNetwork.await(
                    "node 1 was tried again",
                    () ->
                            status(supervisor, "1").restarts() >= 1
                                    && status(supervisor, "1").phase() == NodeStatus.Phase.WAITING);
            assertEquals("the disk is full: make room", status(supervisor, "1").note());
            Files.delete(die);
            FakeNetwork.await("node 1 runs", () -> status(supervisor, "1").pid() != null);
        }
    }

    @Test
    void aDiskThatTakesNoFilesStopsNoSupervision() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            long before = running(supervisor, "1");
            // What stands in the place of a file that is to be replaced: no file can be written.
            Path file = directory.networkFile();
            Files.delete(file);
            Files.createDirectories(file.resolve("in the way"));
            ControlClient.of(directory).ask(ControlRequest.KILL, "1");
            FakeNetwork.await(
                    "node 1 runs again",
                    () -> {
                        Long pid = status(supervisor, "1").pid();
                        return pid != null && pid != before;
                    });
            Files.delete(file.resolve("in the way"));
            Files.delete(file);
            FakeNetwork.await("network.json is there again", () -> Files.isRegularFile(file));
            assertEquals(status(supervisor, "1").pid(), NetworkFile.read(file).node("1").pid());
        }
    }

    @Test
    void nodesEndWhenTheirSupervisorIsKilled() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 2, 1);
        Process host =
                new ProcessBuilder(FakeNetwork.java("icj.launcher.supervise.SupervisorHost", root))
                        .redirectErrorStream(true)
                        .redirectOutput(root.resolve("host.log").toFile())
                        .start();
        try {
            FakeNetwork.await("three nodes run", () -> processes(directory).size() == 3);
            FakeNetwork.await(
                    "three nodes read their input",
                    () ->
                            List.of("1", "2", "nns1").stream()
                                    .allMatch(n ->
                                            Files.exists(directory.node(n).resolve("starts"))));
            List<ProcessMark> nodes = processes(directory);
            // Its own look has not given the lock away.
            assertTrue(NetworkLock.isHeld(directory));
            assertNull(NetworkLock.tryTake(directory));
            assertNotNull(ControlClient.find(directory));
            host.destroyForcibly().waitFor();
            for (ProcessMark node : nodes) {
                FakeNetwork.await("node process ends", () -> !node.runs());
            }
            assertFalse(NetworkLock.isHeld(directory));
            assertEquals(null, ControlClient.find(directory));
            Leftovers.await(directory);
        } finally {
            host.descendants().forEach(ProcessHandle::destroyForcibly);
            host.destroyForcibly();
        }
    }

    @Test
    void whoHasNoTokenIsRefused() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 1, 0);
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            SupervisorFile file = SupervisorFile.read(directory);
            assertNotNull(file);
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory.supervisor())));
            new SupervisorFile(
                            file.version(), file.supervisor(), file.port(), "wrong", file.nodes())
                    .write(directory);
            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> ControlClient.of(directory).ask(ControlRequest.STOP, ""));
            assertEquals("The token is wrong", failure.cause());
            assertEquals(NodeStatus.Phase.RUNNING, status(supervisor, "1").phase());
        }
    }

    @Test
    void theStopCommandEndsEverything() throws Exception {
        NetworkDirectory directory = FakeNetwork.create(root, 2, 0);
        try (NetworkLock _ = NetworkLock.take(directory);
                Supervisor supervisor = FakeNetwork.supervisor(directory)) {
            supervisor.start();
            List<ProcessMark> nodes = processes(directory);
            assertEquals(2, nodes.size());
            ControlClient.of(directory).ask(ControlRequest.STOP, "");
            supervisor.awaitEnd();
            for (ProcessMark node : nodes) {
                assertFalse(node.runs());
            }
            assertFalse(supervisor.stop());
        }
    }

    private static List<ProcessMark> processes(NetworkDirectory directory) {
        SupervisorFile file = SupervisorFile.read(directory);
        return file == null
                ? List.of()
                : file.nodes().stream().map(SupervisorFile.Node::process).toList();
    }

    private static NodeStatus status(Supervisor supervisor, String node) {
        return supervisor.status().stream()
                .filter(s -> s.name().equals(node))
                .findFirst()
                .orElseThrow();
    }

    private static long running(Supervisor supervisor, String node) {
        Long pid = status(supervisor, node).pid();
        assertNotNull(pid);
        return pid;
    }
}
