package icj.state.model;

import icj.types.Blob;

/// Immutable bytes that need not stay in memory: modules and chunks of modules. They lie in a
/// [PageMap], so that they leave memory when the store has them and are read again, and checked,
/// when somebody asks.
public final class PagedBytes {
    private final PageMap pages;
    private final int length;

    private PagedBytes(PageMap pages, int length) {
        this.pages = pages;
        this.length = length;
    }

    /// These bytes, copied.
    public static PagedBytes of(Blob bytes) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int from = 0; from < bytes.length(); from += PageMap.PAGE_BYTES) {
            byte[] page = new byte[PageMap.PAGE_BYTES];
            int size = Math.min(page.length, bytes.length() - from);
            System.arraycopy(bytes.shared(), from, page, 0, size);
            delta.put(from / PageMap.PAGE_BYTES, page);
        }
        return new PagedBytes(PageMap.empty(MemoryKind.BYTES).with(delta.build()), bytes.length());
    }

    /// The first `length` bytes of a memory that a store holds.
    static PagedBytes stored(PageMap pages, int length) {
        return new PagedBytes(pages, length);
    }

    /// How many bytes there are.
    public int length() {
        return length;
    }

    /// All bytes, in memory as long as the caller keeps them.
    ///
    /// @throws DamagedPageException if the store gives other bytes than were written
    public Blob toBlob() {
        byte[] bytes = new byte[length];
        copyTo(bytes, 0);
        return Blob.owning(bytes);
    }

    /// Copies all bytes to `target` from `at` on; throws as [#toBlob] does.
    public void copyTo(byte[] target, int at) {
        for (int from = 0; from < length; from += PageMap.PAGE_BYTES) {
            byte[] page = pages.page(from / PageMap.PAGE_BYTES);
            if (page != null) {
                int size = Math.min(page.length, length - from);
                System.arraycopy(page, 0, target, at + from, size);
            }
        }
    }

    /// The pages that hold them, zeros after the last byte.
    PageMap pages() {
        return pages;
    }
}
