package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.BitSet;

/// A loss is found wherever it is.
final class MarkLookupTest {
    private static final int NUMBERS = 1_000;

    /// A canister that forgot some numbers; asked for more than it answers at once.
    private static MarkLookup forgetting(int... forgotten) {
        BitSet marked = new BitSet();
        marked.set(0, 2 * NUMBERS);
        for (int number : forgotten) {
            marked.clear(number);
        }
        return new MarkLookup() {
            @Override
            public byte[] marked(boolean apart, long from, int count) {
                assertEquals(0, count % 8);
                byte[] bits = marked.get((int) from, (int) from + count).toByteArray();
                return Arrays.copyOf(bits, count / 8);
            }

            @Override
            public int numbersMax() {
                return 64;
            }
        };
    }

    private static BitSet acknowledged(int from, int to) {
        BitSet numbers = new BitSet();
        numbers.set(from, to);
        return numbers;
    }

    @Test
    void nothingIsLost() {
        assertEquals(0, forgetting().lost(false, acknowledged(0, NUMBERS)));
        assertEquals(0, forgetting().lost(false, new BitSet()));
    }

    @Test
    void eachPlantedLossIsFound() {
        for (int number = 0; number < NUMBERS; number++) {
            MarkLookup lookup = forgetting(number);
            assertEquals(1, lookup.lost(false, acknowledged(0, NUMBERS)), "number " + number);
        }
        assertEquals(4, forgetting(0, 63, 64, 999).lost(true, acknowledged(0, NUMBERS)));
    }

    /// Not acknowledged, not lost.
    @Test
    void whatNobodyAcknowledgedIsNotMissed() {
        BitSet acknowledged = acknowledged(0, NUMBERS);
        acknowledged.clear(500);
        assertEquals(0, forgetting(500, NUMBERS, NUMBERS + 1).lost(false, acknowledged));
    }
}
