package icj.launcher.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.testing.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

final class SettingsTest {
    @TempDir Path root;

    @Test
    void theFileKeepsItsForm() throws Exception {
        Settings settings = Settings.create("local", new Settings.Request(4, 1, null, null));
        Path file = root.resolve("settings.json");
        settings.write(file);
        Golden.check("settings.json", Files.readString(file));
        assertEquals(settings, Settings.read(file));
    }

    @Test
    void flagsThatAreLeftOutMeanWhatIsStored() {
        Settings settings = Settings.create("n", new Settings.Request(2, 0, "0.0.0.0", "5000"));
        settings.checkSame(Settings.Request.NONE);
        settings.checkSame(new Settings.Request(2, 0, "0.0.0.0", "5000"));
    }

    @Test
    void flagsThatDifferAreAConflictThatSaysWhat() {
        Settings settings = Settings.create("n", new Settings.Request(2, 0, null, null));
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> settings.checkSame(new Settings.Request(4, 0, null, "auto")));
        assertEquals(ExitCode.CONFLICT, failure.code());
        assertTrue(failure.cause().contains("--nodes is 2, not 4"), failure.cause());
        assertTrue(failure.cause().contains("--port is 4943, not auto"), failure.cause());
    }

    @Test
    void nonsenseIsAUsageError() {
        usage(() -> new Settings.Request(0, 1, null, null));
        usage(() -> new Settings.Request(1, -1, null, null));
        usage(() -> new Settings.Request(41, 0, null, null));
        usage(() -> new Settings.Request(1, 0, null, "0"));
        usage(() -> new Settings.Request(1, 0, null, "65536"));
        usage(() -> new Settings.Request(1, 0, null, "any"));
        usage(() -> Settings.create("n", new Settings.Request(4, 1, null, "65522")));
    }

    @Test
    void portsStandInOneRowByKind() {
        Settings settings = Settings.create("n", new Settings.Request(4, 1, null, "65521"));
        assertEquals(new NodePorts("1", 65521, 65526, 65531), settings.portsOf("1"));
        assertEquals(new NodePorts("4", 65524, 65529, 65534), settings.portsOf("4"));
        assertEquals(new NodePorts("nns1", 65525, 65530, 65535), settings.portsOf("nns1"));
    }

    @Test
    void freePortsAreDistinctAndBelowTheSystemsOwn() {
        TreeSet<Integer> ports = new TreeSet<>();
        for (NodePorts node : PortPlan.free(NodeNames.of(4, 2), Settings.BIND_DEFAULT)) {
            ports.add(node.http());
            ports.add(node.p2p());
            ports.add(node.metrics());
        }
        assertEquals(18, ports.size());
        assertTrue(ports.last() < 32_768);
    }

    @Test
    void aDamagedFileIsExitCodeSix() throws Exception {
        Path file = root.resolve("settings.json");
        damaged(file);
        for (String text :
                new String[] {
                    "",
                    "{",
                    "[]",
                    "{\"version\":1}",
                    "{\"version\":2,\"name\":\"x\",\"nodes\":1,"
                            + "\"nnsNodes\":0,\"bind\":\"127.0.0.1\",\"port\":\"1\",\"ports\":[]}",
                    "{\"version\":1,\"name\":\"x\",\"nodes\":1,\"nnsNodes\":0,"
                            + "\"bind\":\"127.0.0.1\",\"port\":\"1\",\"ports\":[]}"
                }) {
            Files.writeString(file, text);
            damaged(file);
        }
    }

    private static void damaged(Path file) {
        Failure failure = assertThrows(Failure.class, () -> Settings.read(file));
        assertEquals(ExitCode.DAMAGED, failure.code(), failure.cause());
    }

    private static void usage(Runnable request) {
        Failure failure = assertThrows(Failure.class, request::run);
        assertEquals(ExitCode.USAGE, failure.code());
    }

    @Test
    void theEnvironmentsPortStepsBackForTheFlag() {
        Settings.Request other = new Settings.Request(7, 0, "::1", "auto");
        assertEquals(other, Settings.Request.NONE.or(other));
        assertEquals(
                new Settings.Request(3, 0, "::1", "5000"),
                new Settings.Request(3, null, null, "5000").or(other));
    }
}
