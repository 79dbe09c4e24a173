package icj.launcher.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.types.CanisterId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

final class NetworkDirectoryTest {
    @TempDir Path root;

    @Test
    void aNameIsADirectoryByTheXdgRules() {
        Locations of = Locations.of(Map.of(), Path.of("/home/u"));
        assertEquals(
                Path.of("/home/u/.local/share/ic/networks/local"),
                NetworkDirectory.of(null, null, of).root());
        assertEquals(Path.of("/home/u/.config/ic/identities"), of.identities());
        Locations xdg =
                Locations.of(
                        Map.of("XDG_DATA_HOME", "/d", "XDG_CONFIG_HOME", "relative"),
                        Path.of("/home/u"));
        assertEquals(
                Path.of("/d/ic/networks/test-2"), NetworkDirectory.of(null, "test-2", xdg).root());
        assertEquals(Path.of("/home/u/.config/ic/identities"), xdg.identities());
    }

    @Test
    void aDirectoryAndANameAtOnceIsAUsageError() {
        Locations locations = Locations.of(Map.of(), root);
        assertEquals(
                ExitCode.USAGE,
                failure(() -> NetworkDirectory.of(root, "local", locations)).code());
        for (String name : new String[] {"", "..", "a/b", "A", "-x", "x".repeat(33)}) {
            assertEquals(
                    ExitCode.USAGE,
                    failure(() -> NetworkDirectory.of(null, name, locations)).code(),
                    name);
        }
    }

    @Test
    void foreignAndNewerDirectoriesAreRefused() throws Exception {
        NetworkDirectory directory = new NetworkDirectory(root.resolve("n"), "n");
        directory.checkFormat();
        assertEquals(ExitCode.NOT_READY, failure(directory::checkExists).code());
        Files.createDirectories(directory.root());
        directory.checkFormat();
        Files.writeString(directory.root().resolve("photo.jpg"), "x");
        assertEquals(ExitCode.CONFLICT, failure(directory::checkFormat).code());
        Files.writeString(directory.format(), "{\"format\":1}");
        directory.checkFormat();
        Files.writeString(directory.format(), "{\"format\":2}");
        Failure newer = failure(directory::checkFormat);
        assertEquals(ExitCode.DAMAGED, newer.code());
        assertTrue(newer.cause().contains("newer"), newer.cause());
        Files.writeString(directory.format(), "garbage");
        assertEquals(ExitCode.DAMAGED, failure(directory::checkFormat).code());
    }

    @Test
    void theLockHasOneHolder() {
        NetworkDirectory directory = new NetworkDirectory(root.resolve("n"), "n");
        assertFalse(NetworkLock.isHeld(directory));
        try (NetworkLock lock = NetworkLock.take(directory)) {
            assertNotNull(lock);
            assertTrue(NetworkLock.isHeld(directory));
            assertNull(NetworkLock.tryTake(directory));
            assertEquals(ExitCode.CONFLICT, failure(() -> NetworkLock.take(directory)).code());
        }
        assertFalse(NetworkLock.isHeld(directory));
    }

    @Test
    void aTakenPortNamesItsHolder() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings =
                    Settings.create(
                            "n",
                            new Settings.Request(
                                    1, 0, null, Integer.toString(holder.getLocalPort())));
            Failure failure = failure(() -> PortPlan.checkFree(settings));
            assertEquals(ExitCode.CONFLICT, failure.code());
            assertTrue(
                    failure.cause().startsWith("Port " + holder.getLocalPort() + " is taken by "),
                    failure.cause());
            if (Files.exists(Path.of("/proc/net/tcp"))) {
                assertTrue(
                        failure.cause().contains("process " + ProcessHandle.current().pid() + " ("),
                        failure.cause());
            }
        }
    }

    @Test
    void anAddressOfAnotherMachineIsAUsageError() {
        Settings settings = Settings.create("n", new Settings.Request(1, 0, "192.0.2.7", "4943"));
        assertEquals(ExitCode.USAGE, failure(() -> PortPlan.checkFree(settings)).code());
    }

    @Test
    void namesOfCanistersAreKeptAndForgotten() throws Exception {
        Canisters canisters = new Canisters(root.resolve("canisters.json"));
        Principal id = CanisterId.ofNumber(1 << 20).principal();
        assertEquals(
                "Deploy one: ic deploy examples/counter",
                failure(() -> canisters.resolve("counter")).fix());
        canisters.put("counter", id);
        canisters.put("again", id);
        assertEquals(id, canisters.resolve("counter"));
        assertEquals(id, canisters.resolve(id.toString()));
        assertEquals(
                "{\n  \"again\" : \"" + id + "\",\n  \"counter\" : \"" + id + "\"\n}\n",
                Files.readString(root.resolve("canisters.json")));
        assertTrue(failure(() -> canisters.resolve("other")).fix().contains("again, counter"));
        canisters.remove(id);
        assertTrue(canisters.all().isEmpty());
        Files.writeString(root.resolve("canisters.json"), "{\"counter\":\"x\"}");
        assertEquals(ExitCode.DAMAGED, failure(() -> canisters.resolve("counter")).code());
    }

    @Test
    void aFileIsReplacedWholeAndKeepsItsOwner() throws Exception {
        Path file = root.resolve("f");
        OwnerFiles.replacePrivate(file, "one");
        OwnerFiles.replacePrivate(file, "two");
        assertEquals("two", Files.readString(file));
        assertEquals(
                "[OWNER_READ, OWNER_WRITE]",
                new java.util.TreeSet<>(Files.getPosixFilePermissions(file)).toString());
        try (var files = Files.list(root)) {
            assertEquals(1, files.count());
        }
    }

    private static Failure failure(Runnable task) {
        return assertThrows(Failure.class, task::run);
    }
}
