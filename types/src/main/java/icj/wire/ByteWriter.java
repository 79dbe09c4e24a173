package icj.wire;

import icj.types.Blob;
import icj.types.Digest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes our own encoding: big-endian numbers, and byte strings after their length in 4 bytes.
/// [ByteReader] reads it. Methods return this writer.
public final class ByteWriter {
    private static final int CAPACITY_FIRST = 128;

    private byte[] buffer;
    private int size;

    /// An empty writer.
    public ByteWriter() {
        this(CAPACITY_FIRST);
    }

    /// An empty writer with room for this many bytes before it has to grow.
    public ByteWriter(int capacity) {
        buffer = new byte[Math.max(capacity, 16)];
    }

    /// One byte: the low eight bits.
    public ByteWriter u8(int value) {
        room(1);
        buffer[size++] = (byte) value;
        return this;
    }

    /// One byte: 1 or 0.
    public ByteWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /// Two bytes: the low sixteen bits.
    public ByteWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    /// Four bytes.
    public ByteWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    /// Eight bytes.
    public ByteWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /// The bytes as they are, without a length.
    public ByteWriter raw(byte[] bytes) {
        return raw(bytes, 0, bytes.length);
    }

    /// Part of an array as it is, without a length.
    public ByteWriter raw(byte[] bytes, int from, int length) {
        room(length);
        System.arraycopy(bytes, from, buffer, size, length);
        size += length;
        return this;
    }

    /// The bytes as they are, without a length.
    public ByteWriter raw(Blob bytes) {
        return raw(bytes.shared());
    }

    /// The 32 bytes, without a length.
    public ByteWriter digest(Digest digest) {
        return raw(digest.shared());
    }

    /// The length in 4 bytes, then the bytes.
    public ByteWriter blob(byte[] bytes) {
        return u32(bytes.length).raw(bytes);
    }

    /// The length in 4 bytes, then the bytes.
    public ByteWriter blob(Blob bytes) {
        return blob(bytes.shared());
    }

    /// The length of the UTF-8 form in 4 bytes, then that form.
    public ByteWriter text(String text) {
        return blob(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The number of elements that follow, in 4 bytes.
    public ByteWriter count(int count) {
        return u32(count);
    }

    /// The number of bytes so far.
    public int size() {
        return size;
    }

    /// A copy of what was written.
    public byte[] toBytes() {
        return Arrays.copyOf(buffer, size);
    }

    /// What was written, as a blob of its own.
    public Blob toBlob() {
        return Blob.owning(toBytes());
    }

    private void room(int more) {
        long needed = (long) size + more;
        if (needed > buffer.length) {
            if (needed > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("More than 2 GiB in one writer");
            }
            long doubled = Math.min(buffer.length * 2L, Integer.MAX_VALUE - 16);
            buffer = Arrays.copyOf(buffer, (int) Math.max(doubled, needed));
        }
    }
}
