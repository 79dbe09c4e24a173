package icj.wire.cbor;

import icj.types.Blob;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Encodes and decodes [CborValue].
///
/// Decoding is total: it throws nothing but [MalformedException]. Refused are tags other than 55799
/// in front of the whole and 2 (a large number), negative numbers, floats, undefined and other
/// simple values, keys that are not texts, keys that come twice, text that is not UTF-8, byte
/// strings and texts in chunks, bytes after the end, and whatever exceeds the limits.
public final class Cbor {
    static final int MAJOR_NAT = 0;
    static final int MAJOR_BYTES = 2;
    static final int MAJOR_TEXT = 3;
    static final int MAJOR_ARRAY = 4;
    static final int MAJOR_MAP = 5;
    static final int MAJOR_TAG = 6;
    static final int MAJOR_SIMPLE = 7;
    static final int TAG_BIG_NAT = 2;
    static final int TAG_SELF_DESCRIBED = 55799;
    static final int SIMPLE_FALSE = 20;
    static final int SIMPLE_TRUE = 21;
    static final int SIMPLE_NULL = 22;

    private Cbor() {}

    /// Reads exactly one value, with or without the self-describing tag.
    public static CborValue decode(Blob bytes, CborLimits limits) throws MalformedException {
        return CborDecoder.decode(bytes.shared(), limits);
    }

    /// The encoding: shortest lengths, maps in their own order, no tag in front.
    public static Blob encode(CborValue value) {
        ByteWriter out = new ByteWriter();
        write(out, value);
        return out.toBlob();
    }

    /// The encoding with the self-describing tag in front (`d9d9f7`), as all answers carry it.
    public static Blob encodeTagged(CborValue value) {
        ByteWriter out = new ByteWriter();
        head(out, MAJOR_TAG, TAG_SELF_DESCRIBED);
        write(out, value);
        return out.toBlob();
    }

    private static void write(ByteWriter out, CborValue value) {
        switch (value) {
            case CborValue.Nat(BigInteger nat) -> writeNat(out, nat);
            case CborValue.Bytes(Blob bytes) -> {
                head(out, MAJOR_BYTES, bytes.length());
                out.raw(bytes);
            }
            case CborValue.Text(String text) -> writeText(out, text);
            case CborValue.Array array -> {
                head(out, MAJOR_ARRAY, array.elements().size());
                for (CborValue element : array.elements()) {
                    write(out, element);
                }
            }
            case CborValue.Dictionary map -> {
                head(out, MAJOR_MAP, map.entries().size());
                for (Map.Entry<String, CborValue> entry : map.entries().entrySet()) {
                    writeText(out, entry.getKey());
                    write(out, entry.getValue());
                }
            }
            case CborValue.Bool(boolean truth) ->
                    head(out, MAJOR_SIMPLE, truth ? SIMPLE_TRUE : SIMPLE_FALSE);
            case CborValue.Null() -> head(out, MAJOR_SIMPLE, SIMPLE_NULL);
        }
    }

    private static void writeNat(ByteWriter out, BigInteger nat) {
        if (nat.bitLength() <= 64) {
            head(out, MAJOR_NAT, nat.longValue());
            return;
        }
        byte[] signed = nat.toByteArray();
        int from = signed[0] == 0 ? 1 : 0;
        head(out, MAJOR_TAG, TAG_BIG_NAT);
        head(out, MAJOR_BYTES, signed.length - from);
        out.raw(signed, from, signed.length - from);
    }

    private static void writeText(ByteWriter out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(out, MAJOR_TEXT, utf8.length);
        out.raw(utf8);
    }

    /// The first byte of an item and its argument, an unsigned number, in the shortest form.
    private static void head(ByteWriter out, int major, long argument) {
        int high = major << 5;
        if (Long.compareUnsigned(argument, 24) < 0) {
            out.u8(high | (int) argument);
        } else if (Long.compareUnsigned(argument, 0xff) <= 0) {
            out.u8(high | 24).u8((int) argument);
        } else if (Long.compareUnsigned(argument, 0xffff) <= 0) {
            out.u8(high | 25).u16((int) argument);
        } else if (Long.compareUnsigned(argument, 0xffffffffL) <= 0) {
            out.u8(high | 26).u32((int) argument);
        } else {
            out.u8(high | 27).u64(argument);
        }
    }
}
