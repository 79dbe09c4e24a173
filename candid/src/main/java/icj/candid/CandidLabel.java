package icj.candid;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// What tells the fields of a record or the cases of a variant apart: a number of 32 bits, often
/// the hash of a name. The name is a memory aid: equality and order look at the number only
/// (unsigned).
///
/// @param id the number
/// @param name what was hashed, or null when only the number is known
public record CandidLabel(int id, @Nullable String name) implements Comparable<CandidLabel> {
    private static final int FACTOR = 223;

    /// The label of a name.
    public static CandidLabel of(String name) {
        return new CandidLabel(hash(name), name);
    }

    /// The label of a number, as the fields of tuples have.
    public static CandidLabel of(int id) {
        return new CandidLabel(id, null);
    }

    /// The number of a name: its UTF-8 bytes as digits to the base 223, modulo 2^32.
    public static int hash(String name) {
        int hash = 0;
        for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
            hash = hash * FACTOR + (unit & 0xff);
        }
        return hash;
    }

    @Override
    public int compareTo(CandidLabel other) {
        return Integer.compareUnsigned(id, other.id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CandidLabel label && label.id == id;
    }

    @Override
    public int hashCode() {
        return id;
    }

    /// The name as the text form writes it, or else the number.
    @Override
    public String toString() {
        return name == null ? Integer.toUnsignedString(id) : CandidPrinter.name(name);
    }
}
