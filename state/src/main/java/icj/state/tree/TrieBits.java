package icj.state.tree;

import icj.types.Blob;

import java.util.Arrays;

/// The bits of a key as [SortedTrie] orders them: those of its symbols, nine each.
final class TrieBits {
    /// No bit: the keys are equal.
    static final int NO_BIT = Integer.MAX_VALUE;

    private static final int BITS_PER_SYMBOL = 9;

    private TrieBits() {}

    /// One bit of the symbols of a key: 0 from the key's end on.
    static boolean bit(Blob key, int bit) {
        int index = bit / BITS_PER_SYMBOL;
        if (index >= key.length()) {
            return false;
        }
        int within = bit % BITS_PER_SYMBOL;
        return within == 0 || (key.shared()[index] >> (BITS_PER_SYMBOL - 1 - within) & 1) != 0;
    }

    /// The first bit in which the symbols of two keys differ, [#NO_BIT] if they are equal.
    static int firstDifference(Blob a, Blob b) {
        byte[] left = a.shared();
        byte[] right = b.shared();
        int index = Arrays.mismatch(left, right);
        if (index < 0) {
            return NO_BIT;
        }
        if (index == left.length || index == right.length) {
            return index * BITS_PER_SYMBOL;
        }
        int difference = (left[index] ^ right[index]) & 0xff;
        return index * BITS_PER_SYMBOL + 1 + Integer.numberOfLeadingZeros(difference) - 24;
    }

    /// The bit of the symbols that is this bit of the bytes.
    static int ofByteBit(int bit) {
        return bit / Byte.SIZE * BITS_PER_SYMBOL + 1 + bit % Byte.SIZE;
    }
}
