package icj.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Committed files that hold what the code must still produce. `-Dgolden.rewrite=true` writes them
/// anew.
public final class Golden {
    private Golden() {}

    /// Compares `actual` with `src/test/resources/golden/NAME` of the module under test.
    public static void check(String name, String actual) {
        check(Path.of("src/test/resources/golden", name), actual);
    }

    /// Compares `actual` with a committed file, such as a page of `docs/`.
    public static void check(Path file, String actual) {
        try {
            if (Boolean.getBoolean("golden.rewrite")) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, actual);
                return;
            }
            if (!Files.exists(file)) {
                throw new AssertionError(file + " is missing; write it with -Dgolden.rewrite=true");
            }
            String expected = Files.readString(file);
            if (!expected.equals(actual)) {
                throw new AssertionError(
                        file
                                + " differs; if the change is meant, rewrite it with"
                                + " -Dgolden.rewrite=true\n"
                                + "--- expected\n"
                                + expected
                                + "\n--- actual\n"
                                + actual);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
