package icj.candid;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the pieces of a Candid message.
final class CandidInput {
    private final byte[] bytes;
    private int position;

    CandidInput(byte[] bytes) {
        this.bytes = bytes;
    }

    int position() {
        return position;
    }

    void rewind(int to) {
        position = to;
    }

    int remaining() {
        return bytes.length - position;
    }

    int u8() throws CandidException {
        need(1);
        return bytes[position++] & 0xff;
    }

    byte[] raw(long length) throws CandidException {
        need(length);
        position += (int) length;
        return Arrays.copyOfRange(bytes, position - (int) length, position);
    }

    void skip(long length) throws CandidException {
        need(length);
        position += (int) length;
    }

    /// A number of `width` bytes, the lowest first; not extended by a sign.
    long little(int width) throws CandidException {
        need(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[position++] & 0xffL) << (8 * i);
        }
        return value;
    }

    /// An unsigned number that must fit 63 bits, so a length or an index.
    long size() throws CandidException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = u8();
            int group = next & 0x7f;
            if (group != 0 && (shift > 56)) {
                throw new CandidException("A length in the Candid message is too large");
            }
            value |= shift > 56 ? 0 : (long) group << shift;
            if (next < 0x80) {
                return value;
            }
        }
    }

    /// A length of things of which each takes at least one byte.
    int count(String what) throws CandidException {
        long count = size();
        if (count > remaining()) {
            throw new CandidException(what + " is longer than the rest of the Candid message");
        }
        return (int) count;
    }

    /// A signed number that must fit 64 bits, as opcodes and type indices.
    long opcode() throws CandidException {
        BigInteger value = leb(true);
        if (value.bitLength() > 63) {
            throw new CandidException("A type in the Candid message is out of range");
        }
        return value.longValue();
    }

    /// A LEB128 number of any size.
    BigInteger leb(boolean signed) throws CandidException {
        int start = position;
        int next;
        do {
            next = u8();
        } while (next >= 0x80);
        int groups = position - start;
        boolean negative = signed && (next & 0x40) != 0;
        if (groups <= 9) {
            long value = 0;
            for (int i = 0; i < groups; i++) {
                value |= (long) (bytes[start + i] & 0x7f) << (7 * i);
            }
            return BigInteger.valueOf(negative ? value | -1L << (7 * groups - 1) : value);
        }
        byte[] magnitude = new byte[(groups * 7 + 7) / 8 + 1];
        for (int i = 0; i < groups; i++) {
            int group = bytes[start + i] & 0x7f;
            int bit = i * 7;
            int at = magnitude.length - 1 - bit / 8;
            int shifted = group << (bit % 8);
            magnitude[at] |= (byte) shifted;
            magnitude[at - 1] |= (byte) (shifted >>> 8);
        }
        BigInteger value = new BigInteger(1, magnitude);
        return negative ? value.subtract(BigInteger.ONE.shiftLeft(groups * 7)) : value;
    }

    String text() throws CandidException {
        int length = count("A text");
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, position, length))
                            .toString();
            position += length;
            return text;
        } catch (CharacterCodingException e) {
            throw new CandidException("A text in the Candid message is not UTF-8");
        }
    }

    Principal principal() throws CandidException {
        if (u8() != 1) {
            throw new CandidException("A reference in the Candid message is opaque");
        }
        int length = count("A principal");
        if (length > Principal.LENGTH_MAX) {
            throw new CandidException("A principal in the Candid message has " + length + " bytes");
        }
        return Principal.of(raw(length));
    }

    private void need(long length) throws CandidException {
        if (length < 0 || length > remaining()) {
            throw new CandidException("The Candid message ends too early");
        }
    }
}
