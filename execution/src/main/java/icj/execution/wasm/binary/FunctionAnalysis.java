package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.NanFlow.HARMLESS;
import static icj.execution.wasm.binary.NanFlow.UNKNOWN;
import static icj.execution.wasm.binary.Opcodes.BLOCK;
import static icj.execution.wasm.binary.Opcodes.BR;
import static icj.execution.wasm.binary.Opcodes.BR_IF;
import static icj.execution.wasm.binary.Opcodes.BR_TABLE;
import static icj.execution.wasm.binary.Opcodes.CALL;
import static icj.execution.wasm.binary.Opcodes.CALL_INDIRECT;
import static icj.execution.wasm.binary.Opcodes.DROP;
import static icj.execution.wasm.binary.Opcodes.ELSE;
import static icj.execution.wasm.binary.Opcodes.END;
import static icj.execution.wasm.binary.Opcodes.F32_CONST;
import static icj.execution.wasm.binary.Opcodes.F64_CONST;
import static icj.execution.wasm.binary.Opcodes.FIRST_NUMERIC;
import static icj.execution.wasm.binary.Opcodes.GLOBAL_GET;
import static icj.execution.wasm.binary.Opcodes.GLOBAL_SET;
import static icj.execution.wasm.binary.Opcodes.I32_CONST;
import static icj.execution.wasm.binary.Opcodes.I64_CONST;
import static icj.execution.wasm.binary.Opcodes.IF;
import static icj.execution.wasm.binary.Opcodes.LAST_NUMERIC;
import static icj.execution.wasm.binary.Opcodes.LAST_TRUNC_SAT;
import static icj.execution.wasm.binary.Opcodes.LOCAL_GET;
import static icj.execution.wasm.binary.Opcodes.LOCAL_SET;
import static icj.execution.wasm.binary.Opcodes.LOCAL_TEE;
import static icj.execution.wasm.binary.Opcodes.LOOP;
import static icj.execution.wasm.binary.Opcodes.NOP;
import static icj.execution.wasm.binary.Opcodes.PREFIX;
import static icj.execution.wasm.binary.Opcodes.REF_FUNC;
import static icj.execution.wasm.binary.Opcodes.REF_IS_NULL;
import static icj.execution.wasm.binary.Opcodes.REF_NULL;
import static icj.execution.wasm.binary.Opcodes.RETURN;
import static icj.execution.wasm.binary.Opcodes.SELECT;
import static icj.execution.wasm.binary.Opcodes.SELECT_TYPED;
import static icj.execution.wasm.binary.Opcodes.UNREACHABLE;
import static icj.execution.wasm.binary.Opcodes.cost;
import static icj.execution.wasm.binary.Opcodes.ignoresNanBits;
import static icj.execution.wasm.binary.Opcodes.isBinary;
import static icj.execution.wasm.binary.Opcodes.isConversion;
import static icj.execution.wasm.binary.Opcodes.makesNan;
import static icj.execution.wasm.binary.Opcodes.operand;
import static icj.execution.wasm.binary.Opcodes.result;
import static icj.execution.wasm.binary.ValueTypes.ANY;
import static icj.execution.wasm.binary.ValueTypes.F32;
import static icj.execution.wasm.binary.ValueTypes.F64;
import static icj.execution.wasm.binary.ValueTypes.FUNCREF;
import static icj.execution.wasm.binary.ValueTypes.I32;
import static icj.execution.wasm.binary.ValueTypes.I64;

import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.binary.DecodedModule.FunctionType;
import icj.execution.wasm.binary.DecodedModule.GlobalType;

import java.util.Arrays;

/// Validates one function body by WebAssembly's own algorithm and learns what the rewriter needs:
/// the instructions and which of them can be reached, the price of each straight run (R-E2), the
/// largest operand height (R-E5) and whose NaN must be made canonical (R-E6).
///
/// One object serves all functions of a module, one after the other; its arrays are for the last.
final class FunctionAnalysis {
    private static final int[] NONE = {};

    private final DecodedModule module;
    private final boolean memory64;

    // Of the last function: instructions.
    int count;
    int[] op = new int[256];
    int[] from = new int[256];
    int[] to = new int[256];
    long[] first = new long[256];
    long[] second = new long[256];
    boolean[] dead = new boolean[256];
    int[] charge = new int[256];
    int[] localTypes = NONE;
    int localsFrom;
    int localsTo;
    boolean calls;

    /// Bytes that the function takes at least as a JVM method.
    long methodBytesMin;

    // Of all functions seen.
    long instructions;

    private WasmReader reader;
    private long targets;

    private final ValidationStack stack = new ValidationStack(this::see);
    private final NanFlow nans = new NanFlow();
    private final SpaceInstructions spaces;
    private int segment;

    FunctionAnalysis(DecodedModule module) {
        this.module = module;
        this.memory64 = module.memory64();
        this.spaces = new SpaceInstructions(module, stack);
        this.reader = new WasmReader(module.bytes(), 0, 0);
    }

    /// Validates the defined function of this index among all functions.
    void analyze(int function) throws InvalidModuleException {
        try {
            run(function);
        } catch (InvalidModuleException e) {
            throw new InvalidModuleException(
                    "Function " + module.describe(function) + ": " + e.getMessage());
        }
    }

    private void run(int function) throws InvalidModuleException {
        int defined = function - module.importCount();
        FunctionType type = module.typeOf(function);
        reader =
                new WasmReader(
                        module.bytes(),
                        module.bodies()[2 * defined],
                        module.bodies()[2 * defined + 1]);
        count = 0;
        calls = false;
        methodBytesMin = 0;
        targets = 0;
        locals(type);
        nans.begin(type.parameters().length, localTypes.length);
        stack.begin(type.results());
        segment = 0;
        grow();
        charge[0] = 0;
        while (stack.depth() > 0) {
            instruction();
        }
        reader.expectEnd("body");
        instructions += count;
    }

    private void locals(FunctionType type) throws InvalidModuleException {
        localsFrom = reader.at();
        int groups = reader.u32();
        int total = type.parameters().length;
        localTypes = Arrays.copyOf(type.parameters(), Math.max(total, 16));
        for (int i = 0; i < groups; i++) {
            long size = reader.unsigned(32);
            int local = ModuleDecoder.valueType(reader.u8());
            if (total + size > ModuleLimits.LOCALS_MAX) {
                throw new InvalidModuleException(
                        "more than the allowed " + ModuleLimits.LOCALS_MAX + " locals");
            }
            if (localTypes.length < total + size) {
                localTypes =
                        Arrays.copyOf(
                                localTypes, Math.max(localTypes.length * 2, (int) (total + size)));
            }
            Arrays.fill(localTypes, total, (int) (total + size), local);
            total += (int) size;
        }
        localTypes = Arrays.copyOf(localTypes, total);
        localsTo = reader.at();
    }

    private void grow() {
        // One place beyond the last instruction is written: a segment may open after it.
        if (count + 2 > op.length) {
            int size = op.length * 2;
            op = Arrays.copyOf(op, size);
            from = Arrays.copyOf(from, size);
            to = Arrays.copyOf(to, size);
            first = Arrays.copyOf(first, size);
            second = Arrays.copyOf(second, size);
            dead = Arrays.copyOf(dead, size);
            charge = Arrays.copyOf(charge, size);
        }
    }

    private void instruction() throws InvalidModuleException {
        grow();
        int index = count++;
        if (count + targets > ModuleLimits.FUNCTION_INSTRUCTIONS_MAX) {
            throw new InvalidModuleException(
                    "more than the allowed "
                            + ModuleLimits.FUNCTION_INSTRUCTIONS_MAX
                            + " instructions");
        }
        from[index] = reader.at();
        int code = reader.u8();
        if (code == PREFIX) {
            int sub = reader.u32();
            if (sub > 0x11) {
                throw unknown(code);
            }
            code = 0xfc00 | sub;
        }
        op[index] = code;
        first[index] = 0;
        second[index] = 0;
        nans.instruction(index, stack.loops());
        charge[index + 1] = 0;
        dead[index] = stack.isDead(code == END || code == ELSE);
        stack.looking(!ignoresNanBits(code));
        if (!dead[index]) {
            charge[segment] += cost(code, memory64);
            methodBytesMin += code > IF && code != ELSE && code != END ? 1 : 0;
        }
        check(index, code);
        to[index] = reader.at();
    }

    private InvalidModuleException unknown(int code) {
        return switch (code) {
            case 0xfd -> ModuleDecoder.refused("SIMD");
            case 0xfe -> ModuleDecoder.refused("Threads");
            case 0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f ->
                    ModuleDecoder.refused("Exception handling");
            case 0x12, 0x13, 0x15 -> ModuleDecoder.refused("Tail calls");
            case 0x14, 0xd3, 0xd4, 0xd5, 0xd6, 0xfb ->
                    ModuleDecoder.refused("Garbage collection (typed references)");
            default -> new InvalidModuleException("instruction " + code + " is unknown");
        };
    }

    private void check(int index, int code) throws InvalidModuleException {
        if (code >= FIRST_NUMERIC && code <= LAST_NUMERIC) {
            numeric(index, code);
        } else if (SpaceInstructions.has(code)) {
            spaces(index, code);
        } else if (code <= GLOBAL_SET) {
            control(index, code);
        } else {
            other(index, code);
        }
    }

    private void numeric(int index, int code) throws InvalidModuleException {
        stack.pop(operand(code));
        if (isBinary(code)) {
            stack.pop(operand(code));
        }
        int type = result(code);
        boolean nan = makesNan(code) && !dead[index];
        stack.push(type, nan ? index : isFloat(type) && isConversion(code) ? HARMLESS : UNKNOWN);
    }

    private static boolean isFloat(int type) {
        return type == F32 || type == F64;
    }

    /// An instruction of a memory or a table.
    private void spaces(int index, int code) throws InvalidModuleException {
        spaces.check(code, reader);
        first[index] = spaces.first();
        second[index] = spaces.second();
    }

    private void control(int index, int code) throws InvalidModuleException {
        switch (code) {
            case UNREACHABLE -> stack.unreachable();
            case NOP -> {}
            case BLOCK, LOOP, IF -> open(index, code);
            case ELSE -> {
                stack.otherwise();
                startSegment(index);
            }
            case END -> {
                if (stack.close()) {
                    startSegment(index);
                }
            }
            case BR -> {
                int label = label();
                first[index] = label;
                stack.popAll(stack.branchTypes(label));
                stack.unreachable();
            }
            case BR_IF -> {
                int label = label();
                first[index] = label;
                stack.pop(I32);
                stack.popAll(stack.branchTypes(label));
                stack.pushAll(stack.branchTypes(label));
                startSegment(index);
            }
            case BR_TABLE -> {
                long before = targets;
                branchTable();
                methodBytesMin += dead[index] ? 0 : 4 * (targets - before);
            }
            case RETURN -> {
                stack.popAll(stack.functionResults());
                stack.unreachable();
            }
            case CALL -> {
                int function = reader.u32();
                if (function >= module.functionTypes().length) {
                    throw new InvalidModuleException("function " + function + " is not declared");
                }
                first[index] = function;
                call(index, module.typeOf(function));
            }
            case CALL_INDIRECT -> {
                int type = reader.u32();
                int table = reader.u32();
                if (type >= module.types().size()) {
                    throw new InvalidModuleException("type " + type + " is not declared");
                }
                if (spaces.table(table).elementType() != FUNCREF) {
                    throw new InvalidModuleException("table " + table + " holds no functions");
                }
                first[index] = type;
                second[index] = table;
                stack.pop(spaces.indexType(table));
                call(index, module.types().get(type));
            }
            case DROP -> stack.pop(ANY);
            case SELECT -> select();
            case SELECT_TYPED -> {
                if (reader.u32() != 1) {
                    throw new InvalidModuleException("select with other than one type");
                }
                int type = ModuleDecoder.valueType(reader.u8());
                stack.pop(I32);
                stack.pop(type);
                stack.pop(type);
                stack.push(type);
            }
            case LOCAL_GET -> pushLocal(index, local(index));
            case LOCAL_SET -> popLocal(index, local(index));
            case LOCAL_TEE -> {
                int type = local(index);
                popLocal(index, type);
                pushLocal(index, type);
            }
            case GLOBAL_GET -> stack.push(global(index).type());
            case GLOBAL_SET -> {
                GlobalType global = global(index);
                if (!global.mutable()) {
                    throw new InvalidModuleException("a constant global is set");
                }
                stack.pop(global.type());
            }
            default -> throw unknown(code);
        }
    }

    private void pushLocal(int index, int type) {
        stack.push(type, isFloat(type) && !dead[index] ? index : UNKNOWN);
    }

    private void popLocal(int index, int type) throws InvalidModuleException {
        int from = stack.popUnseen(type);
        if (isFloat(type) && !dead[index]) {
            nans.set(
                    (int) first[index],
                    from,
                    from < 0 ? 0 : op[from],
                    from < 0 ? 0 : (int) first[from]);
        }
    }

    /// An instruction looks at the bits of what this one made.
    private void see(int producer) {
        if (producer >= 0) {
            nans.see(producer, op[producer], (int) first[producer]);
        }
    }

    /// Whether a function seen changes tables, or drops segments.
    boolean changesTables() {
        return spaces.changesTables();
    }

    /// The largest operand height of the last function.
    int heightMax() {
        return stack.heightMax();
    }

    /// R-E6: whether the result of a reachable instruction is to be made canonical.
    boolean isCanonical(int index) {
        int code = op[index];
        return (makesNan(code) || code == LOCAL_GET || code == LOCAL_TEE)
                && nans.isCanonical(index, code, (int) first[index]);
    }

    private void call(int index, FunctionType type) throws InvalidModuleException {
        stack.popAll(type.parameters());
        stack.pushAll(type.results());
        calls |= !dead[index];
    }

    private void select() throws InvalidModuleException {
        stack.pop(I32);
        int one = stack.pop(ANY);
        int two = stack.pop(ANY);
        if (ValueTypes.isReference(one) || ValueTypes.isReference(two)) {
            throw new InvalidModuleException("select of references without a type");
        }
        if (one != two && one != ANY && two != ANY) {
            throw new InvalidModuleException("select of two types");
        }
        stack.push(one == ANY ? two : one);
    }

    private void other(int index, int code) throws InvalidModuleException {
        switch (code) {
            case I32_CONST -> {
                first[index] = reader.signed(32);
                stack.push(I32);
            }
            case I64_CONST -> {
                first[index] = reader.signed(64);
                stack.push(I64);
            }
            case F32_CONST -> {
                int bits = (int) reader.raw(4);
                stack.push(F32, Float.isNaN(Float.intBitsToFloat(bits)) ? UNKNOWN : HARMLESS);
            }
            case F64_CONST -> {
                long bits = reader.raw(8);
                stack.push(F64, Double.isNaN(Double.longBitsToDouble(bits)) ? UNKNOWN : HARMLESS);
            }
            case REF_NULL -> {
                int type = ModuleDecoder.valueType(reader.u8());
                if (!ValueTypes.isReference(type)) {
                    throw new InvalidModuleException("a null number");
                }
                stack.push(type);
            }
            case REF_IS_NULL -> {
                int type = stack.pop(ANY);
                if (type != ANY && !ValueTypes.isReference(type)) {
                    throw new InvalidModuleException("a number is compared with null");
                }
                stack.push(I32);
            }
            case REF_FUNC -> {
                int function = reader.u32();
                if (function >= module.functionTypes().length
                        || !module.declaredFunctions()[function]) {
                    throw new InvalidModuleException(
                            "function " + function + " is not declared for references");
                }
                first[index] = function;
                stack.push(FUNCREF);
            }
            default -> {
                if (code >= 0xfc00 && code <= LAST_TRUNC_SAT) {
                    stack.pop((code & 2) == 0 ? F32 : F64);
                    stack.push(code < 0xfc04 ? I32 : I64);
                } else {
                    throw unknown(code);
                }
            }
        }
    }

    private int local(int index) throws InvalidModuleException {
        int local = reader.u32();
        if (local >= localTypes.length) {
            throw new InvalidModuleException("local " + local + " is not declared");
        }
        first[index] = local;
        return localTypes[local];
    }

    private GlobalType global(int index) throws InvalidModuleException {
        int global = reader.u32();
        if (global >= module.globals().size()) {
            throw new InvalidModuleException("global " + global + " is not declared");
        }
        first[index] = global;
        return module.globals().get(global);
    }

    // Blocks and branches.

    private void open(int index, int code) throws InvalidModuleException {
        int[] parameters = NONE;
        int[] results = NONE;
        long type = reader.signed(33);
        if (type >= 0) {
            if (type >= module.types().size()) {
                throw new InvalidModuleException("type " + type + " is not declared");
            }
            parameters = module.types().get((int) type).parameters();
            results = module.types().get((int) type).results();
        } else if (type != -64) {
            results = new int[] {ModuleDecoder.valueType((int) (type & 0x7f))};
        }
        if (code == IF) {
            stack.pop(I32);
        }
        stack.open(code, parameters, results, dead[index]);
        if (code != BLOCK) {
            startSegment(index);
        }
    }

    private int label() throws InvalidModuleException {
        int label = reader.u32();
        if (label >= stack.depth()) {
            throw new InvalidModuleException("a branch leaves the function");
        }
        return label;
    }

    private void branchTable() throws InvalidModuleException {
        int size = reader.count("targets of one br_table", ModuleLimits.FUNCTION_INSTRUCTIONS_MAX);
        targets += size;
        int[] labels = new int[size + 1];
        for (int i = 0; i <= size; i++) {
            labels[i] = label();
        }
        stack.pop(I32);
        int[] expected = stack.branchTypes(labels[size]);
        int[] seen = expected;
        for (int i = 0; i < size; i++) {
            int[] types = stack.branchTypes(labels[i]);
            if (types.length != expected.length) {
                throw new InvalidModuleException("targets of a br_table take different values");
            }
            if (!Arrays.equals(types, seen)) {
                // In unreachable code the operands may be of any type, so that each target counts.
                stack.check(types);
                seen = types;
            }
        }
        stack.popAll(expected);
        stack.unreachable();
    }

    /// The next instruction begins a run that is paid for as a whole.
    private void startSegment(int index) {
        segment = index + 1;
    }
}
