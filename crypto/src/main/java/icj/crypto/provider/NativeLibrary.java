package icj.crypto.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;

/// Native libraries of the class path, unpacked once for each directory.
///
/// They go into the directory of the system property `icj.native.dir`, else into one of this user
/// below the temporary directory. A file appears whole, by an atomic rename, after its SHA-256 was
/// compared with the pinned one; a file that is there already is compared by its CRC-32, which
/// finds a torn one in a millisecond (SHA-256 takes a starting JVM a tenth of a second for 10 MB).
/// Any number of processes may start at once.
final class NativeLibrary {
    /// System property: where native libraries are unpacked.
    static final String DIRECTORY_PROPERTY = "icj.native.dir";

    private NativeLibrary() {}

    /// A file in a jar, of one version.
    ///
    /// @param resource where the jar has it
    /// @param sha256 of its bytes
    /// @param crc32 of its bytes
    record Content(String resource, String sha256, long crc32) {
        /// The beginning of the hash, for names: other versions have other files.
        String mark() {
            return sha256.substring(0, 16);
        }
    }

    /// One platform's file in jblst 0.3.17. The hash pins the version, on whose struct sizes [Blst]
    /// relies.
    private enum Platform {
        LINUX_X64(
                "Linux/amd64/libblst.so",
                "6a87d87cc982078dcf40f034f21959839d1fe20d45229d37de9c82c178f2a0ce",
                0x3bd12abcL),
        LINUX_ARM64(
                "Linux/aarch64/libblst.so",
                "b47e669bcd521a0cc3b5753beab0c9ddb5cc81988d5d555722de3149db75b52b",
                0x8f8faf03L),
        MAC_X64(
                "Mac/x86_64/libblst.dylib",
                "17aa48bb47a6df714d68ebdfa622341866e3df5d5ba632c3abf526f92f7cbb98",
                0x9ca76834L),
        MAC_ARM64(
                "Mac/aarch64/libblst.dylib",
                "7fd78cc498f3f3998070f50d5645cff71b1af01be94699da393235a5cfebdbe4",
                0xaf31fab6L);

        final Content content;

        Platform(String path, String sha256, long crc32) {
            this.content = new Content("/supranational/blst/" + path, sha256, crc32);
        }

        static Platform ofThisMachine() {
            String system = System.getProperty("os.name", "");
            String processor = System.getProperty("os.arch", "");
            boolean arm = processor.equals("aarch64");
            boolean x64 = processor.equals("amd64") || processor.equals("x86_64");
            if (system.startsWith("Linux") && (arm || x64)) {
                return arm ? LINUX_ARM64 : LINUX_X64;
            }
            if (system.startsWith("Mac") && (arm || x64)) {
                return arm ? MAC_ARM64 : MAC_X64;
            }
            throw new UnsupportedOperationException(
                    "No BLS12-381 library for "
                            + system
                            + " on "
                            + processor
                            + "; supported are Linux and macOS on x86-64 and ARM64");
        }

        String fileName() {
            String ending = content.resource().substring(content.resource().lastIndexOf('.'));
            return "libblst-" + content.mark() + ending;
        }
    }

    /// Unpacks the BLS12-381 library where needed, checks and loads it, for the life of the
    /// process.
    static SymbolLookup load() {
        try {
            return SymbolLookup.libraryLookup(unpack(directory()), Arena.global());
        } catch (IOException e) {
            throw new UncheckedIOException("The BLS12-381 library can't be unpacked", e);
        }
    }

    /// The BLS12-381 library's file in `directory`, written unless it is there with the right
    /// bytes.
    static Path unpack(Path directory) throws IOException {
        Platform platform = Platform.ofThisMachine();
        return unpack(platform.content, directory.resolve(platform.fileName()));
    }

    /// Writes the content to `file` in a directory that exists, unless it is there with the right
    /// bytes; returns the file.
    static Path unpack(Content content, Path file) throws IOException {
        if (Files.isRegularFile(file) && checksum(Files.readAllBytes(file)) == content.crc32()) {
            return file;
        }
        byte[] bytes;
        try (InputStream in = NativeLibrary.class.getResourceAsStream(content.resource())) {
            if (in == null) {
                throw new IOException(content.resource() + " is not on the class path");
            }
            bytes = in.readAllBytes();
        }
        if (!hasHash(bytes, content.sha256())) {
            throw new IOException(content.resource() + " is not of the version that is expected");
        }
        Path written = Files.createTempFile(file.toAbsolutePath().getParent(), "native", ".part");
        try {
            Files.write(written, bytes);
            move(written, file);
        } finally {
            Files.deleteIfExists(written);
        }
        return file;
    }

    static long checksum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path directory() throws IOException {
        String configured = System.getProperty(DIRECTORY_PROPERTY);
        if (configured != null && !configured.isEmpty()) {
            Path directory = Path.of(configured).toAbsolutePath();
            Files.createDirectories(directory);
            return directory;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9_.-]", "_");
        Path directory = temporary.resolve("icj-native-" + user);
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
        } catch (FileAlreadyExistsException e) {
            if (!isOurs(directory)) {
                // Somebody else made it: loading code from there would run theirs.
                return Files.createTempDirectory("icj-native-");
            }
        }
        return directory;
    }

    private static boolean isOurs(Path directory) throws IOException {
        Path probe = Files.createTempFile("icj-owner", "");
        try {
            Set<PosixFilePermission> allowed =
                    Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                            .equals(Files.getOwner(probe))
                    && !allowed.contains(PosixFilePermission.GROUP_WRITE)
                    && !allowed.contains(PosixFilePermission.OTHERS_WRITE);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static boolean hasHash(byte[] bytes, String sha256) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Arrays.equals(hash, HexFormat.of().parseHex(sha256));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
