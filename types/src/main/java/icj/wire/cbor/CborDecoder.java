package icj.wire.cbor;

import icj.types.Blob;
import icj.wire.MalformedException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORParser;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One decoding over Jackson's streaming parser.
///
/// Jackson is lenient where we may not be: it skips tags, turns number keys into texts, lets keys
/// come twice, repairs text and joins chunks. So before a token is used, its head is read once more
/// from the bytes at the place where Jackson says that the token starts.
final class CborDecoder {
    private static final int BIG_NAT_BYTES_MAX = 64;
    private static final int INDEFINITE = 31;

    private static final CBORFactory FACTORY =
            CBORFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(CborLimits.DEPTH_CEILING + 10)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final byte[] bytes;
    private final CborLimits limits;
    private final CBORParser parser;
    private int items;

    // The head of the current token.
    private int major;
    private int info;
    private long argument;
    private int afterHead;

    private CborDecoder(byte[] bytes, CborLimits limits, CBORParser parser) {
        this.bytes = bytes;
        this.limits = limits;
        this.parser = parser;
    }

    static CborValue decode(byte[] bytes, CborLimits limits) throws MalformedException {
        if (bytes.length > limits.bytesMax()) {
            throw new MalformedException(
                    "The CBOR has "
                            + bytes.length
                            + " bytes, at most "
                            + limits.bytesMax()
                            + " are allowed");
        }
        try (CBORParser parser =
                (CBORParser) FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            CborDecoder decoder = new CborDecoder(bytes, limits, parser);
            CborValue value = decoder.whole();
            decoder.nothingMore();
            return value;
        } catch (StreamReadException e) {
            throw new MalformedException("The CBOR is malformed: " + firstLine(e), e);
        } catch (JacksonException | ArithmeticException | IllegalArgumentException e) {
            throw new MalformedException("The CBOR is malformed", e);
        }
    }

    private static String firstLine(JacksonException e) {
        String message = e.getOriginalMessage();
        int end = message == null ? -1 : message.indexOf('\n');
        return message == null ? "unreadable" : end < 0 ? message : message.substring(0, end);
    }

    private CborValue whole() throws MalformedException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new MalformedException("The CBOR is empty");
        }
        return value(token, 0);
    }

    private void nothingMore() throws MalformedException {
        long end = parser.currentLocation().getByteOffset();
        if (end != bytes.length || parser.nextToken() != null) {
            throw new MalformedException("Bytes follow the CBOR value");
        }
    }

    private CborValue value(JsonToken token, int depth) throws MalformedException {
        count();
        int start = tokenStart();
        head(start);
        if (major == Cbor.MAJOR_TAG && argument == Cbor.TAG_SELF_DESCRIBED && start == 0) {
            head(afterHead);
        }
        switch (major) {
            case Cbor.MAJOR_NAT -> {
                expect(token, JsonToken.VALUE_NUMBER_INT);
                return new CborValue.Nat(parser.getBigIntegerValue());
            }
            case Cbor.MAJOR_BYTES -> {
                expect(token, JsonToken.VALUE_EMBEDDED_OBJECT);
                definite("A byte string");
                return new CborValue.Bytes(Blob.owning(parser.getBinaryValue()));
            }
            case Cbor.MAJOR_TEXT -> {
                expect(token, JsonToken.VALUE_STRING);
                definite("A text");
                return new CborValue.Text(utf8(parser.getString()));
            }
            case Cbor.MAJOR_ARRAY -> {
                expect(token, JsonToken.START_ARRAY);
                return array(depth + 1);
            }
            case Cbor.MAJOR_MAP -> {
                expect(token, JsonToken.START_OBJECT);
                return map(depth + 1);
            }
            case Cbor.MAJOR_TAG -> {
                return bigNat(token);
            }
            case Cbor.MAJOR_SIMPLE -> {
                return simple();
            }
            default -> throw new MalformedException("The CBOR holds a negative number");
        }
    }

    private CborValue array(int depth) throws MalformedException {
        descend(depth);
        List<CborValue> elements = new ArrayList<>();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            elements.add(value(token, depth));
        }
        return new CborValue.Array(elements);
    }

    private CborValue map(int depth) throws MalformedException {
        descend(depth);
        Map<String, CborValue> entries = new LinkedHashMap<>();
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            expect(token, JsonToken.PROPERTY_NAME);
            count();
            head(tokenStart());
            if (major != Cbor.MAJOR_TEXT) {
                throw new MalformedException("A key of a CBOR map is not a text");
            }
            definite("A key");
            String key = utf8(parser.currentName());
            CborValue value = value(next(), depth);
            if (entries.put(key, value) != null) {
                throw new MalformedException("The field " + shown(key) + " comes twice");
            }
        }
        return new CborValue.Dictionary(entries);
    }

    private CborValue bigNat(JsonToken token) throws MalformedException {
        if (argument != Cbor.TAG_BIG_NAT) {
            throw new MalformedException(
                    "The CBOR tag " + Long.toUnsignedString(argument) + " is not accepted here");
        }
        head(afterHead);
        if (major != Cbor.MAJOR_BYTES) {
            throw new MalformedException("A large number in CBOR is not a byte string");
        }
        definite("A large number");
        if (argument > BIG_NAT_BYTES_MAX) {
            throw new MalformedException("A number has more than " + BIG_NAT_BYTES_MAX + " bytes");
        }
        expect(token, JsonToken.VALUE_NUMBER_INT);
        return new CborValue.Nat(new BigInteger(1, bytes, afterHead, (int) argument));
    }

    private CborValue simple() throws MalformedException {
        return switch (info) {
            case Cbor.SIMPLE_FALSE -> new CborValue.Bool(false);
            case Cbor.SIMPLE_TRUE -> new CborValue.Bool(true);
            case Cbor.SIMPLE_NULL -> new CborValue.Null();
            default ->
                    throw new MalformedException(
                            "The CBOR holds a float, undefined or another simple value");
        };
    }

    private JsonToken next() throws MalformedException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new MalformedException("The CBOR ends too early");
        }
        return token;
    }

    private int tokenStart() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /// Reads the head of the item at `position` into the fields.
    private void head(int position) throws MalformedException {
        int first = byteAt(position);
        major = first >>> 5;
        info = first & 31;
        if (info < 24 || info == INDEFINITE) {
            argument = info;
            afterHead = position + 1;
            return;
        }
        if (info > 27) {
            throw new MalformedException("The CBOR holds a reserved length form");
        }
        int length = 1 << (info - 24);
        argument = 0;
        for (int i = 1; i <= length; i++) {
            argument = argument << 8 | byteAt(position + i);
        }
        afterHead = position + 1 + length;
    }

    private int byteAt(int position) throws MalformedException {
        if (position < 0 || position >= bytes.length) {
            throw new MalformedException("The CBOR ends too early");
        }
        return bytes[position] & 0xff;
    }

    /// Checks the length in the head before Jackson acts on it.
    private void definite(String what) throws MalformedException {
        if (info == INDEFINITE) {
            throw new MalformedException(what + " comes in chunks");
        }
        if (argument < 0 || argument > bytes.length - afterHead) {
            throw new MalformedException("The CBOR ends too early");
        }
    }

    /// Text as Jackson read it must have exactly the bytes that stand there.
    private String utf8(String text) throws MalformedException {
        byte[] again = text.getBytes(StandardCharsets.UTF_8);
        int length = (int) argument;
        boolean same =
                again.length == length
                        && Arrays.equals(again, 0, length, bytes, afterHead, afterHead + length);
        if (!same) {
            throw new MalformedException("A text is not UTF-8");
        }
        return text;
    }

    private static void expect(JsonToken token, JsonToken expected) throws MalformedException {
        if (token != expected) {
            throw new MalformedException("The CBOR is malformed: " + token + " is out of place");
        }
    }

    private void count() throws MalformedException {
        if (++items > limits.itemsMax()) {
            throw new MalformedException(
                    "The CBOR holds more than " + limits.itemsMax() + " values");
        }
    }

    private void descend(int depth) throws MalformedException {
        if (depth > limits.depthMax()) {
            throw new MalformedException(
                    "The CBOR is nested deeper than " + limits.depthMax() + " levels");
        }
    }

    private static String shown(String key) {
        return key.length() > 40 ? key.substring(0, 40) + "..." : key;
    }
}
