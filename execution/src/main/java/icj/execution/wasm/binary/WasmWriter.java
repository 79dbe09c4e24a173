package icj.execution.wasm.binary;

import java.util.Arrays;

/// A growing array of bytes with the binary format's numbers.
final class WasmWriter {
    private byte[] bytes;
    private int size;

    WasmWriter(int capacity) {
        this.bytes = new byte[Math.max(capacity, 16)];
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void clear() {
        size = 0;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    WasmWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    WasmWriter unsigned(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    WasmWriter signed(long value) {
        room(10);
        long rest = value;
        while (rest < -64 || rest > 63) {
            bytes[size++] = (byte) (rest & 0x7f | 0x80);
            rest >>= 7;
        }
        bytes[size++] = (byte) (rest & 0x7f);
        return this;
    }

    WasmWriter raw(byte[] from, int start, int end) {
        room(end - start);
        System.arraycopy(from, start, bytes, size, end - start);
        size += end - start;
        return this;
    }

    WasmWriter raw(byte[] from) {
        return raw(from, 0, from.length);
    }

    WasmWriter append(WasmWriter other) {
        return raw(other.bytes, 0, other.size);
    }

    /// A section or a body: its size, then its bytes.
    WasmWriter sized(WasmWriter content) {
        return unsigned(content.size).append(content);
    }

    /// A whole section, unless its content is empty.
    WasmWriter section(int id, WasmWriter content) {
        return u8(id).sized(content);
    }
}
