package icj.state.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;
import icj.types.Blob;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

final class PagedBytesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 20_480, 70_000})
    void giveBackWhatWasPutIn(int length) {
        Prng prng = Prng.fromProperty();
        byte[] bytes = prng.bytes(length);
        if (length > 20_000) {
            // Pages of zeros are nowhere.
            Arrays.fill(bytes, 4_000, 13_000, (byte) 0);
        }
        PagedBytes paged = PagedBytes.of(Blob.of(bytes));
        assertEquals(length, paged.length());
        assertEquals(Blob.of(bytes), paged.toBlob());
        byte[] target = new byte[length + 9];
        paged.copyTo(target, 5);
        assertArrayEquals(bytes, Arrays.copyOfRange(target, 5, 5 + length));
        assertArrayEquals(new byte[4], Arrays.copyOfRange(target, 5 + length, 9 + length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 70_000})
    void areReadFromTheStoreAgain(int length) {
        Prng prng = Prng.fromProperty();
        Blob bytes = Blob.of(prng.bytes(length));
        PagedBytes paged = PagedBytes.of(bytes);
        int pages = (length + PageMap.PAGE_BYTES - 1) / PageMap.PAGE_BYTES;
        MemoryPageStore store = new MemoryPageStore(new PageCache(PageMap.PAGE_BYTES));
        paged.pages().changesSince(null, store).written(store);
        assertEquals(pages, store.size());
        assertEquals(bytes, paged.toBlob());
        assertTrue(store.loads() >= pages - 1, "one page stayed in memory");
        PagedBytes loaded =
                PagedBytes.stored(
                        PageMap.stored(MemoryKind.BYTES, paged.pages().tree(), store), length);
        assertEquals(bytes, loaded.toBlob());
    }
}
