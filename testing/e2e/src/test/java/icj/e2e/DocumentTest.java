package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// The test of the documents notices what is wrong in one.
@Timeout(60)
final class DocumentTest {
    @TempDir Path home;

    @Test
    void aBlockThatFailsIsNamedByFileAndLine() {
        Document document =
                document(
                        """
                        # Title
                        ```sh run
                        echo before
                        false
                        echo after
                        ```
                        """);
        String said = failure(document.blocks().getFirst());
        assertTrue(said.startsWith("docs/X.md:2: the block ended with 1"), said);
        assertTrue(said.contains("before") && said.contains("echo after"), said);
    }

    @Test
    void outputThatDiffersIsNamedByFileAndLine() {
        Document document =
                document(
                        """
                        ```sh run
                        printf 'a 17 b\\nmore\\nlast\\n'
                        ```
                        ```text output
                        a ... b
                        last
                        ```

                        ```sh run
                        printf 'last\\na\\n'
                        ```
                        ```text output
                        a
                        last
                        ```
                        """);
        new Reader(home).run(document.blocks().get(0));
        String said = failure(document.blocks().get(1));
        assertTrue(said.startsWith("docs/X.md:9: the document shows a line"), said);
        assertTrue(said.contains("not printed: last"), said);
    }

    @Test
    void onlyMarkedBlocksAreRunAndUnmarkedOnesAreFound() {
        Document document =
                document(
                        """
                        ```sh
                        false
                        ```
                        ```sh not-run
                        false
                        ```
                        ```js run
                        1
                        ```
                        ```sh run node
                        node --version
                        ```
                        ```
                        a picture
                        ```
                            ./ic start
                        """);
        assertEquals(List.of("docs/X.md:1", "docs/X.md:16"), document.unmarked());
        assertEquals(
                List.of("js", "sh"),
                document.blocks().stream().map(Document.Block::language).toList());
        assertTrue(document.blocks().stream().allMatch(Document.Block::needsNode));
    }

    @Test
    void outputOfNothingIsAMistake() {
        assertThrows(AssertionError.class, () -> document("```text output\na\n```\n"));
    }

    private String failure(Document.Block block) {
        Reader reader = new Reader(home);
        return String.valueOf(
                assertThrows(AssertionError.class, () -> reader.run(block)).getMessage());
    }

    private static Document document(String text) {
        return Document.parse("docs/X.md", text);
    }
}
