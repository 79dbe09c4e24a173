package icj.execution.wasm;

import icj.state.model.PageMap;
import icj.state.model.SpilledPages;
import icj.types.Invariant;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/// The file of what one message wrote beyond the pages that stay in memory (R-E8). It has no name
/// any more once it is open, so that a crash leaves nothing, and goes when nobody reads it any
/// more. The pages lie in the order in which they came first, so that it has no holes: not every
/// file system keeps these for nothing, and processes may have a limit of a file's size.
public final class SpillFile implements SpilledPages {
    private static final Cleaner CLEANER = Cleaner.create();

    private final RandomAccessFile file;
    private final Cleaner.Cleanable closing;

    /// Where each page lies, in pages.
    private final TreeMap<Integer, Integer> places = new TreeMap<>();

    private SpillFile(RandomAccessFile file) {
        this.file = file;
        this.closing = CLEANER.register(this, () -> close(file));
    }

    /// A new, empty file in a directory.
    ///
    /// @throws UncheckedIOException if there can be none: the message has then no outcome, and the
    ///   process has to end
    public static SpillFile open(Path directory) {
        try {
            Files.createDirectories(directory);
            Path name = Files.createTempFile(directory, "pages", ".spill");
            RandomAccessFile file = new RandomAccessFile(name.toFile(), "rw");
            Files.delete(name);
            return new SpillFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException("No file for written pages in " + directory, e);
        }
    }

    /// Writes a page, in place of an earlier one of the same number. Only before the file is given
    /// to a state.
    public synchronized void write(int index, byte[] page) {
        Integer place = places.get(index);
        if (place == null) {
            place = places.size();
            places.put(index, place);
        }
        try {
            file.seek((long) place * PageMap.PAGE_BYTES);
            file.write(page);
        } catch (IOException e) {
            throw new UncheckedIOException("A page can't be written to its file", e);
        }
    }

    @Override
    public byte[] page(int index) {
        byte[] page = new byte[PageMap.PAGE_BYTES];
        read(index, page);
        return page;
    }

    /// Reads a page into an array of its size.
    public synchronized void read(int index, byte[] page) {
        Integer place = places.get(index);
        if (place == null) {
            throw new Invariant.Violation("Page " + index + " is not in the file");
        }
        try {
            file.seek((long) place * PageMap.PAGE_BYTES);
            file.readFully(page);
        } catch (IOException e) {
            throw new UncheckedIOException("A page can't be read from its file", e);
        }
    }

    /// Gives the disk space back at once: for a file that no state got.
    public void close() {
        closing.clean();
    }

    private static void close(RandomAccessFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // It has no name: the system frees it at the latest when the process ends.
            return;
        }
    }
}
