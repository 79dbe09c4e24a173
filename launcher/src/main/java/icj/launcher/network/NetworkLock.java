package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.FileFailures;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The right to run a network: a file lock that the system gives back when the process ends,
/// however it ends.
public final class NetworkLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private NetworkLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /// Takes the lock, or ends with a sentence when somebody holds it.
    public static NetworkLock take(NetworkDirectory directory) {
        NetworkLock taken = tryTake(directory);
        if (taken == null) {
            throw new Failure(
                    Problem.NETWORK_RUNS,
                    "Network \"" + directory.name() + "\" already runs",
                    "See: ic status. To end it: ic stop");
        }
        return taken;
    }

    /// Takes the lock, or returns null when somebody holds it.
    public static @Nullable NetworkLock tryTake(NetworkDirectory directory) {
        try {
            Files.createDirectories(directory.root());
            return tryLock(directory.lock());
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    /// Whether a supervisor holds the lock now.
    public static boolean isHeld(NetworkDirectory directory) {
        if (!Files.exists(directory.lock())) {
            return false;
        }
        try {
            NetworkLock mine = tryLock(directory.lock());
            if (mine == null) {
                return true;
            }
            mine.close();
            return false;
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    private static @Nullable NetworkLock tryLock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new NetworkLock(channel, lock);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer.
            channel.close();
            return null;
        }
        channel.close();
        return null;
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }
}
