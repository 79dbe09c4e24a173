package icj.launcher.network;

import icj.launcher.text.FileFailures;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that are written whole or not at all, and files that only their owner may read.
public final class OwnerFiles {
    private static final Set<PosixFilePermission> DIRECTORY =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PUBLIC =
            PosixFilePermissions.fromString("rw-r--r--");

    private OwnerFiles() {}

    /// Makes a directory that only its owner may enter; its parents get the usual rights.
    public static void directory(Path directory) {
        try {
            if (Files.isDirectory(directory)) {
                Files.setPosixFilePermissions(directory, DIRECTORY);
                return;
            }
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    /// Replaces a file atomically: a reader sees the old text or the new one, also after a crash.
    public static void replace(Path file, String text) {
        replace(file, text.getBytes(StandardCharsets.UTF_8), PUBLIC);
    }

    /// Replaces a file atomically.
    public static void replace(Path file, byte[] bytes) {
        replace(file, bytes, PUBLIC);
    }

    /// Replaces a file atomically; only its owner may read it, from the first byte on.
    public static void replacePrivate(Path file, byte[] bytes) {
        replace(file, bytes, PRIVATE);
    }

    /// Replaces a file atomically; only its owner may read it, from the first byte on.
    public static void replacePrivate(Path file, String text) {
        replace(file, text.getBytes(StandardCharsets.UTF_8), PRIVATE);
    }

    /// Makes a file that only its owner may read, whole or not at all, unless there is one; whether
    /// it was made.
    public static boolean createPrivate(Path file, String text) {
        Path next = next(file);
        try {
            write(next, text.getBytes(StandardCharsets.UTF_8), PRIVATE);
            name(next, file);
            sync(file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw FileFailures.of(e);
        } finally {
            delete(next);
        }
    }

    /// Changes a file while no other command does: what is read in the change is still so when it
    /// is written.
    public static void exclusively(Path file, Runnable change) {
        Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
        // Threads of one process would be refused, not held up.
        synchronized (OwnerFiles.class) {
            try (FileChannel channel =
                            FileChannel.open(
                                    lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid()) {
                    change.run();
                }
            } catch (IOException e) {
                throw FileFailures.of(e);
            }
        }
    }

    /// Removes a file or a whole directory; links are removed, not followed. Nothing there is fine.
    public static void removeAll(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(
                    path,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path directory, @Nullable IOException failure) throws IOException {
                            if (failure != null) {
                                throw failure;
                            }
                            Files.delete(directory);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    private static void replace(Path file, byte[] bytes, Set<PosixFilePermission> rights) {
        Path next = next(file);
        try {
            write(next, bytes, rights);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            sync(file);
        } catch (IOException e) {
            delete(next);
            throw FileFailures.of(e);
        }
    }

    /// Where the new text is written first: a name of each thread's own.
    private static Path next(Path file) {
        long process = ProcessHandle.current().pid();
        long thread = Thread.currentThread().threadId();
        return file.resolveSibling(
                "." + file.getFileName() + "." + process + "-" + thread + ".next");
    }

    private static void write(Path next, byte[] bytes, Set<PosixFilePermission> rights)
            throws IOException {
        Files.deleteIfExists(next);
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(rights))) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /// Gives the file its name unless something has it: an atomic move would replace that.
    private static void name(Path next, Path file) throws IOException {
        try {
            Files.createLink(file, next);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without links.
            Files.move(next, file);
        }
    }

    /// The name itself must survive a power cut too.
    private static void sync(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    private static void delete(Path next) {
        try {
            Files.deleteIfExists(next);
        } catch (IOException e) {
            // What went wrong before is what matters; it is a hidden file.
            return;
        }
    }
}
