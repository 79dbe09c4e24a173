package icj.execution.wasm.binary;

import icj.execution.wasm.InvalidModuleException;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// A cursor over a part of a module. Every read is checked against the part's end; what does not
/// fit is an [InvalidModuleException].
final class WasmReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    WasmReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    boolean atEnd() {
        return at == end;
    }

    byte[] bytes() {
        return bytes;
    }

    int u8() throws InvalidModuleException {
        if (at >= end) {
            throw new InvalidModuleException("The module ends in the middle of a value");
        }
        return bytes[at++] & 0xff;
    }

    /// Reads an unsigned 32-bit number of which more than 2^31 - 1 makes no sense: counts, sizes
    /// and indices.
    int u32() throws InvalidModuleException {
        long value = unsigned(32);
        if (value > Integer.MAX_VALUE) {
            throw new InvalidModuleException("A count or index of " + value + " is too large");
        }
        return (int) value;
    }

    /// Reads the count of a vector whose items take at least one byte each, so that it is bounded
    /// by what is there.
    int count(String what, int max) throws InvalidModuleException {
        int count = u32();
        if (count > max) {
            throw new InvalidModuleException(
                    "The module has " + count + " " + what + ", more than the " + max + " allowed");
        }
        if (count > end - at) {
            throw new InvalidModuleException("The module ends among its " + what);
        }
        return count;
    }

    /// Reads an unsigned number of at most `bits` bits (32 or 64).
    long unsigned(int bits) throws InvalidModuleException {
        long result = 0;
        int shift = 0;
        while (true) {
            int next = u8();
            int room = bits - shift;
            if (room < 7 && (next & 0x7f) >>> room != 0) {
                throw new InvalidModuleException("An integer is too large for its type");
            }
            result |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return result;
            }
            shift += 7;
            if (shift >= bits) {
                throw new InvalidModuleException("An integer's representation is too long");
            }
        }
    }

    /// Reads a signed number of at most `bits` bits (32, 33 or 64).
    long signed(int bits) throws InvalidModuleException {
        long result = 0;
        int shift = 0;
        while (true) {
            int next = u8();
            int room = bits - shift;
            if (room < 7) {
                // The bits beyond the type must repeat its sign.
                int extra = (next & 0x7f) >> (room - 1);
                if (extra != 0 && extra != (1 << (7 - room + 1)) - 1) {
                    throw new InvalidModuleException("An integer is too large for its type");
                }
            }
            result |= (long) (next & 0x7f) << shift;
            shift += 7;
            if ((next & 0x80) == 0) {
                return shift < 64 && (next & 0x40) != 0 ? result | -1L << shift : result;
            }
            if (shift >= bits) {
                throw new InvalidModuleException("An integer's representation is too long");
            }
        }
    }

    void skip(long count) throws InvalidModuleException {
        if (count > end - at) {
            throw new InvalidModuleException("The module ends in the middle of a value");
        }
        at += (int) count;
    }

    /// The bits of a float of so many bytes.
    long raw(int size) throws InvalidModuleException {
        int at = at();
        skip(size);
        long bits = 0;
        for (int i = size - 1; i >= 0; i--) {
            bits = bits << 8 | bytes()[at + i] & 0xff;
        }
        return bits;
    }

    /// A reader of the next `size` bytes, which this one skips.
    WasmReader part(int size) throws InvalidModuleException {
        int from = at;
        skip(size);
        return new WasmReader(bytes, from, at);
    }

    String name() throws InvalidModuleException {
        int size = u32();
        int from = at;
        skip(size);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, size))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidModuleException("A name is not valid UTF-8");
        }
    }

    void expectEnd(String what) throws InvalidModuleException {
        if (at != end) {
            throw new InvalidModuleException("The " + what + " is longer than its content");
        }
    }
}
