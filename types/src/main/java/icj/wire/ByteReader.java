package icj.wire;

import icj.types.Blob;
import icj.types.Digest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads what [ByteWriter] wrote. Total: it throws nothing but [MalformedException], and each
/// length is checked against its limit and against what is left before anything is allocated.
public final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    /// A reader of all of `bytes`, which are not copied and must not change.
    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /// A reader of all of `bytes`.
    public ByteReader(Blob bytes) {
        this(bytes.shared());
    }

    /// One byte, 0 to 255.
    public int u8() throws MalformedException {
        need(1);
        return bytes[position++] & 0xff;
    }

    /// One byte that must be 0 or 1.
    public boolean bool() throws MalformedException {
        int value = u8();
        if (value > 1) {
            throw new MalformedException("A truth value is the byte " + value);
        }
        return value == 1;
    }

    /// Two bytes, 0 to 65,535.
    public int u16() throws MalformedException {
        return u8() << 8 | u8();
    }

    /// Four bytes; above 2^31 - 1 the result is negative.
    public int u32() throws MalformedException {
        return u16() << 16 | u16();
    }

    /// Eight bytes; above 2^63 - 1 the result is negative.
    public long u64() throws MalformedException {
        return (long) u32() << 32 | (u32() & 0xffffffffL);
    }

    /// Exactly `length` bytes.
    public byte[] raw(int length) throws MalformedException {
        need(length);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /// Exactly `length` bytes.
    public Blob rawBlob(int length) throws MalformedException {
        return Blob.owning(raw(length));
    }

    /// Thirty-two bytes.
    public Digest digest() throws MalformedException {
        return Digest.owning(raw(Digest.LENGTH));
    }

    /// A length of at most `lengthMax`, then so many bytes.
    public Blob blob(int lengthMax) throws MalformedException {
        return Blob.owning(raw(length("A byte string", lengthMax)));
    }

    /// A length in bytes of at most `lengthMax`, then so many bytes of UTF-8.
    public String text(int lengthMax) throws MalformedException {
        int length = length("A text", lengthMax);
        need(length);
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, position, length))
                            .toString();
            position += length;
            return text;
        } catch (CharacterCodingException e) {
            throw new MalformedException("A text is not UTF-8", e);
        }
    }

    /// The number of elements that follow.
    ///
    /// @param countMax the most allowed
    /// @param elementBytesMin the fewest bytes that one element takes, so that a number larger than
    ///   the rest can hold is refused here, before a list of that size is made
    public int count(int countMax, int elementBytesMin) throws MalformedException {
        int count = length("A list", countMax);
        if ((long) count * elementBytesMin > remaining()) {
            throw new MalformedException("A list is longer than the bytes that are left");
        }
        return count;
    }

    /// The bytes not yet read.
    public int remaining() {
        return end - position;
    }

    /// How many bytes were read.
    public int position() {
        return position;
    }

    /// Throws unless everything was read.
    public void end() throws MalformedException {
        if (position != end) {
            throw new MalformedException(remaining() + " bytes follow the end");
        }
    }

    private int length(String what, int max) throws MalformedException {
        int length = u32();
        if (length < 0 || length > max) {
            throw new MalformedException(
                    what
                            + " has the length "
                            + Integer.toUnsignedString(length)
                            + ", at most "
                            + max
                            + " are allowed");
        }
        return length;
    }

    private void need(int length) throws MalformedException {
        if (length < 0 || length > end - position) {
            throw new MalformedException(
                    "The bytes end after " + end + ", " + length + " more were needed");
        }
    }
}
