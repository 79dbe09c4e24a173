package icj.execution.system;

import icj.execution.wasm.Guest;
import icj.execution.wasm.ResidentPages;
import icj.execution.wasm.SpillFile;
import icj.state.model.PageDelta;
import icj.state.model.PageMap;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// Stable memory during one execution: the pages before it, and over them those that it wrote, of
/// which the latest are in memory and the others in a file (R-E8).
final class StableMemory {
    private static final int PAGE = PageMap.PAGE_BYTES;
    private static final byte[] ZEROS = new byte[PAGE];

    /// Stands for a page that lies in the file.
    private static final byte[] SPILLED = {};

    private final PageMap below;
    private final TreeMap<Integer, byte[]> written = new TreeMap<>();
    private final ResidentPages resident = new ResidentPages();
    private @Nullable SpillFile file;
    private long pages;

    StableMemory(PageMap below, long pages) {
        this.below = below;
        this.pages = pages;
    }

    /// The size in pages of 64 KiB.
    long pages() {
        return pages;
    }

    /// Sets the size in pages of 64 KiB.
    void pages(long next) {
        pages = next;
    }

    /// How many pages of 4096 bytes were written.
    int dirtyPages() {
        return written.size();
    }

    /// Copies out a range that lies inside.
    byte[] read(long offset, int size, Guest guest) {
        byte[] bytes = new byte[size];
        int done = 0;
        while (done < size) {
            long at = offset + done;
            int within = (int) (at % PAGE);
            int part = Math.min(PAGE - within, size - done);
            byte[] page = page((int) (at / PAGE), guest);
            System.arraycopy(page, within, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /// Copies into a range that lies inside.
    void write(long offset, byte[] bytes, Guest guest) {
        int done = 0;
        while (done < bytes.length) {
            long at = offset + done;
            int within = (int) (at % PAGE);
            int part = Math.min(PAGE - within, bytes.length - done);
            System.arraycopy(bytes, done, own((int) (at / PAGE), guest), within, part);
            done += part;
        }
    }

    /// The pages after the execution, which does not write any more.
    PageMap after() {
        if (written.isEmpty()) {
            return below;
        }
        PageDelta.Builder delta = new PageDelta.Builder();
        for (Map.Entry<Integer, byte[]> page : written.entrySet()) {
            if (file != null && page.getValue() == SPILLED) {
                delta.put(page.getKey(), file);
            } else {
                delta.put(page.getKey(), page.getValue());
            }
        }
        return below.with(delta.build());
    }

    private byte[] page(int index, Guest guest) {
        byte[] own = written.get(index);
        if (own != null) {
            return own == SPILLED ? own(index, guest) : own;
        }
        byte[] shared = below.page(index);
        return shared == null ? ZEROS : shared;
    }

    private byte[] own(int index, Guest guest) {
        byte[] known = written.get(index);
        if (known != null && known != SPILLED) {
            return known;
        }
        if (known == null) {
            guest.takePage();
        } else {
            guest.charge(ResidentPages.RELOAD_INSTRUCTIONS);
        }
        byte[] page = room(index, guest);
        if (known == null) {
            byte[] shared = below.page(index);
            System.arraycopy(shared == null ? ZEROS : shared, 0, page, 0, PAGE);
        } else {
            spill(guest).read(index, page);
        }
        written.put(index, page);
        return page;
    }

    /// An array for one more page: that of a page that leaves memory for it, or a new one.
    private byte[] room(int index, Guest guest) {
        int leaves = resident.admit(index);
        if (leaves < 0) {
            return new byte[PAGE];
        }
        byte[] oldest = written.put(leaves, SPILLED);
        if (oldest == null) {
            throw new Invariant.Violation("Page " + leaves + " leaves memory and is not there");
        }
        spill(guest).write(leaves, oldest);
        return oldest;
    }

    private SpillFile spill(Guest guest) {
        SpillFile opened = file;
        if (opened == null) {
            opened = guest.openSpill();
            file = opened;
        }
        return opened;
    }
}
