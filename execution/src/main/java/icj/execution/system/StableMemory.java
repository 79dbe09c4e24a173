package icj.execution.system;

import icj.state.model.PageDelta;
import icj.state.model.PageMap;

import java.util.Map;
import java.util.TreeMap;

/// Stable memory during one execution: the pages before it, and over them those that it wrote.
final class StableMemory {
    private static final int PAGE = PageMap.PAGE_BYTES;
    private static final byte[] ZEROS = new byte[PAGE];

    private final PageMap below;
    private final TreeMap<Integer, byte[]> written = new TreeMap<>();
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
    byte[] read(long offset, int size) {
        byte[] bytes = new byte[size];
        int done = 0;
        while (done < size) {
            long at = offset + done;
            int within = (int) (at % PAGE);
            int part = Math.min(PAGE - within, size - done);
            byte[] page = page((int) (at / PAGE));
            System.arraycopy(page, within, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /// Copies into a range that lies inside.
    void write(long offset, byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            long at = offset + done;
            int within = (int) (at % PAGE);
            int part = Math.min(PAGE - within, bytes.length - done);
            int index = (int) (at / PAGE);
            byte[] page = written.get(index);
            if (page == null) {
                page = page(index).clone();
                written.put(index, page);
            }
            System.arraycopy(bytes, done, page, within, part);
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
            delta.put(page.getKey(), page.getValue());
        }
        return below.with(delta.build());
    }

    private byte[] page(int index) {
        byte[] own = written.get(index);
        if (own != null) {
            return own;
        }
        byte[] shared = below.page(index);
        return shared == null ? ZEROS : shared;
    }
}
