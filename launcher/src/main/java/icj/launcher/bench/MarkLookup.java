package icj.launcher.bench;

import java.util.BitSet;

/// Says which numbers are marked in the canister of the bench.
interface MarkLookup {
    /// A bit for each of `count` numbers from `from`, the lowest bit of the first byte first.
    ///
    /// @param apart of those on pages of their own
    byte[] marked(boolean apart, long from, int count);

    /// The most for one question, a multiple of 8.
    int numbersMax();

    /// How many of these numbers are not marked.
    default long lost(boolean apart, BitSet acknowledged) {
        BitSet missing = new BitSet();
        missing.or(acknowledged);
        for (int from = 0; from < acknowledged.length(); from += numbersMax()) {
            int count = Math.min(numbersMax(), (acknowledged.length() - from + 7) / 8 * 8);
            BitSet found = BitSet.valueOf(marked(apart, from, count));
            for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
                missing.clear(from + i);
            }
        }
        return missing.cardinality();
    }
}
