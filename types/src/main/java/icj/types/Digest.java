package icj.types;

import java.util.Arrays;
import java.util.HexFormat;

/// A SHA-256 value: 32 bytes, compared bytewise (unsigned).
public final class Digest implements Comparable<Digest> {
    /// The length in bytes.
    public static final int LENGTH = 32;

    /// Thirty-two zero bytes: stands where there is nothing to name, as the parent of genesis.
    public static final Digest ZERO = new Digest(new byte[LENGTH]);

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of these 32 bytes.
    public static Digest of(byte[] bytes) {
        return owning(bytes.clone());
    }

    /// Takes these 32 bytes as they are: the caller gives them up.
    public static Digest owning(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A digest has 32 bytes, these are " + bytes.length);
        }
        return new Digest(bytes);
    }

    /// Reads 64 hexadecimal digits.
    public static Digest fromHex(String hex) {
        return owning(HexFormat.of().parseHex(hex));
    }

    /// A copy of the bytes.
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// The bytes themselves, for readers on hot paths: never written to.
    public byte[] shared() {
        return bytes;
    }

    @Override
    public int compareTo(Digest other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest d && Arrays.equals(bytes, d.bytes);
    }

    @Override
    public int hashCode() {
        return (bytes[0] & 0xff) << 24
                | (bytes[1] & 0xff) << 16
                | (bytes[2] & 0xff) << 8
                | (bytes[3] & 0xff);
    }

    /// All 64 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
