package icj.launcher.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The flags on the JVM that runs the tests.
@Timeout(60)
final class JvmFlagsTest {
    private static final String PROPERTY = "icj.test.archive";

    @TempDir Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void withoutAnArchiveThereIsNoFlagForIt() {
        assertEquals(List.of(), JvmFlags.archive(PROPERTY));
        System.setProperty(PROPERTY, folder.resolve("none.aot").toString());
        assertEquals(List.of(), JvmFlags.archive(PROPERTY));
    }

    @Test
    void anArchiveThatDoesNotFitIsSaidSoAndStartsAllTheSame() throws Exception {
        Path archive = folder.resolve("torn.aot");
        Files.writeString(archive, "this was never an archive");
        System.setProperty(PROPERTY, archive.toString());
        for (List<String> flags : List.of(JvmFlags.NODE, JvmFlags.SUPERVISOR)) {
            String output = run(flags);
            assertTrue(output.contains("AOT cache"), output);
            assertTrue(output.contains("openjdk version") || output.contains("version \""), output);
        }
    }

    @Test
    void eachFlagIsKnownToThisJvm() throws Exception {
        for (List<String> flags : List.of(JvmFlags.NODE, JvmFlags.SUPERVISOR)) {
            List<String> strict = new ArrayList<>(flags);
            assertTrue(strict.remove("-XX:+IgnoreUnrecognizedVMOptions"));
            String output = run(strict);
            assertTrue(output.contains("version \""), output);
        }
    }

    /// What a JVM with these flags and the archive says; it must end well.
    private static String run(List<String> flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(JvmFlags.archive(PROPERTY));
        command.addAll(flags);
        command.add("-version");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
