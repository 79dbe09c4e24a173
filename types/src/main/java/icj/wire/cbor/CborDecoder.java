package icj.wire.cbor;

import icj.types.Blob;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORParser;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
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

    // A shared table of names would make what one message costs, or whether it is refused for
    // collisions, depend on the messages before it, which differ between nodes.
    private static final CBORFactory FACTORY =
            CBORFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
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
    private final ArrayDeque<Container> open = new ArrayDeque<>();
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
        // A loop, not recursion: how deep values may stand in one another must not depend on the
        // stack of the thread.
        CborValue value = value(token);
        while (value == null || !open.isEmpty()) {
            if (value != null) {
                open.getLast().add(value);
            }
            token = next();
            if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
                value = open.removeLast().close();
            } else {
                value = value(open.getLast().isMap() ? key(token) : token);
            }
        }
        return value;
    }

    /// Reads a key, remembers it, and returns the token of its value.
    private JsonToken key(JsonToken token) throws MalformedException {
        expect(token, JsonToken.PROPERTY_NAME);
        count();
        head(tokenStart());
        if (major != Cbor.MAJOR_TEXT) {
            throw new MalformedException("A key of a CBOR map is not a text");
        }
        definite("A key");
        String key = utf8(parser.currentName());
        if (!open.getLast().name(key)) {
            throw new MalformedException("The field " + shown(key) + " comes twice");
        }
        return next();
    }

    private void nothingMore() throws MalformedException {
        long end = parser.currentLocation().getByteOffset();
        if (end != bytes.length || parser.nextToken() != null) {
            throw new MalformedException("Bytes follow the CBOR value");
        }
    }

    /// A value, or null when it is a list or map that begins here.
    private @Nullable CborValue value(JsonToken token) throws MalformedException {
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
                return begin(new Container(null));
            }
            case Cbor.MAJOR_MAP -> {
                expect(token, JsonToken.START_OBJECT);
                return begin(new Container(new LinkedHashMap<>()));
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

    private @Nullable CborValue begin(Container container) throws MalformedException {
        if (open.size() == limits.depthMax()) {
            throw new MalformedException(
                    "The CBOR is nested deeper than " + limits.depthMax() + " levels");
        }
        open.addLast(container);
        return null;
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

    private static String shown(String key) {
        return key.length() > 40 ? key.substring(0, 40) + "..." : key;
    }

    /// A list or map that has begun and not yet ended.
    private static final class Container {
        private final List<CborValue> elements = new ArrayList<>();
        private final @Nullable Map<String, CborValue> entries;
        private String key = "";

        /// @param entries an empty map, or null for a list
        Container(@Nullable Map<String, CborValue> entries) {
            this.entries = entries;
        }

        boolean isMap() {
            return entries != null;
        }

        /// Sets the key of the next value; false when there is a value of that key.
        boolean name(String next) {
            key = next;
            return entries != null && !entries.containsKey(next);
        }

        void add(CborValue value) {
            if (entries == null) {
                elements.add(value);
            } else {
                entries.put(key, value);
            }
        }

        CborValue close() {
            return entries == null
                    ? new CborValue.Array(elements)
                    : new CborValue.Dictionary(entries);
        }
    }
}
