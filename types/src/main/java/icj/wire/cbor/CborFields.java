package icj.wire.cbor;

import icj.types.Blob;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Reads the fields of a map one by one; each complaint names the field. Methods without `optional`
/// in their name throw when the field is missing.
public final class CborFields {
    private final CborValue.Dictionary map;
    private final String name;
    private final Set<String> asked = new TreeSet<>();

    private CborFields(CborValue.Dictionary map, String name) {
        this.map = map;
        this.name = name;
    }

    /// The fields of a value that must be a map.
    ///
    /// @param name what the map is called in messages, as "the envelope"
    public static CborFields of(CborValue value, String name) throws MalformedException {
        if (value instanceof CborValue.Dictionary map) {
            return new CborFields(map, name);
        }
        throw new MalformedException("A map was expected as " + name + ", this is " + value.kind());
    }

    /// Any value, or null when it is missing.
    public @Nullable CborValue optional(String field) {
        asked.add(field);
        return map.get(field);
    }

    /// Any value.
    public CborValue required(String field) throws MalformedException {
        CborValue value = optional(field);
        if (value == null) {
            throw new MalformedException("The field " + field + " is missing in " + name);
        }
        return value;
    }

    /// Bytes of at most `lengthMax`.
    public Blob bytes(String field, int lengthMax) throws MalformedException {
        return asBytes(required(field), "The field " + field + " in " + name, lengthMax);
    }

    /// Bytes of at most `lengthMax`, or null when the field is missing.
    public @Nullable Blob optionalBytes(String field, int lengthMax) throws MalformedException {
        CborValue value = optional(field);
        return value == null
                ? null
                : asBytes(value, "The field " + field + " in " + name, lengthMax);
    }

    /// Text.
    public String text(String field) throws MalformedException {
        return asText(field, required(field));
    }

    /// Text, or null when the field is missing.
    public @Nullable String optionalText(String field) throws MalformedException {
        CborValue value = optional(field);
        return value == null ? null : asText(field, value);
    }

    /// A number of 0 to 2^64 - 1, as its 64 bits: from 2^63 on the result is negative.
    public long nat64(String field) throws MalformedException {
        if (!(required(field) instanceof CborValue.Nat(BigInteger nat))) {
            throw wrong(field, "a number");
        }
        if (nat.bitLength() > 64) {
            throw new MalformedException(
                    "The field " + field + " in " + name + " does not fit 64 bits");
        }
        return nat.longValue();
    }

    /// A list of at most `countMax` elements.
    public List<CborValue> list(String field, int countMax) throws MalformedException {
        return asList(required(field), "The field " + field + " in " + name, countMax);
    }

    /// A list of at most `countMax` elements, or null when the field is missing.
    public @Nullable List<CborValue> optionalList(String field, int countMax)
            throws MalformedException {
        CborValue value = optional(field);
        return value == null ? null : asList(value, "The field " + field + " in " + name, countMax);
    }

    /// A map, called `nested` in messages.
    public CborFields map(String field, String nested) throws MalformedException {
        return of(required(field), nested);
    }

    /// Throws when the map holds a field that was not asked for so far.
    public void refuseOthers() throws MalformedException {
        for (String field : map.entries().keySet()) {
            if (!asked.contains(field)) {
                String shown = field.length() > 40 ? field.substring(0, 40) + "..." : field;
                throw new MalformedException("The field " + shown + " is unknown in " + name);
            }
        }
    }

    /// Bytes of at most `lengthMax`.
    ///
    /// @param what the beginning of the complaint, as "The field sender in the content"
    public static Blob asBytes(CborValue value, String what, int lengthMax)
            throws MalformedException {
        if (!(value instanceof CborValue.Bytes(Blob bytes))) {
            throw new MalformedException(what + " must be a byte string, this is " + value.kind());
        }
        if (bytes.length() > lengthMax) {
            throw new MalformedException(
                    what
                            + " has "
                            + bytes.length()
                            + " bytes, at most "
                            + lengthMax
                            + " are allowed");
        }
        return bytes;
    }

    /// A list of at most `countMax` elements.
    ///
    /// @param what the beginning of the complaint
    public static List<CborValue> asList(CborValue value, String what, int countMax)
            throws MalformedException {
        if (!(value instanceof CborValue.Array array)) {
            throw new MalformedException(what + " must be a list, this is " + value.kind());
        }
        if (array.elements().size() > countMax) {
            throw new MalformedException(
                    what
                            + " has "
                            + array.elements().size()
                            + " elements, at most "
                            + countMax
                            + " are allowed");
        }
        return array.elements();
    }

    private String asText(String field, CborValue value) throws MalformedException {
        if (!(value instanceof CborValue.Text(String text))) {
            throw wrong(field, "a text");
        }
        return text;
    }

    private MalformedException wrong(String field, String kind) {
        CborValue value = map.get(field);
        return new MalformedException(
                "The field "
                        + field
                        + " in "
                        + name
                        + " must be "
                        + kind
                        + ", this is "
                        + (value == null ? "nothing" : value.kind()));
    }
}
