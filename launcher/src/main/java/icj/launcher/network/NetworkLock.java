package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.FileFailures;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// The right to run a network: a file lock that the system gives back when the process ends,
/// however it ends.
public final class NetworkLock implements AutoCloseable {
    /// The locked files of this process. None of them is opened a second time: with the first
    /// descriptor of a file that a process closes, POSIX takes all its locks on the file away.
    private static final Set<Path> MINE = new HashSet<>();

    /// Whoever looks whether the lock is held holds it for a moment.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long POLL_MILLIS = 20;

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private NetworkLock(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
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

    /// Takes the lock, or returns null when somebody holds it for longer than a look.
    public static @Nullable NetworkLock tryTake(NetworkDirectory directory) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            Files.createDirectories(directory.root());
            NetworkLock taken = tryLock(directory.lock());
            while (taken == null && System.nanoTime() - end < 0) {
                Thread.sleep(POLL_MILLIS);
                taken = tryLock(directory.lock());
            }
            return taken;
        } catch (IOException e) {
            throw FileFailures.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /// Whether a supervisor holds the lock now.
    public static boolean isHeld(NetworkDirectory directory) {
        if (!Files.exists(directory.lock())) {
            return false;
        }
        synchronized (MINE) {
            try (NetworkLock mine = tryLock(directory.lock())) {
                return mine == null;
            } catch (IOException e) {
                throw FileFailures.of(e);
            }
        }
    }

    private static @Nullable NetworkLock tryLock(Path named) throws IOException {
        Path file = named.toAbsolutePath().normalize();
        synchronized (MINE) {
            if (MINE.contains(file)) {
                return null;
            }
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } finally {
                if (lock == null) {
                    channel.close();
                }
            }
            if (lock == null) {
                return null;
            }
            MINE.add(file);
            return new NetworkLock(file, channel, lock);
        }
    }

    @Override
    public void close() {
        synchronized (MINE) {
            try (channel) {
                lock.release();
            } catch (IOException e) {
                throw FileFailures.of(e);
            } finally {
                MINE.remove(file);
            }
        }
    }
}
