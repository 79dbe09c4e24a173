package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Each node's keys stand in its own folder and nowhere else: not in another node's, not in a log,
/// not on a command line.
@Tag("e2e")
final class SecretsIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(300)
    void keysStayWhereTheyBelong() throws Exception {
        try (Network network = Network.start(home, 4, 1)) {
            network.deploy("examples/counter");
            Path nodes = network.directory().resolve("nodes");
            Map<Path, List<String>> secrets = new TreeMap<>();
            for (Path node : list(nodes)) {
                secrets.put(node, secretsOf(node));
            }
            List<String> leaks = new ArrayList<>();
            for (Path file : files(network.directory())) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                secrets.forEach((owner, values) -> {
                    boolean own = file.startsWith(owner.resolve("keys"));
                    for (String value : values) {
                        if (!own && text.contains(value)) {
                            leaks.add("a key of " + owner.getFileName() + " in " + file);
                        }
                    }
                });
            }
            assertEquals(List.of(), leaks);
            for (Network.Node node : network.nodes()) {
                String commandLine = Files.readString(Path.of("/proc", node.pid() + "", "cmdline"));
                secrets.values()
                        .forEach(all -> all.forEach(s -> assertFalse(commandLine.contains(s))));
            }
        }
    }

    /// The texts of all keys of a node, whose files only the owner may read.
    private static List<String> secretsOf(Path node) throws IOException {
        Path keys = node.resolve("keys");
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)),
                keys + " is open to others");
        List<String> secrets = new ArrayList<>();
        for (Path file : list(keys)) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                    file + " is open to others");
            String name = file.getFileName().toString();
            if (name.endsWith(".key")) {
                secrets.add(Files.readString(file).strip());
            } else if (name.endsWith(".pem")) {
                secrets.add(Files.readString(file).lines().toList().get(1));
            }
        }
        assertEquals(4, secrets.size(), "signing, tls and two threshold keys in " + keys);
        return secrets;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
