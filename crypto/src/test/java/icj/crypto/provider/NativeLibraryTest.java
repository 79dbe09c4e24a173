package icj.crypto.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

final class NativeLibraryTest {
    @TempDir Path directory;

    @Test
    void unpacksOnceAndLeavesNothingElse() throws Exception {
        Path file = NativeLibrary.unpack(directory);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertEquals(file, NativeLibrary.unpack(directory));
        assertEquals(1_000, Files.getLastModifiedTime(file).toMillis());
        assertOneFile();
    }

    @Test
    void replacesATornFile() throws Exception {
        Path file = NativeLibrary.unpack(directory);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, new byte[] {1, 2, 3});
        assertEquals(file, NativeLibrary.unpack(directory));
        assertEquals(whole.length, Files.size(file));
        assertOneFile();
    }

    @Test
    void anyNumberMayUnpackAtOnce() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    NativeLibrary.unpack(directory);
                                } catch (Throwable e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            });
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        assertOneFile();
    }

    @Test
    void theCorrettoLibraryIsUnpackedOnceAndReplacedWhenTorn() throws Exception {
        Path folder = CorrettoLibrary.folder(directory);
        Path file = CorrettoLibrary.unpack(folder);
        long size = Files.size(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        CorrettoLibrary.unpack(folder);
        assertEquals(1_000, Files.getLastModifiedTime(file).toMillis());
        Files.write(file, new byte[] {1, 2, 3});
        CorrettoLibrary.unpack(folder);
        assertEquals(size, Files.size(file));
    }

    @Test
    void aProcessThatWasNotToldUnpacksNothing() {
        assertFalse(CorrettoLibrary.prepare());
    }

    private void assertOneFile() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            assertTrue(all.getFirst().getFileName().toString().startsWith("libblst-"));
        }
    }
}
