package icj.candid;

import icj.candid.CandidType.Field;
import icj.candid.CandidType.Primitive;

import java.util.ArrayList;
import java.util.List;

/// One decoding: reads each value by the type in the message and turns it, on the way, into the
/// type that is expected (specification of Candid, "Coercion"). What nobody expects is checked and
/// skipped, not built.
///
/// Two things can go wrong. A [CandidException] is final: the message is malformed or too large. A
/// [Mismatch] means that a value doesn't fit its place: the nearest option around it turns into
/// null, and the value is read again to skip it; without such an option it is final too.
final class CandidDecoder {
    private final CandidInput in;
    private final CandidLimits limits;
    private long left;

    private CandidDecoder(CandidInput in, CandidLimits limits, long left) {
        this.in = in;
        this.limits = limits;
        this.left = left;
    }

    static List<CandidValue> decode(byte[] bytes, List<CandidType> expected, CandidLimits limits)
            throws CandidException {
        CandidInput in = new CandidInput(bytes);
        List<CandidType> types = CandidTypeTable.read(in);
        return new CandidDecoder(in, limits, limits.values(bytes.length))
                .arguments(types, expected);
    }

    /// Decodes at the types that the message itself names.
    static CandidArguments decode(byte[] bytes, CandidLimits limits) throws CandidException {
        CandidInput in = new CandidInput(bytes);
        List<CandidType> types = CandidTypeTable.read(in);
        List<CandidValue> values =
                new CandidDecoder(in, limits, limits.values(bytes.length)).arguments(types, types);
        return new CandidArguments(types, values);
    }

    private List<CandidValue> arguments(List<CandidType> types, List<CandidType> expected)
            throws CandidException {
        List<CandidValue> values = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            try {
                if (i < types.size()) {
                    values.add(value(types.get(i), expected.get(i), 0));
                } else {
                    values.add(missing(expected.get(i)));
                }
            } catch (Mismatch e) {
                throw new CandidException("Argument " + (i + 1) + e.where() + ": " + e.what());
            }
        }
        for (int i = expected.size(); i < types.size(); i++) {
            skip(types.get(i), 0);
        }
        if (in.remaining() > 0) {
            throw new CandidException(in.remaining() + " bytes follow the Candid message");
        }
        return values;
    }

    private void visit(int depth) throws CandidException {
        if (--left < 0) {
            throw new CandidException("The Candid message holds too many values");
        }
        if (depth > limits.depthMax()) {
            throw new CandidException(
                    "The Candid message is nested deeper than " + limits.depthMax() + " levels");
        }
    }

    private CandidValue value(CandidType wireType, CandidType expectedType, int depth)
            throws CandidException, Mismatch {
        visit(depth);
        CandidType wire = wireType.unfold();
        CandidType expected = expectedType.unfold();
        if (wire == Primitive.EMPTY) {
            throw new CandidException("The Candid message holds a value of type empty");
        }
        return switch (expected) {
            case Primitive primitive -> primitive(wire, primitive, depth);
            case CandidType.Opt opt -> option(wire, opt.inner(), depth);
            case CandidType.Vec vec -> {
                if (!(wire instanceof CandidType.Vec from)) {
                    throw mismatch(wire, expected);
                }
                yield vector(from.inner(), vec.inner(), depth);
            }
            case CandidType.Record record -> {
                if (!(wire instanceof CandidType.Record from)) {
                    throw mismatch(wire, expected);
                }
                yield record(from, record, depth);
            }
            case CandidType.Variant variant -> {
                if (!(wire instanceof CandidType.Variant from)) {
                    throw mismatch(wire, expected);
                }
                yield variant(from, variant, depth);
            }
            case CandidType.Func func -> {
                reference(wire, wire instanceof CandidType.Func, func);
                yield function();
            }
            case CandidType.Service service -> {
                reference(wire, wire instanceof CandidType.Service, service);
                yield new CandidValue.Service(in.principal());
            }
            case CandidType.Future future -> throw mismatch(wire, expected);
            case CandidType.Named named -> throw new IllegalStateException("unfolded before");
        };
    }

    private CandidValue primitive(CandidType wire, Primitive expected, int depth)
            throws CandidException, Mismatch {
        if (expected == Primitive.RESERVED) {
            skip(wire, depth);
            return new CandidValue.Reserved();
        }
        boolean fits =
                wire == expected
                        || (wire == Primitive.NAT && expected == Primitive.INT)
                        || (wire instanceof CandidType.Service && expected == Primitive.PRINCIPAL);
        if (!fits) {
            throw mismatch(wire, expected);
        }
        return switch (expected) {
            case NULL -> new CandidValue.Null();
            case BOOL -> new CandidValue.Bool(bool());
            case NAT -> new CandidValue.Nat(in.leb(false));
            case INT -> new CandidValue.Int(in.leb(wire == Primitive.INT));
            case NAT8, NAT16, NAT32, NAT64, INT8, INT16, INT32, INT64 -> fixed(expected);
            case FLOAT32 -> new CandidValue.Float32(Float.intBitsToFloat((int) in.little(4)));
            case FLOAT64 -> new CandidValue.Float64(Double.longBitsToDouble(in.little(8)));
            case TEXT -> new CandidValue.Text(in.text());
            case PRINCIPAL -> new CandidValue.Id(in.principal());
            case RESERVED, EMPTY -> throw mismatch(wire, expected);
        };
    }

    private CandidValue fixed(Primitive type) throws CandidException {
        long bits = in.little(type.bytes());
        if (type.isSigned()) {
            int unused = 64 - 8 * type.bytes();
            bits = bits << unused >> unused;
        }
        return new CandidValue.Fixed(type, bits);
    }

    private CandidValue option(CandidType wire, CandidType inner, int depth)
            throws CandidException {
        if (wire == Primitive.NULL || wire == Primitive.RESERVED) {
            return CandidValue.Opt.NONE;
        }
        CandidType from = wire;
        if (wire instanceof CandidType.Opt opt) {
            if (!bool()) {
                return CandidValue.Opt.NONE;
            }
            from = opt.inner();
        }
        int start = in.position();
        try {
            return new CandidValue.Opt(value(from, inner, depth + 1));
        } catch (Mismatch e) {
            in.rewind(start);
            skip(from, depth + 1);
            return CandidValue.Opt.NONE;
        }
    }

    private CandidValue vector(CandidType from, CandidType to, int depth)
            throws CandidException, Mismatch {
        long count = length(from);
        if (from.unfold() == Primitive.NAT8 && to.unfold() == Primitive.NAT8) {
            return CandidValue.Blob.owning(in.raw(count));
        }
        List<CandidValue> elements = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            try {
                elements.add(value(from, to, depth + 1));
            } catch (Mismatch e) {
                throw e.inside("element " + i);
            }
        }
        return new CandidValue.Vec(elements);
    }

    /// The length of a vector, held against what is left of the message where elements take bytes.
    private long length(CandidType element) throws CandidException {
        long count = in.size();
        CandidType type = element.unfold();
        boolean mayTakeNoBytes =
                type instanceof CandidType.Record
                        || (type instanceof Primitive primitive && primitive.bytes() == 0);
        if (!mayTakeNoBytes && count > in.remaining()) {
            throw new CandidException("A vector is longer than the rest of the Candid message");
        }
        return count;
    }

    private CandidValue record(CandidType.Record from, CandidType.Record to, int depth)
            throws CandidException, Mismatch {
        List<CandidValue.Field> values = new ArrayList<>(to.fields().size());
        int next = 0;
        for (Field field : from.fields()) {
            while (next < to.fields().size()
                    && to.fields().get(next).label().compareTo(field.label()) < 0) {
                values.add(absent(to.fields().get(next++)));
            }
            if (next == to.fields().size()
                    || !to.fields().get(next).label().equals(field.label())) {
                skip(field.type(), depth + 1);
                continue;
            }
            Field expected = to.fields().get(next++);
            try {
                CandidValue value = value(field.type(), expected.type(), depth + 1);
                values.add(new CandidValue.Field(expected.label(), value));
            } catch (Mismatch e) {
                throw e.inside("field " + expected.label());
            }
        }
        while (next < to.fields().size()) {
            values.add(absent(to.fields().get(next++)));
        }
        return new CandidValue.Record(values);
    }

    private static CandidValue.Field absent(Field field) throws Mismatch {
        try {
            return new CandidValue.Field(field.label(), missing(field.type()));
        } catch (Mismatch e) {
            throw e.inside("field " + field.label());
        }
    }

    private static CandidValue missing(CandidType type) throws Mismatch {
        CandidType unfolded = type.unfold();
        if (unfolded == Primitive.NULL) {
            return new CandidValue.Null();
        }
        if (unfolded == Primitive.RESERVED) {
            return new CandidValue.Reserved();
        }
        if (unfolded instanceof CandidType.Opt) {
            return CandidValue.Opt.NONE;
        }
        throw new Mismatch("it is missing, " + unfolded.kind() + " is expected");
    }

    private CandidValue variant(CandidType.Variant from, CandidType.Variant to, int depth)
            throws CandidException, Mismatch {
        Field found = caseOf(from);
        for (Field expected : to.fields()) {
            if (expected.label().equals(found.label())) {
                try {
                    return new CandidValue.Variant(
                            expected.label(), value(found.type(), expected.type(), depth + 1));
                } catch (Mismatch e) {
                    throw e.inside("case " + expected.label());
                }
            }
        }
        throw new Mismatch("the case " + found.label() + " is not in the expected variant");
    }

    private Field caseOf(CandidType.Variant type) throws CandidException {
        long index = in.size();
        if (index >= type.fields().size()) {
            throw new CandidException("A variant has no case with the index " + index);
        }
        return type.fields().get((int) index);
    }

    private void reference(CandidType wire, boolean sameKind, CandidType expected)
            throws CandidException, Mismatch {
        if (!sameKind) {
            throw mismatch(wire, expected);
        }
        if (!CandidSubtyping.holds(wire, expected)) {
            throw new Mismatch(wire.kind() + " is of another type than expected");
        }
    }

    private CandidValue function() throws CandidException {
        if (in.u8() != 1) {
            throw new CandidException("A reference in the Candid message is opaque");
        }
        Principal service = in.principal();
        return new CandidValue.Func(service, in.text());
    }

    private boolean bool() throws CandidException {
        int value = in.u8();
        if (value > 1) {
            throw new CandidException("A truth value in the Candid message is " + value);
        }
        return value == 1;
    }

    private void skip(CandidType wireType, int depth) throws CandidException {
        visit(depth);
        switch (wireType.unfold()) {
            case Primitive primitive -> skipPrimitive(primitive);
            case CandidType.Opt opt -> {
                if (bool()) {
                    skip(opt.inner(), depth + 1);
                }
            }
            case CandidType.Vec vec -> {
                long count = length(vec.inner());
                if (vec.inner().unfold() instanceof Primitive inner
                        && (inner.isFixed()
                                || inner == Primitive.FLOAT32
                                || inner == Primitive.FLOAT64)) {
                    in.skip(count * inner.bytes());
                    return;
                }
                for (long i = 0; i < count; i++) {
                    skip(vec.inner(), depth + 1);
                }
            }
            case CandidType.Record record -> {
                for (Field field : record.fields()) {
                    skip(field.type(), depth + 1);
                }
            }
            case CandidType.Variant variant -> skip(caseOf(variant).type(), depth + 1);
            case CandidType.Func func -> function();
            case CandidType.Service service -> in.principal();
            case CandidType.Future future -> {
                long bytes = in.size();
                long references = in.size();
                if (references > 0) {
                    throw new CandidException("A value of a future type holds references");
                }
                in.skip(bytes);
            }
            case CandidType.Named named -> throw new IllegalStateException("unfolded before");
        }
    }

    private void skipPrimitive(Primitive primitive) throws CandidException {
        switch (primitive) {
            case NULL, RESERVED -> {}
            case BOOL -> bool();
            case NAT, INT -> in.leb(false);
            case NAT8, NAT16, NAT32, NAT64, INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 ->
                    in.skip(primitive.bytes());
            case TEXT -> in.text();
            case PRINCIPAL -> in.principal();
            case EMPTY ->
                    throw new CandidException("The Candid message holds a value of type empty");
        }
    }

    private static Mismatch mismatch(CandidType wire, CandidType expected) {
        return new Mismatch(expected.kind() + " is expected, this is " + wire.kind());
    }

    /// A value that does not fit its place. Has no stack trace, since a message may cause many.
    private static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1L;
        private static final int WHERE_MAX = 200;

        private final String what;
        private String where = "";

        Mismatch(String what) {
            super(what, null, false, false);
            this.what = what;
        }

        Mismatch inside(String place) {
            if (where.length() < WHERE_MAX) {
                where = ", " + place + where;
            }
            return this;
        }

        String where() {
            return where;
        }

        String what() {
            return what;
        }
    }
}
