package icj.types;

import java.util.Arrays;
import java.util.HexFormat;

/// Immutable bytes with value equality, ordered bytewise (unsigned).
public final class Blob implements Comparable<Blob> {
    /// No bytes.
    public static final Blob EMPTY = new Blob(new byte[0]);

    private final byte[] bytes;

    private Blob(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of `bytes`.
    public static Blob of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Blob(bytes.clone());
    }

    /// Takes `bytes` as they are: the caller gives them up and never writes to them again.
    public static Blob owning(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Blob(bytes);
    }

    /// The bytes of a text in hexadecimal digits.
    public static Blob fromHex(String hex) {
        return owning(HexFormat.of().parseHex(hex));
    }

    /// The number of bytes.
    public int length() {
        return bytes.length;
    }

    /// One byte.
    public byte at(int index) {
        return bytes[index];
    }

    /// A copy of the bytes.
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// The bytes themselves, for readers on hot paths: never written to.
    public byte[] shared() {
        return bytes;
    }

    /// Bytes `from` (inclusive) to `to` (exclusive).
    public Blob slice(int from, int to) {
        return owning(Arrays.copyOfRange(bytes, from, to));
    }

    @Override
    public int compareTo(Blob other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Blob b && Arrays.equals(bytes, b.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// The bytes in hexadecimal, cut after 64.
    @Override
    public String toString() {
        int shown = Math.min(bytes.length, 64);
        String hex = HexFormat.of().formatHex(bytes, 0, shown);
        return shown == bytes.length ? hex : hex + "...(" + bytes.length + " bytes)";
    }
}
