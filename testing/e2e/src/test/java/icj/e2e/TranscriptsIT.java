package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;

import icj.testing.Golden;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a user sees, kept as sessions: first steps, the outputs of all commands as text and as
/// JSON, and what happens when ports are taken, the supervisor is killed, the laptop sleeps, two
/// networks run side by side. `-Dtranscripts=NAME` runs one of them.
@Tag("e2e")
final class TranscriptsIT {
    private static final Path FOLDER =
            Network.ROOT.resolve("testing/e2e/src/test/resources/transcripts");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @TestFactory
    @Timeout(1200)
    Stream<DynamicTest> sessionsGoAsTheyAreWritten() {
        String only = System.getProperty("transcripts", "");
        List<Path> files = Transcript.all(FOLDER);
        assertFalse(files.isEmpty());
        return files.stream()
                .filter(file -> file.getFileName().toString().startsWith(only))
                .map(file -> DynamicTest.dynamicTest(file.getFileName() + "", () -> play(file)));
    }

    private void play(Path file) throws Exception {
        Path home = Files.createDirectories(folder.resolve(file.getFileName() + "-home"));
        Transcript transcript = new Transcript(file, home);
        try {
            Golden.check(file, transcript.play());
        } finally {
            transcript.end();
        }
    }
}
