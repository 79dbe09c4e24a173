package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import icj.types.Blob;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The image that `mvn -Pdist package` leaves, without any container program: its layout and
/// digests, then its file system as a root folder, in which a network runs. Says so where there is
/// no image, or where this machine gives no such root.
@Tag("e2e")
@Timeout(300)
final class ImageIT {
    private static final Duration DEADLINE = Duration.ofSeconds(120);

    /// The super-user becomes the image's user in there; others look like one, and own its files.
    private static final boolean SUPER_USER = System.getProperty("user.name").equals("root");

    private static final String SPACES = SUPER_USER ? "-m" : "-rm";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void itsFileSystemRunsANetwork() throws Exception {
        Path image = image();
        if (image == null) {
            System.out.println("NOT RUN: the image (mvn -Pdist package makes it)");
        }
        assumeTrue(image != null, "no image");
        Path layout = Files.createDirectories(home.resolve("layout"));
        run(List.of("tar", "xf", image.toString(), "-C", layout.toString()));
        JsonNode manifest =
                blob(layout, read(layout.resolve("index.json")).at("/manifests/0/digest"));
        JsonNode config = blob(layout, manifest.at("/config/digest"));
        assertEquals("linux", config.get("os").asString());
        assertEquals("1000:1000", config.at("/config/User").asString());
        assertEquals("[\"java\",\"@/app/ic\"]", config.at("/config/Entrypoint").toString());
        Path root = Files.createDirectories(home.resolve("root"));
        for (JsonNode layer : manifest.get("layers")) {
            Path file = file(layout, layer.get("digest"));
            run(
                    List.of(
                            "tar",
                            "--warning=no-unknown-keyword",
                            "-xzf",
                            file.toString(),
                            "-C",
                            root.toString()));
        }
        boolean possible =
                Shell.run(home, Map.of(), DEADLINE, List.of("unshare", SPACES, "true")).exit() == 0;
        if (!possible) {
            System.out.println("NOT RUN: the image's file system (no unshare " + SPACES + ")");
        }
        assumeTrue(possible, "no unshare");
        live(root);
    }

    private void live(Path root) {
        assertTrue(inside(root, "version").startsWith("ic "));
        inside(root, "start", "--nodes", "1", "--nns-nodes", "0", "--background");
        try {
            inside(root, "deploy", "/app/examples/counter");
            String reply = inside(root, "call", "counter", "inc").strip();
            assertEquals("(1 : nat)", reply.substring(reply.lastIndexOf('\n') + 1));
        } finally {
            inside(root, "stop");
        }
    }

    /// Runs the image's entry point with the image's folders alone, and the kernel's.
    private String inside(Path root, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        "unshare",
                        SPACES,
                        "sh",
                        "-euc",
                        """
                        root=$1; shift
                        mount --rbind /proc "$root/proc"
                        mount --rbind /dev "$root/dev"
                        exec env -i PATH=/opt/java/bin IC_PORT=auto XDG_DATA_HOME=/data/share \\
                            XDG_CONFIG_HOME=/data/config XDG_CACHE_HOME=/data/cache \\
                            %s %s "$root" /opt/java/bin/java @/app/ic "$@"
                        """
                                .formatted(chroot(), SUPER_USER ? "--userspec=1000:1000" : ""),
                        "sh",
                        root.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String chroot() {
        return Stream.of("/usr/sbin/chroot", "/usr/bin/chroot", "/sbin/chroot")
                .filter(p -> Files.isExecutable(Path.of(p)))
                .findFirst()
                .orElse("chroot");
    }

    private static Path image() throws IOException {
        Path target = Network.ROOT.resolve("packaging/target");
        if (!Files.isDirectory(target)) {
            return null;
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(f -> f.toString().endsWith("-oci.tar")).findFirst().orElse(null);
        }
    }

    private static JsonNode blob(Path layout, JsonNode digest) throws Exception {
        return read(file(layout, digest));
    }

    /// A blob, whose content is what its name says.
    private static Path file(Path layout, JsonNode digest) throws Exception {
        String hex = digest.asString().replace("sha256:", "");
        Path file = layout.resolve("blobs/sha256").resolve(hex);
        byte[] content = Files.readAllBytes(file);
        assertEquals(
                hex, Blob.owning(MessageDigest.getInstance("SHA-256").digest(content)).toString());
        return file;
    }

    private static JsonNode read(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private String run(List<String> command) {
        return Shell.run(home, Map.of(), DEADLINE, command).expect(0).output();
    }
}
