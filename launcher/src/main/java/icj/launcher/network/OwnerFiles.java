package icj.launcher.network;

import icj.launcher.text.FileFailures;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
        write(file, text.getBytes(StandardCharsets.UTF_8), PUBLIC);
    }

    /// Replaces a file atomically.
    public static void replace(Path file, byte[] bytes) {
        write(file, bytes, PUBLIC);
    }

    /// Replaces a file atomically; only its owner may read it, from the first byte on.
    public static void replacePrivate(Path file, byte[] bytes) {
        write(file, bytes, PRIVATE);
    }

    /// Replaces a file atomically; only its owner may read it, from the first byte on.
    public static void replacePrivate(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8), PRIVATE);
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

    private static void write(Path file, byte[] bytes, Set<PosixFilePermission> rights) {
        Path directory = file.toAbsolutePath().getParent();
        Path next = file.resolveSibling("." + file.getFileName() + ".next");
        try {
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
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            if (directory != null) {
                // The name itself must survive a power cut too.
                try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
                    folder.force(true);
                }
            }
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }
}
