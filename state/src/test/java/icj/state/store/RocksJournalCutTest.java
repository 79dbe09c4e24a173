package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.types.Blob;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The log of a journal cut in its last 64 KiB, with and without the mark beside it
/// (docs/adr/0001).
final class RocksJournalCutTest {
    private static final int TAIL_BYTES = 64 << 10;

    @TempDir Path directory;

    @Test
    void aLogCutAnywhereHoldsAPrefixOfTheWrites() throws Exception {
        cutEverywhere(331);
    }

    @Test
    @Tag("long")
    void aLogCutAtEveryByteHoldsAPrefixOfTheWrites() throws Exception {
        cutEverywhere(1);
    }

    private void cutEverywhere(int stride) throws Exception {
        List<TreeMap<Blob, Blob>> states = new ArrayList<>();
        Path crashed = JournalFiles.crashed(directory, states, 200);
        Path log = JournalFiles.log(crashed);
        Path mark = directory.resolve("live.mark");
        long length = JournalFiles.end(crashed);
        assertTrue(length > TAIL_BYTES, "the log has " + length + " bytes");
        Path copy = directory.resolve("cut");
        Path copiedMark = directory.resolve("cut.mark");
        int opened = 0;
        int noticed = 0;
        int last = -1;
        for (long cut = length - TAIL_BYTES; cut <= length; cut += stride) {
            JournalFiles.delete(copy);
            JournalFiles.copy(crashed, copy);
            try (RandomAccessFile file =
                    new RandomAccessFile(copy.resolve(log.getFileName()).toFile(), "rw")) {
                file.setLength(cut);
            }
            Files.write(copiedMark, Files.readAllBytes(mark));
            int prefix = -1;
            try (RocksJournal journal = JournalFiles.open(copy)) {
                prefix = states.indexOf(JournalFiles.content(journal));
                assertEquals(
                        states.size() - 1, prefix, "cut at " + cut + ": lost writes go unnoticed");
            } catch (StoreException e) {
                assertEquals(StoreException.Reason.DAMAGED, e.reason(), e.getMessage());
                noticed++;
            }
            Files.delete(copiedMark);
            try (RocksJournal journal = JournalFiles.open(copy)) {
                prefix = states.indexOf(JournalFiles.content(journal));
                assertTrue(prefix >= 0, "cut at " + cut + ": not what any prefix leaves");
                assertTrue(prefix >= last, "cut at " + cut + ": a longer log holds less");
                last = prefix;
                opened++;
            } catch (StoreException e) {
                assertEquals(StoreException.Reason.DAMAGED, e.reason(), e.getMessage());
            }
        }
        assertTrue(opened > 0 && last > 0 && noticed > 0);
        Files.write(directory.resolve("crashed.mark"), Files.readAllBytes(mark));
        try (RocksJournal journal = JournalFiles.open(crashed)) {
            assertEquals(states.getLast(), JournalFiles.content(journal));
        }
        System.out.printf(
                "Cut %d times: %d noticed with the mark, %d opened without it%n",
                TAIL_BYTES / stride + 1, noticed, opened);
    }
}
