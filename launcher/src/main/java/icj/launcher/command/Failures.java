package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.FileFailures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ReadOnlyFileSystemException;

/// What a command threw, as the failure that is told.
final class Failures {
    private Failures() {}

    static Failure of(Exception e) {
        return switch (e) {
            case Failure failure -> failure;
            case UncheckedIOException io when io.getCause() instanceof IOException cause ->
                    FileFailures.of(cause);
            case ReadOnlyFileSystemException readOnly -> FileFailures.of(readOnly);
            case IOException io -> FileFailures.of(io);
            default -> defect(e);
        };
    }

    private static Failure defect(Exception e) {
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        StackTraceElement[] trace = e.getStackTrace();
        String at = trace.length == 0 ? "" : " (" + trace[0] + ")";
        return new Failure(
                Problem.DEFECT,
                "Unexpected " + e.getClass().getSimpleName() + message + at,
                "This is a defect of ic; please report it with these lines and what"
                        + " ic export logs packs");
    }
}
