package icj.candid;

import icj.candid.CandidType.Field;
import icj.candid.CandidType.Primitive;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One encoding: the table of the composite types in the order in which they are met, then the
/// values. Each value must be of its type; only nat at int and null at an option are let through
/// besides.
final class CandidEncoder {
    private static final BigInteger LOW_SEVEN = BigInteger.valueOf(0x7f);

    private final Map<CandidType, Integer> indices = new LinkedHashMap<>();
    private final List<ByteArrayOutputStream> table = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CandidEncoder() {}

    static byte[] encode(List<CandidType> types, List<CandidValue> values) {
        if (types.size() != values.size()) {
            throw new IllegalArgumentException(
                    types.size() + " types do not go with " + values.size() + " values");
        }
        return new CandidEncoder().all(types, values);
    }

    private byte[] all(List<CandidType> types, List<CandidValue> values) {
        ByteArrayOutputStream arguments = new ByteArrayOutputStream();
        unsigned(arguments, types.size());
        for (CandidType type : types) {
            reference(arguments, type);
        }
        out.writeBytes(new byte[] {'D', 'I', 'D', 'L'});
        unsigned(out, table.size());
        for (ByteArrayOutputStream entry : table) {
            out.writeBytes(entry.toByteArray());
        }
        out.writeBytes(arguments.toByteArray());
        for (int i = 0; i < types.size(); i++) {
            value(types.get(i), values.get(i));
        }
        return out.toByteArray();
    }

    private void reference(ByteArrayOutputStream to, CandidType named) {
        CandidType type = named.unfold();
        if (type instanceof Primitive primitive) {
            signed(to, BigInteger.valueOf(primitive.opcode()));
            return;
        }
        // Recursion goes through names, so their index must be known before their definition is
        // written; other types are equal by structure.
        Integer known = indices.get(named);
        if (known == null && !(named instanceof CandidType.Named)) {
            known = indices.get(type);
        }
        signed(to, BigInteger.valueOf(known != null ? known : define(named, type)));
    }

    private int define(CandidType named, CandidType type) {
        int index = table.size();
        indices.put(named, index);
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        table.add(entry);
        switch (type) {
            case CandidType.Opt opt -> {
                signed(entry, BigInteger.valueOf(CandidTypeTable.OPT));
                reference(entry, opt.inner());
            }
            case CandidType.Vec vec -> {
                signed(entry, BigInteger.valueOf(CandidTypeTable.VEC));
                reference(entry, vec.inner());
            }
            case CandidType.Record record -> {
                signed(entry, BigInteger.valueOf(CandidTypeTable.RECORD));
                fields(entry, record.fields());
            }
            case CandidType.Variant variant -> {
                signed(entry, BigInteger.valueOf(CandidTypeTable.VARIANT));
                fields(entry, variant.fields());
            }
            case CandidType.Func func -> {
                signed(entry, BigInteger.valueOf(CandidTypeTable.FUNC));
                references(entry, func.arguments());
                references(entry, func.results());
                unsigned(entry, func.modes().size());
                for (CandidType.Mode mode : func.modes()) {
                    entry.write(mode.code());
                }
            }
            case CandidType.Service service -> {
                signed(entry, BigInteger.valueOf(CandidTypeTable.SERVICE));
                unsigned(entry, service.methods().size());
                for (CandidType.Method method : service.methods()) {
                    bytes(entry, method.name().getBytes(StandardCharsets.UTF_8));
                    reference(entry, method.type());
                }
            }
            case Primitive primitive -> throw new IllegalStateException("has no entry");
            case CandidType.Named name -> throw new IllegalStateException("unfolded before");
            case CandidType.Future future ->
                    throw new IllegalArgumentException("Future types can't be written");
        }
        return index;
    }

    private void references(ByteArrayOutputStream to, List<CandidType> types) {
        unsigned(to, types.size());
        for (CandidType type : types) {
            reference(to, type);
        }
    }

    private void fields(ByteArrayOutputStream to, List<Field> fields) {
        unsigned(to, fields.size());
        for (Field field : fields) {
            unsigned(to, Integer.toUnsignedLong(field.label().id()));
            reference(to, field.type());
        }
    }

    private void value(CandidType named, CandidValue value) {
        switch (named.unfold()) {
            case Primitive primitive -> primitive(primitive, value);
            case CandidType.Opt opt -> {
                if (value instanceof CandidValue.Null) {
                    out.write(0);
                } else if (value instanceof CandidValue.Opt some) {
                    option(opt.inner(), some.value());
                } else {
                    throw unfit(opt, value);
                }
            }
            case CandidType.Vec vec -> vector(vec, value);
            case CandidType.Record record -> {
                if (!(value instanceof CandidValue.Record fields)) {
                    throw unfit(record, value);
                }
                record(record, fields);
            }
            case CandidType.Variant variant -> {
                if (!(value instanceof CandidValue.Variant one)) {
                    throw unfit(variant, value);
                }
                variant(variant, one);
            }
            case CandidType.Func func -> {
                if (!(value instanceof CandidValue.Func reference)) {
                    throw unfit(func, value);
                }
                out.write(1);
                principal(reference.service());
                bytes(out, reference.method().getBytes(StandardCharsets.UTF_8));
            }
            case CandidType.Service service -> {
                if (!(value instanceof CandidValue.Service reference)) {
                    throw unfit(service, value);
                }
                principal(reference.value());
            }
            case CandidType.Future future -> throw unfit(future, value);
            case CandidType.Named name -> throw new IllegalStateException("unfolded before");
        }
    }

    private void option(CandidType inner, @Nullable CandidValue value) {
        if (value == null) {
            out.write(0);
        } else {
            out.write(1);
            value(inner, value);
        }
    }

    private void primitive(Primitive type, CandidValue value) {
        switch (value) {
            case CandidValue.Null none when type == Primitive.NULL -> {}
            case CandidValue.Bool bool when type == Primitive.BOOL ->
                    out.write(bool.value() ? 1 : 0);
            case CandidValue.Nat nat when type == Primitive.NAT -> unsigned(out, nat.value());
            case CandidValue.Nat nat when type == Primitive.INT -> signed(out, nat.value());
            case CandidValue.Int number when type == Primitive.INT -> signed(out, number.value());
            case CandidValue.Fixed fixed when type == fixed.type() ->
                    little(fixed.bits(), type.bytes());
            case CandidValue.Float32 number when type == Primitive.FLOAT32 ->
                    little(Float.floatToRawIntBits(number.value()), 4);
            case CandidValue.Float64 number when type == Primitive.FLOAT64 ->
                    little(Double.doubleToRawLongBits(number.value()), 8);
            case CandidValue.Text text when type == Primitive.TEXT ->
                    bytes(out, text.value().getBytes(StandardCharsets.UTF_8));
            case CandidValue.Id id when type == Primitive.PRINCIPAL -> principal(id.value());
            default -> {
                if (type != Primitive.RESERVED) {
                    throw unfit(type, value);
                }
            }
        }
    }

    private void vector(CandidType.Vec type, CandidValue value) {
        if (value instanceof CandidValue.Blob blob && type.inner().unfold() == Primitive.NAT8) {
            bytes(out, blob.shared());
            return;
        }
        if (!(value instanceof CandidValue.Vec vec)) {
            throw unfit(type, value);
        }
        unsigned(out, vec.elements().size());
        for (CandidValue element : vec.elements()) {
            value(type.inner(), element);
        }
    }

    private void record(CandidType.Record type, CandidValue.Record record) {
        if (type.fields().size() != record.fields().size()) {
            throw new IllegalArgumentException("The record has other fields than its type");
        }
        for (int i = 0; i < type.fields().size(); i++) {
            Field field = type.fields().get(i);
            CandidValue.Field own = record.fields().get(i);
            if (!own.label().equals(field.label())) {
                throw new IllegalArgumentException(
                        "The record has other fields than its type: " + own.label());
            }
            value(field.type(), own.value());
        }
    }

    private void variant(CandidType.Variant type, CandidValue.Variant variant) {
        for (int i = 0; i < type.fields().size(); i++) {
            if (type.fields().get(i).label().equals(variant.label())) {
                unsigned(out, i);
                value(type.fields().get(i).type(), variant.value());
                return;
            }
        }
        throw new IllegalArgumentException("The variant has no case " + variant.label());
    }

    private static IllegalArgumentException unfit(CandidType type, CandidValue value) {
        return new IllegalArgumentException(
                type.kind() + " is expected, the value is " + value.type().kind());
    }

    private void principal(Principal principal) {
        out.write(1);
        bytes(out, principal.toBytes());
    }

    private void little(long bits, int width) {
        for (int i = 0; i < width; i++) {
            out.write((int) (bits >>> (8 * i)));
        }
    }

    private static void bytes(ByteArrayOutputStream to, byte[] bytes) {
        unsigned(to, bytes.length);
        to.writeBytes(bytes);
    }

    private static void unsigned(ByteArrayOutputStream to, long value) {
        long rest = value;
        while (rest > 0x7f) {
            to.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    private static void unsigned(ByteArrayOutputStream to, BigInteger value) {
        if (value.bitLength() <= 63) {
            unsigned(to, value.longValue());
            return;
        }
        BigInteger rest = value;
        while (rest.bitLength() > 7) {
            to.write(rest.and(LOW_SEVEN).intValue() | 0x80);
            rest = rest.shiftRight(7);
        }
        to.write(rest.intValue());
    }

    private static void signed(ByteArrayOutputStream to, BigInteger value) {
        BigInteger rest = value;
        while (rest.bitLength() > 6) {
            to.write(rest.and(LOW_SEVEN).intValue() | 0x80);
            rest = rest.shiftRight(7);
        }
        to.write(rest.intValue() & 0x7f);
    }
}
