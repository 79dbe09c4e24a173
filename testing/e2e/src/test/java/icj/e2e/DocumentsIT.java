package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What the documents tell people to run does what they say. Each document has a reader of its own,
/// with an empty home; blocks that need Node say `NOT RUN` without it. `-Ddocument=README.md` reads
/// that one alone.
@Tag("e2e")
final class DocumentsIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @TestFactory
    @Timeout(1200)
    Stream<DynamicTest> everyMarkedBlockRuns() {
        List<Document> documents = documents().stream().filter(d -> !d.blocks().isEmpty()).toList();
        assertFalse(documents.isEmpty(), "no document has a block that is run");
        return documents.stream().map(d -> DynamicTest.dynamicTest(d.name(), () -> read(d)));
    }

    @Test
    void everyBlockOfCommandsIsMarked() {
        List<String> unmarked = new ArrayList<>();
        documents().forEach(d -> unmarked.addAll(d.unmarked()));
        assertEquals(
                List.of(),
                unmarked,
                "begin the block with ```sh run, or ```sh not-run if it can't");
    }

    private void read(Document document) {
        Reader reader = new Reader(folder.resolve(document.name().replace('/', '-')));
        reader.checkOut(Network.ROOT);
        try {
            for (Document.Block block : document.blocks()) {
                if (block.needsNode()) {
                    if (!Npm.isPresent(block.place())) {
                        continue;
                    }
                    ClientsIT.NPM.install();
                    reader.use(ClientsIT.NPM.folder().resolve("node_modules"));
                }
                reader.run(block);
            }
        } finally {
            reader.leave();
        }
    }

    private static List<Document> documents() {
        String names =
                Shell.run(
                                Network.ROOT,
                                Map.of(),
                                Duration.ofSeconds(30),
                                List.of("git", "ls-files", "-co", "--exclude-standard", "*.md"))
                        .expect(0)
                        .output();
        String only = System.getProperty("document", "");
        return names.lines()
                .filter(n -> n.endsWith(only))
                .map(n -> Document.read(Network.ROOT, n))
                .toList();
    }
}
