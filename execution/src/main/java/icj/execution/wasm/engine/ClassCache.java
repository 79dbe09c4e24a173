package icj.execution.wasm.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Compiled modules on disk, shared by all nodes of a host (R-E9): one file for each key, one
/// compiler for each key by file lock, readable and writable by the owner only. A damaged file
/// counts as missing.
///
/// Code from here runs with the node's rights, so that a directory that others can write to is
/// refused.
final class ClassCache {
    /// Files beyond this go, the least recently used first.
    private static final long BYTES_MAX = 512L << 20;

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private final Path directory;

    /// Opens a directory and makes it if it is missing.
    ///
    /// @throws IOException if others could write to it
    ClassCache(Path directory) throws IOException {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (java.nio.file.FileAlreadyExistsException e) {
                // Another node was faster.
                checkOwner();
            }
        }
        checkOwner();
    }

    private void checkOwner() throws IOException {
        Set<PosixFilePermission> permissions =
                EnumSet.copyOf(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
        permissions.removeAll(OWNER_ONLY);
        if (!permissions.isEmpty()) {
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        }
        String owner = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
        Path probe = Files.createTempFile(directory, "owner", ".tmp");
        try {
            if (!Files.getOwner(probe).getName().equals(owner)) {
                throw new IOException("The class cache " + directory + " belongs to another user");
            }
        } finally {
            Files.delete(probe);
        }
    }

    /// Where files between processes may lie.
    Path directory() {
        return directory;
    }

    private Path file(String key) {
        return directory.resolve(key + ".classes");
    }

    /// The module of a key, or null.
    @Nullable CompiledModule read(String key) throws IOException {
        Path file = file(key);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            return CompiledModule.decode(bytes);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            return null;
        }
    }

    /// Keeps a module.
    void write(String key, CompiledModule module) throws IOException {
        Path half =
                Files.createTempFile(
                        directory,
                        key,
                        ".tmp",
                        PosixFilePermissions.asFileAttribute(
                                EnumSet.of(
                                        PosixFilePermission.OWNER_READ,
                                        PosixFilePermission.OWNER_WRITE)));
        Files.write(half, module.encode());
        Files.move(half, file(key), StandardCopyOption.ATOMIC_MOVE);
        prune();
    }

    /// Holds the key's lock until closed, waiting for whoever has it.
    Lock lock(String key) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(key + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        while (true) {
            try {
                return new Lock(channel, channel.lock());
            } catch (OverlappingFileLockException e) {
                // Another runtime of this process has it.
                LockSupport.parkNanos(20_000_000L);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    /// A held lock.
    record Lock(FileChannel channel, FileLock held) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            held.release();
            channel.close();
        }
    }

    private void prune() throws IOException {
        record Entry(Path path, long bytes, long time) {}
        List<Entry> entries = new ArrayList<>();
        long total = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path path : files.toList()) {
                if (path.toString().endsWith(".classes")) {
                    try {
                        long bytes = Files.size(path);
                        total += bytes;
                        entries.add(
                                new Entry(path, bytes, Files.getLastModifiedTime(path).toMillis()));
                    } catch (NoSuchFileException e) {
                        // Another node pruned it.
                        continue;
                    }
                }
            }
        }
        entries.sort((a, b) -> Long.compare(a.time, b.time));
        for (Entry entry : entries) {
            if (total <= BYTES_MAX) {
                return;
            }
            Files.deleteIfExists(entry.path);
            total -= entry.bytes;
        }
    }
}
