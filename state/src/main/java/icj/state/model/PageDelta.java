package icj.state.model;

import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// New content of some pages of a memory, in ascending order of their numbers.
public final class PageDelta {
    /// No page.
    public static final PageDelta EMPTY = new PageDelta(new int[0], new byte[0][], null);

    /// Stands for a page that lies in the file.
    private static final byte[] SPILLED = {};

    private final int[] indexes;
    private final byte[] @Nullable [] pages;
    private final @Nullable SpilledPages file;

    private PageDelta(int[] indexes, byte[] @Nullable [] pages, @Nullable SpilledPages file) {
        this.indexes = indexes;
        this.pages = pages;
        this.file = file;
    }

    /// The delta of these pages; the caller gives the arrays of bytes up. Null stands for a page of
    /// zeros.
    public static PageDelta of(SortedMap<Integer, byte @Nullable []> pages) {
        Builder builder = new Builder();
        for (Map.Entry<Integer, byte @Nullable []> page : pages.entrySet()) {
            builder.put(page.getKey(), page.getValue());
        }
        return builder.build();
    }

    /// How many pages it sets.
    public int size() {
        return indexes.length;
    }

    /// The bytes that it sets.
    public long bytes() {
        return (long) indexes.length * PageMap.PAGE_BYTES;
    }

    /// The page number at a position of `0` to `size() - 1`.
    public int index(int position) {
        return indexes[position];
    }

    /// The page at a position: 4096 bytes that nobody writes to any more, or null for zeros.
    public byte @Nullable [] page(int position) {
        SpilledPages from = spilled(position);
        return from == null ? pages[position] : from.page(indexes[position]);
    }

    /// Where the page at a position lies if it is not in memory.
    @Nullable SpilledPages spilled(int position) {
        return pages[position] == SPILLED ? file : null;
    }

    /// Collects pages in any order.
    public static final class Builder {
        private final TreeMap<Integer, byte @Nullable []> pages = new TreeMap<>();
        private @Nullable SpilledPages file;

        /// Sets a page, in place of an earlier one of the same number. The caller gives the array
        /// up. Null stands for zeros.
        public Builder put(int index, byte @Nullable [] page) {
            Invariant.check(index >= 0, "Page numbers are not negative, this is %d", index);
            Invariant.check(
                    page == null || page.length == PageMap.PAGE_BYTES, "A page has 4096 bytes");
            pages.put(index, page);
            return this;
        }

        /// Sets a page that lies in a file, the same one for all such pages of the delta.
        public Builder put(int index, SpilledPages from) {
            Invariant.check(index >= 0, "Page numbers are not negative, this is %d", index);
            Invariant.check(file == null || file == from, "A delta has pages of one file");
            file = from;
            pages.put(index, SPILLED);
            return this;
        }

        /// The delta of what was put.
        public PageDelta build() {
            if (pages.isEmpty()) {
                return EMPTY;
            }
            int[] indexes = new int[pages.size()];
            byte[][] contents = new byte[pages.size()][];
            int position = 0;
            for (Map.Entry<Integer, byte @Nullable []> page : pages.entrySet()) {
                indexes[position] = page.getKey();
                contents[position] = page.getValue();
                position++;
            }
            return new PageDelta(indexes, contents, file);
        }
    }
}
