package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.SystemTools;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The archive of `mvn -Pdist package`, unpacked into a folder that can't be written, with nothing
/// on the path but what every system has: no Maven, no sources.
@Tag("e2e")
@Timeout(300)
final class DistributionIT {
    private static final Duration DEADLINE = Duration.ofSeconds(120);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void itRunsWithAJdkAlone() throws Exception {
        Path root = unpack();
        assertFalse(Files.exists(root.resolve("pom.xml")));
        writable(root, false);
        try {
            String version = ic(root, "version");
            assertTrue(version.startsWith("ic "), version);
            ic(root, "start", "--nodes", "1", "--nns-nodes", "0", "--background");
            try {
                ic(root, "deploy", root.resolve("examples/counter").toString());
                assertEquals("(1 : nat)", last(ic(root, "call", "counter", "inc")));
                ic(root, "deploy", root.resolve("examples/keyvalue").toString());
                assertEquals("(null)", last(ic(root, "call", "keyvalue", "put", "(\"a\", \"b\")")));
            } finally {
                ic(root, "stop");
            }
        } finally {
            writable(root, true);
        }
    }

    /// The archive has one folder, `icj-VERSION`.
    private Path unpack() throws IOException {
        Path target = Network.ROOT.resolve("packaging/target");
        List<Path> archives = new ArrayList<>();
        try (Stream<Path> files = Files.list(target)) {
            files.filter(f -> f.toString().endsWith(".tar.gz")).forEach(archives::add);
        }
        assertEquals(1, archives.size(), "mvn package makes one archive in " + target);
        run(home, List.of("tar", "xzf", archives.getFirst().toString()), Map.of());
        try (Stream<Path> folders = Files.list(home)) {
            List<Path> found = folders.filter(f -> Files.exists(f.resolve("ic"))).toList();
            assertEquals(1, found.size());
            return found.getFirst();
        }
    }

    private void writable(Path root, boolean may) {
        run(home, List.of("chmod", "-R", may ? "u+w" : "a-w", root.toString()), Map.of());
    }

    /// What the rights of files mean nothing to, the super-user, gets a file system that is read
    /// only.
    private List<String> readOnly(Path root) {
        boolean possible =
                System.getProperty("user.name").equals("root")
                        && Shell.run(home, Map.of(), DEADLINE, List.of("unshare", "-m", "true"))
                                        .exit()
                                == 0;
        String mounts = "mount --bind $0 $0 && mount -o remount,ro,bind $0 && exec \"$@\"";
        return possible
                ? List.of("/usr/bin/unshare", "-m", "/bin/sh", "-c", mounts, root.toString())
                : List.of();
    }

    private String ic(Path root, String... arguments) {
        List<String> command = new ArrayList<>(readOnly(root));
        command.addAll(List.of("env", "PATH=" + tools(), root.resolve("ic").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new TreeMap<>();
        environment.put("ICJ_JAVA_HOME", System.getProperty("java.home"));
        environment.put("IC_PORT", "auto");
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        environment.put("XDG_DATA_HOME", home.resolve("data").toString());
        environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        return run(home, command, environment);
    }

    private Path tools() {
        try {
            return SystemTools.into(home.resolve("tools"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(Path folder, List<String> command, Map<String, String> environment) {
        return Shell.run(folder, environment, DEADLINE, command).expect(0).output();
    }

    private static String last(String output) {
        String text = output.strip();
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
