package icj.candid;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A type of Candid. Trees of records, compared by structure; only [Named], through which recursive
/// types close their circle, is compared by identity.
///
/// `toString` gives the notation of `.did` files, named types by their name.
public sealed interface CandidType {
    /// This type, or what the name stands for.
    default CandidType unfold() {
        return this;
    }

    /// What messages call this, as "nat" or "a record".
    String kind();

    /// Whether null is a value of this type, so that a field or argument of it may be missing.
    default boolean mayBeMissing() {
        CandidType type = unfold();
        return type == Primitive.NULL || type == Primitive.RESERVED || type instanceof Opt;
    }

    /// Types without parts.
    enum Primitive implements CandidType {
        /// The type of null.
        NULL(-1, 0),
        /// True and false.
        BOOL(-2, 1),
        /// 0 and up, without bound.
        NAT(-3, 1),
        /// Any whole number.
        INT(-4, 1),
        /// Eight bits.
        NAT8(-5, 1),
        /// Sixteen bits.
        NAT16(-6, 2),
        /// Thirty-two bits.
        NAT32(-7, 4),
        /// Sixty-four bits.
        NAT64(-8, 8),
        /// Eight bits, signed.
        INT8(-9, 1),
        /// Sixteen bits, signed.
        INT16(-10, 2),
        /// Thirty-two bits, signed.
        INT32(-11, 4),
        /// Sixty-four bits, signed.
        INT64(-12, 8),
        /// IEEE 754, 32 bits.
        FLOAT32(-13, 4),
        /// IEEE 754, 64 bits.
        FLOAT64(-14, 8),
        /// Unicode text.
        TEXT(-15, 1),
        /// Every value is one of this type, but tells nothing.
        RESERVED(-16, 0),
        /// No value is of this type.
        EMPTY(-17, 0),
        /// The id of a user or canister.
        PRINCIPAL(-24, 1);

        private final int opcode;
        private final int bytes;

        Primitive(int opcode, int bytes) {
            this.opcode = opcode;
            this.bytes = bytes;
        }

        /// The negative number that stands for it in bytes.
        int opcode() {
            return opcode;
        }

        /// The number of bytes of numbers of fixed width; for others the fewest that a value takes.
        int bytes() {
            return bytes;
        }

        /// Whether this is one of the whole numbers of 8 to 64 bits.
        public boolean isFixed() {
            return compareTo(NAT8) >= 0 && compareTo(INT64) <= 0;
        }

        /// Whether values may be below zero.
        public boolean isSigned() {
            return this == INT || (compareTo(INT8) >= 0 && compareTo(INT64) <= 0);
        }

        static @Nullable Primitive ofOpcode(long opcode) {
            for (Primitive primitive : values()) {
                if (primitive.opcode == opcode) {
                    return primitive;
                }
            }
            return null;
        }

        static @Nullable Primitive ofName(String name) {
            for (Primitive primitive : values()) {
                if (primitive.toString().equals(name)) {
                    return primitive;
                }
            }
            return null;
        }

        @Override
        public String kind() {
            return toString();
        }

        /// The keyword.
        @Override
        public String toString() {
            return switch (this) {
                case NULL -> "null";
                case BOOL -> "bool";
                case NAT -> "nat";
                case INT -> "int";
                case NAT8 -> "nat8";
                case NAT16 -> "nat16";
                case NAT32 -> "nat32";
                case NAT64 -> "nat64";
                case INT8 -> "int8";
                case INT16 -> "int16";
                case INT32 -> "int32";
                case INT64 -> "int64";
                case FLOAT32 -> "float32";
                case FLOAT64 -> "float64";
                case TEXT -> "text";
                case RESERVED -> "reserved";
                case EMPTY -> "empty";
                case PRINCIPAL -> "principal";
            };
        }
    }

    /// A value or null.
    record Opt(CandidType inner) implements CandidType {
        @Override
        public String kind() {
            return "an option";
        }

        @Override
        public String toString() {
            return "opt " + inner;
        }
    }

    /// Any number of values.
    record Vec(CandidType inner) implements CandidType {
        /// The type `blob`.
        public static final Vec BLOB = new Vec(Primitive.NAT8);

        @Override
        public String kind() {
            return "a vector";
        }

        @Override
        public String toString() {
            return inner == Primitive.NAT8 ? "blob" : "vec " + inner;
        }
    }

    /// A field of a record or a case of a variant.
    record Field(CandidLabel label, CandidType type) {
        /// A field with a name.
        public static Field of(String name, CandidType type) {
            return new Field(CandidLabel.of(name), type);
        }
    }

    /// Fields, sorted by label.
    record Record(List<Field> fields) implements CandidType {
        /// Sorts the fields.
        ///
        /// @throws IllegalArgumentException when two have the same label
        public Record {
            fields = sorted(fields);
        }

        /// A record of these fields.
        public static Record of(Field... fields) {
            return new Record(List.of(fields));
        }

        /// A record whose fields are numbered from 0.
        public static Record tuple(List<CandidType> types) {
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                fields.add(new Field(CandidLabel.of(i), types.get(i)));
            }
            return new Record(fields);
        }

        /// The type of a field, or null.
        public @Nullable CandidType get(CandidLabel label) {
            return find(fields, label);
        }

        @Override
        public String kind() {
            return "a record";
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("record {");
            for (Field field : fields) {
                text.append(' ').append(field.label).append(" : ").append(field.type).append(';');
            }
            return text.append(fields.isEmpty() ? "}" : " }").toString();
        }
    }

    /// Cases, sorted by label, of which a value is exactly one.
    record Variant(List<Field> fields) implements CandidType {
        /// Sorts the cases.
        ///
        /// @throws IllegalArgumentException when two have the same label
        public Variant {
            fields = sorted(fields);
        }

        /// A variant of these cases.
        public static Variant of(Field... fields) {
            return new Variant(List.of(fields));
        }

        /// The type of a case, or null.
        public @Nullable CandidType get(CandidLabel label) {
            return find(fields, label);
        }

        @Override
        public String kind() {
            return "a variant";
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("variant {");
            for (Field field : fields) {
                text.append(' ').append(field.label);
                if (field.type != Primitive.NULL) {
                    text.append(" : ").append(field.type);
                }
                text.append(';');
            }
            return text.append(fields.isEmpty() ? "}" : " }").toString();
        }
    }

    /// How a method may be called, beside by an update.
    enum Mode {
        /// Also by a query.
        QUERY(1, "query"),
        /// Without an answer.
        ONEWAY(2, "oneway"),
        /// By a query only, and it may call other queries.
        COMPOSITE_QUERY(3, "composite_query");

        private final int code;
        private final String keyword;

        Mode(int code, String keyword) {
            this.code = code;
            this.keyword = keyword;
        }

        int code() {
            return code;
        }

        /// The keyword.
        @Override
        public String toString() {
            return keyword;
        }
    }

    /// A reference to a method.
    record Func(List<CandidType> arguments, List<CandidType> results, Set<Mode> modes)
            implements CandidType {
        /// Copies the collections.
        public Func {
            arguments = List.copyOf(arguments);
            results = List.copyOf(results);
            EnumSet<Mode> copy = EnumSet.noneOf(Mode.class);
            copy.addAll(modes);
            modes = copy;
        }

        /// The modes, a copy in their fixed order.
        @Override
        public Set<Mode> modes() {
            EnumSet<Mode> copy = EnumSet.noneOf(Mode.class);
            copy.addAll(modes);
            return copy;
        }

        /// Whether the method can be called by a query.
        public boolean isQuery() {
            return modes.contains(Mode.QUERY) || modes.contains(Mode.COMPOSITE_QUERY);
        }

        @Override
        public String kind() {
            return "a function";
        }

        @Override
        public String toString() {
            return "func " + signature();
        }

        /// The notation without the keyword `func`.
        public String signature() {
            StringBuilder text = new StringBuilder();
            tuple(text, arguments);
            text.append(" -> ");
            tuple(text, results);
            for (Mode mode : modes) {
                text.append(' ').append(mode);
            }
            return text.toString();
        }

        private static void tuple(StringBuilder text, List<CandidType> types) {
            text.append('(');
            for (int i = 0; i < types.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(types.get(i));
            }
            text.append(')');
        }
    }

    /// A method of a service.
    ///
    /// @param type a [Func], or a name for one
    record Method(String name, CandidType type) {
        /// The function type.
        ///
        /// @throws IllegalStateException when the name stands for another type; parsers and
        ///   decoders refuse that
        public Func func() {
            if (type.unfold() instanceof Func func) {
                return func;
            }
            throw new IllegalStateException("The method " + name + " is no function");
        }
    }

    /// A reference to a canister, methods sorted by name.
    record Service(List<Method> methods) implements CandidType {
        /// Sorts the methods.
        ///
        /// @throws IllegalArgumentException when two have the same name
        public Service {
            List<Method> sorted = new ArrayList<>(methods);
            sorted.sort((a, b) -> compareUtf8(a.name, b.name));
            for (int i = 1; i < sorted.size(); i++) {
                if (sorted.get(i).name.equals(sorted.get(i - 1).name)) {
                    throw new IllegalArgumentException(
                            "The method " + sorted.get(i).name + " comes twice");
                }
            }
            methods = List.copyOf(sorted);
        }

        /// The method of a name, or null.
        public @Nullable Method get(String name) {
            for (Method method : methods) {
                if (method.name.equals(name)) {
                    return method;
                }
            }
            return null;
        }

        @Override
        public String kind() {
            return "a service";
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("service {");
            for (Method method : methods) {
                text.append(' ').append(CandidPrinter.name(method.name)).append(" : ");
                text.append(method.type instanceof Func func ? func.signature() : method.type);
                text.append(';');
            }
            return text.append(methods.isEmpty() ? "}" : " }").toString();
        }
    }

    /// A type of a later version of Candid: its values can be skipped, nothing else.
    record Future(long opcode) implements CandidType {
        @Override
        public String kind() {
            return "a type of a later version of Candid";
        }

        @Override
        public String toString() {
            return "future" + opcode;
        }
    }

    /// A name for a type, which may occur in its own definition. Made first, defined once, then
    /// immutable.
    final class Named implements CandidType {
        private final String name;
        private @Nullable CandidType definition;

        /// A name without a meaning yet.
        public Named(String name) {
            this.name = name;
        }

        /// The name.
        public String name() {
            return name;
        }

        /// Sets the meaning.
        ///
        /// @throws IllegalStateException when it was set before
        public void define(CandidType type) {
            if (definition != null) {
                throw new IllegalStateException("The type " + name + " is defined twice");
            }
            definition = type;
        }

        /// What [#define] set; may be a name again.
        ///
        /// @throws IllegalStateException when it was not set
        public CandidType definition() {
            if (definition == null) {
                throw new IllegalStateException("The type " + name + " is not defined");
            }
            return definition;
        }

        @Override
        public CandidType unfold() {
            CandidType type = definition();
            // A chain of names ends, since whoever defines names refuses circles of nothing else.
            while (type instanceof Named named) {
                type = named.definition();
            }
            return type;
        }

        @Override
        public String kind() {
            return unfold().kind();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Field> sorted(List<Field> fields) {
        List<Field> sorted = new ArrayList<>(fields);
        sorted.sort((a, b) -> a.label.compareTo(b.label));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).label.equals(sorted.get(i - 1).label)) {
                throw new IllegalArgumentException(
                        "The field " + sorted.get(i).label + " comes twice");
            }
        }
        return List.copyOf(sorted);
    }

    private static @Nullable CandidType find(List<Field> fields, CandidLabel label) {
        int low = 0;
        int high = fields.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = fields.get(middle).label.compareTo(label);
            if (order == 0) {
                return fields.get(middle).type;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /// Orders names by their UTF-8 bytes, which differs from the order of Java's strings beyond 16
    /// bits.
    static int compareUtf8(String a, String b) {
        int ia = 0;
        int ib = 0;
        while (ia < a.length() && ib < b.length()) {
            int ca = a.codePointAt(ia);
            int cb = b.codePointAt(ib);
            if (ca != cb) {
                return Integer.compare(ca, cb);
            }
            ia += Character.charCount(ca);
            ib += Character.charCount(cb);
        }
        return Integer.compare(a.length() - ia, b.length() - ib);
    }
}
