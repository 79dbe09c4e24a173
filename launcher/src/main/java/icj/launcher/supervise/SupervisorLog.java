package icj.launcher.supervise;

import icj.launcher.network.NetworkDirectory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// `supervisor.log`: one line for each event, with its time.
public final class SupervisorLog {
    private static final long BYTES_MAX = 1 << 20;

    private final Path file;

    /// @param directory of the network
    public SupervisorLog(NetworkDirectory directory) {
        this.file = directory.supervisorLog();
    }

    /// Puts a log that has grown aside as `supervisor.log.1`, before anybody writes to it.
    public void rotate() {
        try {
            if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
                Files.move(
                        file,
                        file.resolveSibling("supervisor.log.1"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds a line. A log that can't be written, since the disk is full or the folder gone, does
    /// not hold up the supervision: the line goes to standard error.
    public synchronized void add(String event) {
        String line = Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + event + "\n";
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.print(line);
        }
    }
}
