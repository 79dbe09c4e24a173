package icj.launcher.text;

import icj.launcher.Failure;
import icj.launcher.Problem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

/// What a failed read or write means to the user.
public final class FileFailures {
    private FileFailures() {}

    /// The sentence for what the system said.
    public static Failure of(IOException e) {
        String message = String.valueOf(e.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left")
                || lower.contains("quota exceeded")
                || lower.contains("file too large")) {
            return new Failure(
                    Problem.DISK_FULL,
                    "The disk is full: " + message,
                    "Make room (see: ic doctor), then run the command again");
        }
        boolean denied =
                e instanceof AccessDeniedException
                        || lower.contains("permission denied")
                        || lower.contains("read-only file system")
                        || lower.contains("operation not permitted");
        if (denied) {
            return new Failure(
                    Problem.FILE_ACCESS,
                    file(e, message) + " can't be read or written: permission denied",
                    "Correct its owner or rights, or name another place with --state-dir");
        }
        return new Failure(
                Problem.FILE_PROBLEM,
                "A file can't be read or written: "
                        + e.getClass().getSimpleName()
                        + (message.equals("null") ? "" : ": " + message),
                "See: ic doctor");
    }

    /// The sentence for a file system that takes no writes.
    public static Failure of(ReadOnlyFileSystemException e) {
        return of(new AccessDeniedException("The file system", null, e.getMessage()));
    }

    private static String file(IOException e, String message) {
        return e instanceof FileSystemException named && named.getFile() != null
                ? named.getFile()
                : message;
    }
}
