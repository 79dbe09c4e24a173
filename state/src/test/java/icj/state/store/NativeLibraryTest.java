package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

final class NativeLibraryTest {
    @TempDir Path directory;

    @Test
    void isUnpackedOnce() throws Exception {
        String name = Environment.getJniLibraryFileName("rocksdb");
        URL resource = RocksDB.class.getClassLoader().getResource(name);
        Path folder = NativeLibrary.unpacked(directory.resolve("native"), name, resource);
        Path library = folder.resolve(name);
        FileTime first = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(library, first);
        assertEquals(folder, NativeLibrary.unpacked(directory.resolve("native"), name, resource));
        assertEquals(first, Files.getLastModifiedTime(library));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(library), files.toList());
        }
        // What a process that was killed left behind is replaced.
        Files.write(library, new byte[10]);
        NativeLibrary.unpacked(directory.resolve("native"), name, resource);
        assertTrue(Files.size(library) > 1_000_000);
    }

    @Test
    void aProcessLoadsItFromTheGivenDirectory() throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-D" + NativeLibrary.DIRECTORY_PROPERTY + "=" + directory,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Opening.class.getName(),
                                directory.resolve("journal").toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("from " + directory), output);
    }

    /// Opens a journal and tells from where the library came.
    static final class Opening {
        public static void main(String[] arguments) throws Exception {
            JournalFiles.open(Path.of(arguments[0])).close();
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                if (line.contains("rocksdb")) {
                    System.out.println("from " + line.substring(line.indexOf('/')));
                    return;
                }
            }
        }
    }
}
