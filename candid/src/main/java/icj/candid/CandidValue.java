package icj.candid;

import icj.candid.CandidType.Primitive;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A value of Candid. Immutable, compared by value. `toString` gives the text form, numbers with
/// their type.
public sealed interface CandidValue {
    /// The most specific type of this value. The elements of a vector are joined to one type.
    ///
    /// @throws IllegalArgumentException when the elements of a vector have no type in common
    default CandidType type() {
        return CandidInference.typeOf(this);
    }

    /// The only value of type null, also the absent option.
    record Null() implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// True or false.
    record Bool(boolean value) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A number of type nat.
    record Nat(BigInteger value) implements CandidValue {
        /// @throws IllegalArgumentException below zero
        public Nat {
            if (value.signum() < 0) {
                throw new IllegalArgumentException(value + " is no nat");
            }
        }

        /// A number of 0 to 2^63 - 1.
        public static Nat of(long value) {
            return new Nat(BigInteger.valueOf(value));
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A number of type int.
    record Int(BigInteger value) implements CandidValue {
        /// A number of 64 bits.
        public static Int of(long value) {
            return new Int(BigInteger.valueOf(value));
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A whole number of 8 to 64 bits.
    ///
    /// @param type one of nat8 to int64
    /// @param bits the number; nat64 from 2^63 on appears negative
    record Fixed(Primitive type, long bits) implements CandidValue {
        /// @throws IllegalArgumentException when the number does not fit the type
        public Fixed {
            if (!type.isFixed()) {
                throw new IllegalArgumentException(type + " has no fixed width");
            }
            int width = 8 * type.bytes();
            boolean fits =
                    width == 64
                            || (type.isSigned()
                                    ? bits >= -(1L << (width - 1)) && bits < 1L << (width - 1)
                                    : bits >= 0 && bits < 1L << width);
            if (!fits) {
                throw new IllegalArgumentException(bits + " does not fit " + type);
            }
        }

        /// The number, unsigned types from 0 up.
        public BigInteger value() {
            return type == Primitive.NAT64
                    ? new BigInteger(Long.toUnsignedString(bits))
                    : BigInteger.valueOf(bits);
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A number of type float32.
    record Float32(float value) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A number of type float64.
    record Float64(double value) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// Text.
    record Text(String value) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// The value of type reserved.
    record Reserved() implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A principal.
    record Id(Principal value) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A reference to a canister.
    record Service(Principal value) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A reference to a method.
    record Func(Principal service, String method) implements CandidValue {
        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// An option that holds a value, or null.
    record Opt(@Nullable CandidValue value) implements CandidValue {
        /// The option without a value.
        public static final Opt NONE = new Opt(null);

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A vector. Those of nat8 are decoded as [Blob].
    record Vec(List<CandidValue> elements) implements CandidValue {
        /// Copies the list.
        public Vec {
            elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A vector of nat8.
    final class Blob implements CandidValue {
        private final byte[] bytes;

        private Blob(byte[] bytes) {
            this.bytes = bytes;
        }

        /// A copy of the bytes.
        public static Blob of(byte[] bytes) {
            return new Blob(bytes.clone());
        }

        /// Takes the bytes as they are: the caller gives them up.
        public static Blob owning(byte[] bytes) {
            return new Blob(bytes);
        }

        /// A copy of the bytes.
        public byte[] toBytes() {
            return bytes.clone();
        }

        /// The bytes themselves: never written to.
        public byte[] shared() {
            return bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Blob blob && Arrays.equals(bytes, blob.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// A field of a record value.
    record Field(CandidLabel label, CandidValue value) {}

    /// A record, fields sorted by label.
    record Record(List<Field> fields) implements CandidValue {
        /// Sorts the fields.
        ///
        /// @throws IllegalArgumentException when two have the same label
        public Record {
            List<Field> sorted = new ArrayList<>(fields);
            sorted.sort((a, b) -> a.label.compareTo(b.label));
            for (int i = 1; i < sorted.size(); i++) {
                if (sorted.get(i).label.equals(sorted.get(i - 1).label)) {
                    throw new IllegalArgumentException(
                            "The field " + sorted.get(i).label + " comes twice");
                }
            }
            fields = List.copyOf(sorted);
        }

        /// A record whose fields are numbered from 0.
        public static Record tuple(List<CandidValue> values) {
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                fields.add(new Field(CandidLabel.of(i), values.get(i)));
            }
            return new Record(fields);
        }

        /// Collects fields by name.
        public static RecordBuilder builder() {
            return new RecordBuilder();
        }

        /// The value of a field, or null.
        public @Nullable CandidValue get(CandidLabel label) {
            for (Field field : fields) {
                if (field.label.equals(label)) {
                    return field.value;
                }
            }
            return null;
        }

        /// The value of a field that the type promises.
        ///
        /// @throws IllegalArgumentException when it is missing
        public CandidValue get(String name) {
            CandidValue value = get(CandidLabel.of(name));
            if (value == null) {
                throw new IllegalArgumentException("The field " + name + " is missing");
            }
            return value;
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// One case of a variant.
    record Variant(CandidLabel label, CandidValue value) implements CandidValue {
        /// A case without a value.
        public static Variant of(String name) {
            return new Variant(CandidLabel.of(name), new Null());
        }

        /// A case with a value.
        public static Variant of(String name, CandidValue value) {
            return new Variant(CandidLabel.of(name), value);
        }

        /// Whether this is the case of that name.
        public boolean is(String name) {
            return label.id() == CandidLabel.hash(name);
        }

        @Override
        public String toString() {
            return CandidPrinter.print(this);
        }
    }

    /// Collects the fields of a [Record]. Methods return this builder.
    final class RecordBuilder {
        private final List<Field> fields = new ArrayList<>();

        private RecordBuilder() {}

        /// A field.
        public RecordBuilder put(String name, CandidValue value) {
            fields.add(new Field(CandidLabel.of(name), value));
            return this;
        }

        /// The record.
        public Record build() {
            return new Record(fields);
        }
    }

    /// The number of a nat, int or number of fixed width.
    ///
    /// @throws IllegalArgumentException when this is something else, as with all `as` methods: use
    ///   them after decoding at a type that promises it
    default BigInteger asNumber() {
        return switch (this) {
            case Nat nat -> nat.value();
            case Int number -> number.value();
            case Fixed fixed -> fixed.value();
            default -> throw isNot("a number");
        };
    }

    /// The truth value.
    default boolean asBool() {
        if (this instanceof Bool bool) {
            return bool.value();
        }
        throw isNot("a bool");
    }

    /// The text.
    default String asText() {
        if (this instanceof Text text) {
            return text.value();
        }
        throw isNot("a text");
    }

    /// The principal, also of a service.
    default Principal asPrincipal() {
        return switch (this) {
            case Id id -> id.value();
            case Service service -> service.value();
            default -> throw isNot("a principal");
        };
    }

    /// The bytes themselves: never written to.
    default byte[] asBlob() {
        if (this instanceof Blob blob) {
            return blob.shared();
        }
        if (this instanceof Vec vec && vec.elements().isEmpty()) {
            return new byte[0];
        }
        throw isNot("a blob");
    }

    /// What an option holds, or null.
    default @Nullable CandidValue asOpt() {
        return switch (this) {
            case Opt opt -> opt.value();
            case Null none -> null;
            default -> throw isNot("an option");
        };
    }

    /// The elements of a vector that is not a blob.
    default List<CandidValue> asVec() {
        if (this instanceof Vec vec) {
            return vec.elements();
        }
        throw isNot("a vector");
    }

    /// This as a record.
    default Record asRecord() {
        if (this instanceof Record record) {
            return record;
        }
        throw isNot("a record");
    }

    /// This as a variant.
    default Variant asVariant() {
        if (this instanceof Variant variant) {
            return variant;
        }
        throw isNot("a variant");
    }

    private IllegalArgumentException isNot(String kind) {
        return new IllegalArgumentException("This value is not " + kind);
    }
}
