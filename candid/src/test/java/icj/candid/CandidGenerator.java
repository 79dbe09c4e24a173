package icj.candid;

import icj.candid.CandidType.Field;
import icj.candid.CandidType.Mode;
import icj.candid.CandidType.Primitive;
import icj.testing.Prng;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;

/// Random types, and random values of them.
final class CandidGenerator {
    private static final List<String> NAMES =
            List.of("a", "b", "head", "tail", "\u00fc \"x\"", "record", "1", "");

    private final Prng prng;

    /// `type list = opt record { head : int; tail : list }`.
    private final CandidType.Named list = new CandidType.Named("list");

    CandidGenerator(Prng prng) {
        this.prng = prng;
        list.define(
                new CandidType.Opt(
                        CandidType.Record.of(
                                Field.of("head", Primitive.INT), Field.of("tail", list))));
    }

    List<CandidType> types(int depth) {
        List<CandidType> types = new ArrayList<>();
        for (int i = prng.below(4); i > 0; i--) {
            types.add(type(depth));
        }
        return types;
    }

    CandidType type(int depth) {
        if (depth == 0 || prng.chance(0.3)) {
            Primitive primitive = prng.pick(List.of(Primitive.values()));
            return primitive == Primitive.EMPTY ? Primitive.TEXT : primitive;
        }
        return switch (prng.below(8)) {
            case 0 -> new CandidType.Opt(type(depth - 1));
            case 1 -> new CandidType.Vec(type(depth - 1));
            case 2 -> CandidType.Vec.BLOB;
            case 3 -> new CandidType.Record(fields(depth - 1, 0));
            case 4 -> new CandidType.Variant(fields(depth - 1, 1));
            case 5 ->
                    new CandidType.Func(
                            types(depth - 1),
                            types(depth - 1),
                            prng.chance(0.5)
                                    ? EnumSet.of(prng.pick(List.of(Mode.values())))
                                    : EnumSet.noneOf(Mode.class));
            case 6 -> {
                List<CandidType.Method> methods = new ArrayList<>();
                for (int i = prng.below(3); i > 0; i--) {
                    methods.add(
                            new CandidType.Method(
                                    "m" + i,
                                    new CandidType.Func(
                                            types(depth - 1),
                                            types(depth - 1),
                                            EnumSet.noneOf(Mode.class))));
                }
                yield new CandidType.Service(methods);
            }
            default -> list;
        };
    }

    private List<Field> fields(int depth, int least) {
        TreeMap<CandidLabel, Field> fields = new TreeMap<>();
        boolean tuple = prng.chance(0.3);
        for (int i = 0; i < least + prng.below(4); i++) {
            CandidLabel label =
                    tuple
                            ? CandidLabel.of(i)
                            : prng.chance(0.8)
                                    ? CandidLabel.of(prng.pick(NAMES))
                                    : CandidLabel.of((int) prng.bits());
            fields.put(label, new Field(label, type(depth)));
        }
        return new ArrayList<>(fields.values());
    }

    List<CandidValue> values(List<CandidType> types) {
        List<CandidValue> values = new ArrayList<>();
        for (CandidType type : types) {
            values.add(value(type));
        }
        return values;
    }

    CandidValue value(CandidType named) {
        return switch (named.unfold()) {
            case Primitive primitive -> primitive(primitive);
            case CandidType.Opt opt ->
                    prng.chance(0.4)
                            ? CandidValue.Opt.NONE
                            : new CandidValue.Opt(value(opt.inner()));
            case CandidType.Vec vec -> {
                if (vec.inner() == Primitive.NAT8) {
                    yield CandidValue.Blob.owning(prng.bytes(prng.below(20)));
                }
                List<CandidValue> elements = new ArrayList<>();
                for (int i = prng.below(4); i > 0; i--) {
                    elements.add(value(vec.inner()));
                }
                yield new CandidValue.Vec(elements);
            }
            case CandidType.Record record -> {
                List<CandidValue.Field> fields = new ArrayList<>();
                for (Field field : record.fields()) {
                    fields.add(new CandidValue.Field(field.label(), value(field.type())));
                }
                yield new CandidValue.Record(fields);
            }
            case CandidType.Variant variant -> {
                Field field = prng.pick(variant.fields());
                yield new CandidValue.Variant(field.label(), value(field.type()));
            }
            case CandidType.Func func -> new CandidValue.Func(principal(), text());
            case CandidType.Service service -> new CandidValue.Service(principal());
            case CandidType.Future future -> throw new IllegalStateException();
            case CandidType.Named name -> throw new IllegalStateException();
        };
    }

    private CandidValue primitive(Primitive type) {
        return switch (type) {
            case NULL -> new CandidValue.Null();
            case BOOL -> new CandidValue.Bool(prng.chance(0.5));
            case NAT -> new CandidValue.Nat(new BigInteger(1, prng.bytes(prng.below(20))));
            case INT -> new CandidValue.Int(new BigInteger(prng.bytes(1 + prng.below(20))));
            case NAT8, NAT16, NAT32, NAT64, INT8, INT16, INT32, INT64 -> {
                int unused = 64 - 8 * type.bytes();
                long bits = prng.bits();
                yield new CandidValue.Fixed(
                        type, type.isSigned() ? bits >> unused : bits >>> unused);
            }
            case FLOAT32 -> new CandidValue.Float32((float) (prng.bits() >> prng.below(60)) / 7);
            case FLOAT64 -> new CandidValue.Float64((prng.bits() >> prng.below(60)) / 7.0);
            case TEXT -> new CandidValue.Text(text());
            case RESERVED -> new CandidValue.Reserved();
            case PRINCIPAL -> new CandidValue.Id(principal());
            case EMPTY -> throw new IllegalStateException();
        };
    }

    private Principal principal() {
        return Principal.of(prng.bytes(prng.below(Principal.LENGTH_MAX + 1)));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = prng.below(10); i > 0; i--) {
            text.appendCodePoint(
                    prng.pick(List.of((int) 'a', (int) '"', (int) '\\', 0, 10, 0xfc, 0x1f600)));
        }
        return text.toString();
    }
}
