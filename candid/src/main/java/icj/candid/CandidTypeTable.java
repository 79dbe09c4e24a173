package icj.candid;

import icj.candid.CandidType.Field;
import icj.candid.CandidType.Func;
import icj.candid.CandidType.Method;
import icj.candid.CandidType.Mode;
import icj.candid.CandidType.Named;
import icj.candid.CandidType.Primitive;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// Reads the types at the beginning of a message: the table of definitions and the types of the
/// arguments. Each entry of the table becomes a name, so that entries may refer to any other.
final class CandidTypeTable {
    static final int OPT = -18;
    static final int VEC = -19;
    static final int RECORD = -20;
    static final int VARIANT = -21;
    static final int FUNC = -22;
    static final int SERVICE = -23;
    private static final int LAST_KNOWN = -24;

    /// Types are small; a table beyond this is an attack.
    private static final int ENTRIES_MAX = 20_000;

    private final CandidInput in;
    private final List<Named> names = new ArrayList<>();

    private CandidTypeTable(CandidInput in) {
        this.in = in;
    }

    /// The types of the arguments; the input then stands at the first value.
    static List<CandidType> read(CandidInput in) throws CandidException {
        return new CandidTypeTable(in).all();
    }

    private List<CandidType> all() throws CandidException {
        if (in.remaining() < 4 || in.little(4) != 0x4c444944L) {
            throw new CandidException("The bytes are no Candid: they do not begin with DIDL");
        }
        int entries = in.count("The type table");
        if (entries > ENTRIES_MAX) {
            throw new CandidException("The type table has more than " + ENTRIES_MAX + " entries");
        }
        for (int i = 0; i < entries; i++) {
            names.add(new Named("type" + i));
        }
        for (int i = 0; i < entries; i++) {
            names.get(i).define(entry());
        }
        for (Named name : names) {
            checkMethods(name.unfold());
        }
        int arguments = in.count("The list of arguments");
        List<CandidType> types = new ArrayList<>();
        for (int i = 0; i < arguments; i++) {
            types.add(reference());
        }
        return types;
    }

    private CandidType entry() throws CandidException {
        long opcode = in.opcode();
        if (opcode < LAST_KNOWN) {
            in.skip(in.count("A future type"));
            return new CandidType.Future(opcode);
        }
        return switch ((int) Math.max(Math.min(opcode, 0), LAST_KNOWN)) {
            case OPT -> new CandidType.Opt(reference());
            case VEC -> new CandidType.Vec(reference());
            case RECORD -> new CandidType.Record(fields());
            case VARIANT -> new CandidType.Variant(fields());
            case FUNC -> new Func(references(), references(), modes());
            case SERVICE -> new CandidType.Service(methods());
            default ->
                    throw new CandidException(
                            "The type table holds " + opcode + ", which is no composite type");
        };
    }

    private CandidType reference() throws CandidException {
        long opcode = in.opcode();
        if (opcode >= 0) {
            if (opcode >= names.size()) {
                throw new CandidException("The type " + opcode + " is not in the type table");
            }
            return names.get((int) opcode);
        }
        Primitive primitive = Primitive.ofOpcode(opcode);
        if (primitive == null) {
            throw new CandidException("The type " + opcode + " is no primitive one");
        }
        return primitive;
    }

    private List<CandidType> references() throws CandidException {
        int count = in.count("A list of types");
        List<CandidType> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            types.add(reference());
        }
        return types;
    }

    private List<Field> fields() throws CandidException {
        int count = in.count("A list of fields");
        List<Field> fields = new ArrayList<>();
        long last = -1;
        for (int i = 0; i < count; i++) {
            long id = in.size();
            if (id > 0xffffffffL) {
                throw new CandidException("The label " + id + " of a field exceeds 32 bits");
            }
            if (id <= last) {
                throw new CandidException("The fields of a type are not in order");
            }
            last = id;
            fields.add(new Field(CandidLabel.of((int) id), reference()));
        }
        return fields;
    }

    private EnumSet<Mode> modes() throws CandidException {
        int count = in.count("A list of annotations");
        EnumSet<Mode> modes = EnumSet.noneOf(Mode.class);
        for (int i = 0; i < count; i++) {
            int code = in.u8();
            if (code < 1 || code > Mode.values().length) {
                throw new CandidException("The annotation " + code + " of a function is unknown");
            }
            modes.add(Mode.values()[code - 1]);
        }
        return modes;
    }

    private List<Method> methods() throws CandidException {
        int count = in.count("A list of methods");
        List<Method> methods = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = in.text();
            if (i > 0 && CandidType.compareUtf8(methods.get(i - 1).name(), name) >= 0) {
                throw new CandidException("The methods of a service type are not in order");
            }
            methods.add(new Method(name, reference()));
        }
        return methods;
    }

    private static void checkMethods(CandidType type) throws CandidException {
        if (type instanceof CandidType.Service service) {
            for (Method method : service.methods()) {
                if (!(method.type().unfold() instanceof Func)) {
                    throw new CandidException("A method of a service type is no function");
                }
            }
        }
    }
}
