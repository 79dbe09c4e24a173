package icj.candid;

import icj.candid.CandidType.Primitive;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;

/// The type of a value that comes without one.
final class CandidInference {
    private CandidInference() {}

    static CandidType typeOf(CandidValue value) {
        return switch (value) {
            case CandidValue.Null none -> Primitive.NULL;
            case CandidValue.Bool bool -> Primitive.BOOL;
            case CandidValue.Nat nat -> Primitive.NAT;
            case CandidValue.Int number -> Primitive.INT;
            case CandidValue.Fixed fixed -> fixed.type();
            case CandidValue.Float32 number -> Primitive.FLOAT32;
            case CandidValue.Float64 number -> Primitive.FLOAT64;
            case CandidValue.Text text -> Primitive.TEXT;
            case CandidValue.Reserved reserved -> Primitive.RESERVED;
            case CandidValue.Id id -> Primitive.PRINCIPAL;
            case CandidValue.Service service -> new CandidType.Service(List.of());
            case CandidValue.Func func ->
                    new CandidType.Func(
                            List.of(), List.of(), EnumSet.noneOf(CandidType.Mode.class));
            case CandidValue.Opt opt -> {
                CandidValue inner = opt.value();
                yield new CandidType.Opt(inner == null ? Primitive.EMPTY : typeOf(inner));
            }
            case CandidValue.Blob blob -> CandidType.Vec.BLOB;
            case CandidValue.Vec vec -> {
                CandidType joined = Primitive.EMPTY;
                for (CandidValue element : vec.elements()) {
                    joined = join(joined, typeOf(element));
                }
                yield new CandidType.Vec(joined);
            }
            case CandidValue.Record record -> {
                List<CandidType.Field> fields = new ArrayList<>();
                for (CandidValue.Field field : record.fields()) {
                    fields.add(new CandidType.Field(field.label(), typeOf(field.value())));
                }
                yield new CandidType.Record(fields);
            }
            case CandidValue.Variant variant ->
                    CandidType.Variant.of(
                            new CandidType.Field(variant.label(), typeOf(variant.value())));
        };
    }

    /// The narrowest type, of those that inference makes, that holds the values of both.
    private static CandidType join(CandidType a, CandidType b) {
        if (a.equals(b) || b == Primitive.EMPTY) {
            return a;
        }
        if (a == Primitive.EMPTY) {
            return b;
        }
        if (a instanceof Primitive x && b instanceof Primitive y) {
            boolean numbers =
                    (x == Primitive.NAT && y == Primitive.INT)
                            || (x == Primitive.INT && y == Primitive.NAT);
            if (numbers) {
                return Primitive.INT;
            }
        }
        if (a == Primitive.NULL || b == Primitive.NULL) {
            CandidType other = a == Primitive.NULL ? b : a;
            if (other instanceof CandidType.Opt) {
                return other;
            }
        }
        if (a instanceof CandidType.Opt x && b instanceof CandidType.Opt y) {
            return new CandidType.Opt(join(x.inner(), y.inner()));
        }
        if (a instanceof CandidType.Vec x && b instanceof CandidType.Vec y) {
            return new CandidType.Vec(join(x.inner(), y.inner()));
        }
        if (a instanceof CandidType.Record x && b instanceof CandidType.Record y) {
            return joinRecords(x, y);
        }
        if (a instanceof CandidType.Variant x && b instanceof CandidType.Variant y) {
            return joinVariants(x, y);
        }
        throw new IllegalArgumentException(
                "The elements of a vector have no type in common: one is "
                        + a.kind()
                        + ", another "
                        + b.kind());
    }

    private static CandidType joinRecords(CandidType.Record a, CandidType.Record b) {
        if (a.fields().size() != b.fields().size()) {
            throw new IllegalArgumentException(
                    "The records in a vector do not have the same fields");
        }
        List<CandidType.Field> fields = new ArrayList<>();
        for (CandidType.Field field : a.fields()) {
            CandidType other = b.get(field.label());
            if (other == null) {
                throw new IllegalArgumentException(
                        "The records in a vector do not have the same fields");
            }
            fields.add(new CandidType.Field(field.label(), join(field.type(), other)));
        }
        return new CandidType.Record(fields);
    }

    private static CandidType joinVariants(CandidType.Variant a, CandidType.Variant b) {
        TreeMap<CandidLabel, CandidType> cases = new TreeMap<>();
        for (CandidType.Field field : a.fields()) {
            cases.put(field.label(), field.type());
        }
        for (CandidType.Field field : b.fields()) {
            CandidType other = cases.get(field.label());
            cases.put(field.label(), other == null ? field.type() : join(other, field.type()));
        }
        List<CandidType.Field> fields = new ArrayList<>();
        cases.forEach((label, type) -> fields.add(new CandidType.Field(label, type)));
        return new CandidType.Variant(fields);
    }
}
