package icj.state.store;

import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Loads RocksDB's native library. With the system property `icj.native.dir` it is unpacked into
/// that directory once and then used by all processes; without, into a new temporary file at each
/// start, which costs each process 16 MB and a tenth of a second.
final class NativeLibrary {
    static final String DIRECTORY_PROPERTY = "icj.native.dir";

    private NativeLibrary() {}

    /// Loads the library; calls after the first do nothing.
    static void load() {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        URL resource =
                RocksDB.class
                        .getClassLoader()
                        .getResource(Environment.getJniLibraryFileName("rocksdb"));
        if (directory == null || directory.isEmpty() || resource == null) {
            RocksDB.loadLibrary();
            return;
        }
        try {
            // In a directory RocksDB looks for another name than in its archive.
            String name = Environment.getJniLibraryFileName("rocksdbjni");
            RocksDB.loadLibrary(List.of(unpacked(Path.of(directory), name, resource).toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("RocksDB's library can't be unpacked", e);
        }
    }

    /// The directory that holds the library, unpacked there if it was not. A process that unpacks
    /// it at the same time does no harm: the file appears complete, by a rename.
    static Path unpacked(Path parent, String name, URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        try (InputStream bytes = connection.getInputStream()) {
            Path directory =
                    parent.toAbsolutePath().resolve("rocksdb-" + fingerprint(connection, resource));
            Path library = directory.resolve(name);
            if (Files.isRegularFile(library)
                    && Files.size(library) == connection.getContentLengthLong()) {
                return directory;
            }
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, "unpacking", ".tmp");
            try {
                Files.copy(bytes, temporary, StandardCopyOption.REPLACE_EXISTING);
                Files.move(
                        temporary,
                        library,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            return directory;
        }
    }

    /// What tells one version of the library from another: the checksum that its archive has of it.
    private static String fingerprint(URLConnection connection, URL resource) throws IOException {
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        return Integer.toHexString(resource.toString().hashCode());
    }
}
