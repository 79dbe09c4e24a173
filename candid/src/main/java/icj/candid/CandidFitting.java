package icj.candid;

import icj.candid.CandidType.Primitive;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes values of the text form, whose numbers have no type yet, values of a given type. Stricter
/// than decoding: a field or argument that the type lacks is an error, since a person wrote it.
final class CandidFitting {
    private CandidFitting() {}

    static List<CandidValue> arguments(List<CandidValue> values, List<CandidType> types)
            throws CandidException {
        if (values.size() > types.size()) {
            throw new CandidException(
                    values.size() + " arguments are given, the method takes " + types.size());
        }
        List<CandidValue> fitted = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            try {
                fitted.add(
                        i < values.size()
                                ? fit(values.get(i), types.get(i))
                                : missing(types.get(i)));
            } catch (CandidException e) {
                throw new CandidException("Argument " + (i + 1) + ": " + e.getMessage());
            }
        }
        return fitted;
    }

    static CandidValue fit(CandidValue value, CandidType named) throws CandidException {
        CandidType type = named.unfold();
        return switch (type) {
            case Primitive primitive -> primitive(value, primitive);
            case CandidType.Opt opt -> {
                CandidValue inner =
                        switch (value) {
                            case CandidValue.Null none -> null;
                            case CandidValue.Reserved none -> null;
                            case CandidValue.Opt some -> some.value();
                            default -> value;
                        };
                yield inner == null
                        ? CandidValue.Opt.NONE
                        : new CandidValue.Opt(fit(inner, opt.inner()));
            }
            case CandidType.Vec vec -> vector(value, vec);
            case CandidType.Record record -> record(value, record);
            case CandidType.Variant variant -> variant(value, variant);
            case CandidType.Func func -> {
                if (value instanceof CandidValue.Func) {
                    yield value;
                }
                throw unfit(value, type);
            }
            case CandidType.Service service -> {
                if (value instanceof CandidValue.Service) {
                    yield value;
                }
                throw unfit(value, type);
            }
            case CandidType.Future future -> throw unfit(value, type);
            case CandidType.Named name -> throw new IllegalStateException("unfolded before");
        };
    }

    private static CandidValue missing(CandidType type) throws CandidException {
        if (!type.mayBeMissing()) {
            throw new CandidException("it is missing, " + type.kind() + " is expected");
        }
        return fit(new CandidValue.Null(), type);
    }

    private static CandidValue primitive(CandidValue value, Primitive type) throws CandidException {
        return switch (type) {
            case RESERVED -> new CandidValue.Reserved();
            case NAT -> {
                BigInteger number = whole(value, type);
                if (number.signum() < 0) {
                    throw new CandidException(number + " is below zero, nat is expected");
                }
                yield new CandidValue.Nat(number);
            }
            case INT -> new CandidValue.Int(whole(value, type));
            case NAT8, NAT16, NAT32, NAT64, INT8, INT16, INT32, INT64 ->
                    fixed(whole(value, type), type);
            case FLOAT32 -> {
                if (value instanceof CandidValue.Float32) {
                    yield value;
                }
                yield new CandidValue.Float32((float) decimal(value, type));
            }
            case FLOAT64 -> new CandidValue.Float64(decimal(value, type));
            case NULL -> same(value, type, value instanceof CandidValue.Null);
            case BOOL -> same(value, type, value instanceof CandidValue.Bool);
            case TEXT -> same(value, type, value instanceof CandidValue.Text);
            case PRINCIPAL -> {
                if (value instanceof CandidValue.Service service) {
                    yield new CandidValue.Id(service.value());
                }
                yield same(value, type, value instanceof CandidValue.Id);
            }
            case EMPTY -> throw unfit(value, type);
        };
    }

    private static CandidValue same(CandidValue value, Primitive type, boolean fits)
            throws CandidException {
        if (!fits) {
            throw unfit(value, type);
        }
        return value;
    }

    /// A number that was written without a type, or with exactly this one.
    private static BigInteger whole(CandidValue value, Primitive type) throws CandidException {
        return switch (value) {
            case CandidValue.Int number -> number.value();
            case CandidValue.Nat nat when type == Primitive.NAT || type == Primitive.INT ->
                    nat.value();
            case CandidValue.Fixed fixed when fixed.type() == type -> fixed.value();
            default -> throw unfit(value, type);
        };
    }

    private static CandidValue fixed(BigInteger number, Primitive type) throws CandidException {
        int width = 8 * type.bytes();
        boolean fits =
                type.isSigned()
                        ? number.bitLength() < width
                        : number.signum() >= 0 && number.bitLength() <= width;
        if (!fits) {
            throw new CandidException(number + " does not fit " + type);
        }
        return new CandidValue.Fixed(type, number.longValue());
    }

    private static double decimal(CandidValue value, Primitive type) throws CandidException {
        return switch (value) {
            case CandidValue.Float64 number -> number.value();
            case CandidValue.Int number -> new BigDecimal(number.value()).doubleValue();
            default -> throw unfit(value, type);
        };
    }

    private static CandidValue vector(CandidValue value, CandidType.Vec type)
            throws CandidException {
        boolean bytes = type.inner().unfold() == Primitive.NAT8;
        if (value instanceof CandidValue.Blob && bytes) {
            return value;
        }
        if (!(value instanceof CandidValue.Vec vec)) {
            throw unfit(value, type);
        }
        List<CandidValue> elements = new ArrayList<>();
        for (CandidValue element : vec.elements()) {
            elements.add(fit(element, type.inner()));
        }
        if (!bytes) {
            return new CandidValue.Vec(elements);
        }
        byte[] blob = new byte[elements.size()];
        for (int i = 0; i < blob.length; i++) {
            blob[i] = elements.get(i).asNumber().byteValue();
        }
        return CandidValue.Blob.owning(blob);
    }

    private static CandidValue record(CandidValue value, CandidType.Record type)
            throws CandidException {
        if (!(value instanceof CandidValue.Record record)) {
            throw unfit(value, type);
        }
        for (CandidValue.Field field : record.fields()) {
            if (type.get(field.label()) == null) {
                throw new CandidException(
                        "the field " + field.label() + " is not in the expected record");
            }
        }
        List<CandidValue.Field> fields = new ArrayList<>();
        for (CandidType.Field field : type.fields()) {
            CandidValue own = record.get(field.label());
            try {
                fields.add(
                        new CandidValue.Field(
                                field.label(),
                                own == null ? missing(field.type()) : fit(own, field.type())));
            } catch (CandidException e) {
                throw new CandidException("field " + field.label() + ": " + e.getMessage());
            }
        }
        return new CandidValue.Record(fields);
    }

    private static CandidValue variant(CandidValue value, CandidType.Variant type)
            throws CandidException {
        if (!(value instanceof CandidValue.Variant variant)) {
            throw unfit(value, type);
        }
        CandidType.@Nullable Field found = null;
        for (CandidType.Field field : type.fields()) {
            if (field.label().equals(variant.label())) {
                found = field;
            }
        }
        if (found == null) {
            throw new CandidException(
                    "the case " + variant.label() + " is not in the expected variant");
        }
        try {
            return new CandidValue.Variant(found.label(), fit(variant.value(), found.type()));
        } catch (CandidException e) {
            throw new CandidException("case " + found.label() + ": " + e.getMessage());
        }
    }

    private static CandidException unfit(CandidValue value, CandidType type) {
        return new CandidException(type.kind() + " is expected, this is " + kind(value));
    }

    private static String kind(CandidValue value) {
        return switch (value) {
            case CandidValue.Vec vec -> "a vector";
            case CandidValue.Opt opt -> "an option";
            case CandidValue.Record record -> "a record";
            case CandidValue.Variant variant -> "a variant";
            default -> value.type().kind();
        };
    }
}
