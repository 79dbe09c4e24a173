package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

final class DiskSpaceTest {
    @TempDir Path folder;

    @Test
    void whatSystemsSayOfAFullDiskIsRecognisedWhereverItStands() {
        assertNotNull(DiskSpace.spent("A flush in x: No space left on device", null, folder));
        Throwable deep =
                new IllegalStateException(
                        "a turn", new IOException("/x/000012.sst: Disk quota exceeded"));
        assertEquals(
                "The disk of "
                        + folder
                        + " is full: make room; the node is started again and goes on where it was,"
                        + " nothing that was acknowledged is lost",
                DiskSpace.spent("The loop failed", deep, folder));
        assertNotNull(DiskSpace.spent("x", new IOException("File too large"), folder));
    }

    @Test
    void otherFailuresAreNotTakenForIt() {
        Path notYet = folder.resolve("a/b");
        assertNull(DiskSpace.spent("Corruption: bad block", new IOException(), notYet));
    }
}
