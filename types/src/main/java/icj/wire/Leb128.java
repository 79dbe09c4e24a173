package icj.wire;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/// Numbers in groups of seven bits, the lowest first; the high bit of a byte says that more follow.
/// Encodings are the shortest ones. Decoding accepts longer ones up to its limit.
public final class Leb128 {
    private static final BigInteger LOW_SEVEN = BigInteger.valueOf(0x7f);

    private Leb128() {}

    /// The encoding of a number of 0 to 2^64 - 1, given as its 64 bits.
    public static byte[] unsigned(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    /// The encoding of a number of any size.
    ///
    /// @throws IllegalArgumentException below zero
    public static byte[] unsigned(BigInteger value) {
        if (value.signum() < 0) {
            throw new IllegalArgumentException(value + " is below zero");
        }
        if (value.bitLength() <= 64) {
            return unsigned(value.longValue());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.bitLength() / 7 + 1);
        BigInteger rest = value;
        while (rest.bitLength() > 7) {
            out.write(rest.and(LOW_SEVEN).intValue() | 0x80);
            rest = rest.shiftRight(7);
        }
        out.write(rest.intValue());
        return out.toByteArray();
    }

    /// The encoding of a signed number.
    public static byte[] signed(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(10);
        long rest = value;
        while (rest < -0x40 || rest > 0x3f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>= 7;
        }
        out.write((int) (rest & 0x7f));
        return out.toByteArray();
    }

    /// The encoding of a signed number of any size.
    public static byte[] signed(BigInteger value) {
        if (value.bitLength() <= 63) {
            return signed(value.longValue());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.bitLength() / 7 + 1);
        BigInteger rest = value;
        while (rest.bitLength() > 6) {
            out.write(rest.and(LOW_SEVEN).intValue() | 0x80);
            rest = rest.shiftRight(7);
        }
        out.write(rest.intValue() & 0x7f);
        return out.toByteArray();
    }

    /// Reads a number of 0 to 2^64 - 1; from 2^63 on the result is negative.
    public static long readUnsigned(ByteReader in) throws MalformedException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.u8();
            if (shift > 63 || (shift == 63 && (next & 0x7f) > 1)) {
                throw new MalformedException("A LEB128 number does not fit 64 bits");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
    }

    /// Reads a number whose encoding has at most `bytesMax` bytes.
    public static BigInteger readUnsigned(ByteReader in, int bytesMax) throws MalformedException {
        return groups(in, bytesMax, false);
    }

    /// Reads a signed number of 64 bits.
    public static long readSigned(ByteReader in) throws MalformedException {
        BigInteger value = groups(in, 10, true);
        if (value.bitLength() > 63) {
            throw new MalformedException("A signed LEB128 number does not fit 64 bits");
        }
        return value.longValue();
    }

    /// Reads a signed number whose encoding has at most `bytesMax` bytes.
    public static BigInteger readSigned(ByteReader in, int bytesMax) throws MalformedException {
        return groups(in, bytesMax, true);
    }

    private static BigInteger groups(ByteReader in, int bytesMax, boolean signed)
            throws MalformedException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int next;
        do {
            if (read.size() == bytesMax) {
                throw new MalformedException(
                        "A LEB128 number is longer than " + bytesMax + " bytes");
            }
            next = in.u8();
            read.write(next);
        } while (next >= 0x80);
        byte[] groups = read.toByteArray();
        // Collected in one array of bits, since adding BigIntegers would cost quadratic time.
        byte[] magnitude = new byte[(groups.length * 7 + 7) / 8 + 1];
        for (int i = 0; i < groups.length * 7; i++) {
            if ((groups[i / 7] >> (i % 7) & 1) != 0) {
                magnitude[magnitude.length - 1 - i / 8] |= (byte) (1 << (i % 8));
            }
        }
        BigInteger value = new BigInteger(1, magnitude);
        boolean negative = signed && (next & 0x40) != 0;
        return negative ? value.subtract(BigInteger.ONE.shiftLeft(groups.length * 7)) : value;
    }
}
