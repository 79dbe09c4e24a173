package icj.replica;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Whether a write failed because there is no room: the one failure of a disk that an operator
/// cures by deleting something, after which the node goes on where it was.
final class DiskSpace {
    /// What systems say, in the language of programs; a size limit of the process counts too.
    private static final List<String> WORDS =
            List.of("no space left", "quota exceeded", "file too large");

    /// With less than this a write of the stores can't succeed, in whatever language that was said.
    private static final long USABLE_BYTES_MIN = 256 << 10;

    private DiskSpace() {}

    /// The sentence for the operator, or null when the failure is another one.
    ///
    /// @param said what failed
    /// @param cause with what it says itself and its own causes
    /// @param data a folder of the node
    static @Nullable String spent(String said, @Nullable Throwable cause, Path data) {
        String words = said;
        for (Throwable at = cause; at != null; at = at.getCause()) {
            words += "\n" + at.getMessage();
        }
        if (!isSpent(words.toLowerCase(Locale.ROOT)) && usableBytes(data) >= USABLE_BYTES_MIN) {
            return null;
        }
        return "The disk of "
                + data
                + " is full: make room; the node is started again and goes on where it was, nothing"
                + " that was acknowledged is lost";
    }

    private static boolean isSpent(String words) {
        for (String word : WORDS) {
            if (words.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static long usableBytes(Path data) {
        try {
            Path there = data;
            while (Files.notExists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            return Files.getFileStore(there).getUsableSpace();
        } catch (IOException e) {
            // Unknown: the failure's own words decide.
            return Long.MAX_VALUE;
        }
    }
}
