package icj.execution.wasm;

import static icj.execution.wasm.WasmBuilder.F32;
import static icj.execution.wasm.WasmBuilder.F64;
import static icj.execution.wasm.WasmBuilder.I32;
import static icj.execution.wasm.WasmBuilder.I64;

import icj.execution.wasm.WasmBuilder.Code;
import icj.testing.Prng;

import java.util.ArrayList;
import java.util.List;

/// A valid module made at random: arithmetic of all types with odd values, loops, branches, direct
/// and indirect calls, memory and table instructions. Its update method `run` replies with what it
/// computed; now and then it traps.
final class RandomModule {
    private static final List<Integer> TYPES = List.of(I32, I64, F32, F64);

    private static final int[][] SIGNATURES = {
        {}, {I32}, {I64}, {F64}, {I32, F32}, {I64, I64, F64}, {F32, I32, I64, F64}
    };

    private static final int LOCALS = 8;
    private static final int COUNTERS = 3;

    private final Prng random;
    private final boolean wide;
    private final WasmBuilder wasm;
    private final List<int[]> parameters = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    private final List<Integer> functions = new ArrayList<>();
    private int[] locals;
    private int parameterCount;
    private int loops;
    private int passive;
    private int passiveElements;
    private final boolean tables;

    private RandomModule(Prng random) {
        this.random = random;
        this.wide = random.chance(0.5);
        this.tables = random.chance(0.4);
        this.wasm = new WasmBuilder(wide);
    }

    static byte[] of(long seed) {
        return new RandomModule(Prng.of(seed)).module();
    }

    private byte[] module() {
        int append = wasm.ic0("msg_reply_data_append");
        int reply = wasm.ic0("msg_reply");
        wasm.memory(1 + random.below(2), 4);
        wasm.table(10, 16);
        for (int type : TYPES) {
            wasm.global(type, true, constantBits(type));
        }
        wasm.data(random.below(60_000), random.bytes(random.below(200)));
        passive = wasm.passiveData(random.bytes(100));
        int count = 3 + random.below(4);
        for (int i = 0; i < count; i++) {
            function();
        }
        int[] elements = new int[Math.min(8, functions.size() + 2)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.pick(functions);
        }
        wasm.elements(1, elements);
        wasm.entry(
                "canister_update run",
                new int[] {I64},
                code -> {
                    for (int i = 0; i < functions.size(); i++) {
                        for (int type : parameters.get(i)) {
                            constant(code, type);
                        }
                        code.call(functions.get(i));
                        fold(code, results.get(i));
                    }
                    for (int global = 0; global < TYPES.size(); global++) {
                        code.globalGet(global);
                        fold(code, TYPES.get(global));
                    }
                    address(code, 65_000).get(0).memory(0x37, 0);
                    address(code, 64_000);
                    address(code, 1_008);
                    code.call(append).call(reply);
                });
        return wasm.build();
    }

    /// Mixes the value on the stack into the sum that `run` keeps in its first local.
    private void fold(Code code, int type) {
        switch (type) {
            case I32 -> code.raw(0xad);
            case F32 -> code.raw(0xbc, 0xad);
            case F64 -> code.raw(0xbd);
            default -> {}
        }
        code.get(0).i64(0x9e3779b97f4a7c15L).raw(0x7e, 0x85).set(0);
    }

    private Code address(Code code, long value) {
        return wide ? code.i64(value) : code.i32((int) value);
    }

    private void function() {
        int[] signature = SIGNATURES[random.below(SIGNATURES.length)];
        int result = random.pick(TYPES);
        parameterCount = signature.length;
        locals = new int[parameterCount + LOCALS + COUNTERS];
        int[] declared = new int[LOCALS + COUNTERS];
        for (int i = 0; i < locals.length; i++) {
            locals[i] =
                    i < parameterCount
                            ? signature[i]
                            : i < parameterCount + LOCALS ? random.pick(TYPES) : I32;
            if (i >= parameterCount) {
                declared[i - parameterCount] = locals[i];
            }
        }
        loops = 0;
        int index =
                wasm.function(
                        signature,
                        new int[] {result},
                        declared,
                        code -> {
                            int statements = 2 + random.below(6);
                            for (int i = 0; i < statements; i++) {
                                statement(code, 3, 0, result);
                            }
                            value(code, result, 4);
                        });
        functions.add(index);
        parameters.add(signature);
        results.add(result);
    }

    // Statements.

    private void statement(Code code, int depth, int labels, int result) {
        switch (random.below(depth > 0 ? 16 : 6)) {
            case 0, 1 -> {
                int local = random.below(parameterCount + LOCALS);
                value(code, locals[local], depth);
                code.set(local);
            }
            case 2, 3 -> store(code, depth);
            case 4 -> {
                int global = random.below(4);
                value(code, TYPES.get(global), depth);
                code.globalSet(global);
            }
            case 5 -> {
                value(code, random.pick(TYPES), depth);
                code.drop();
            }
            case 6, 7 -> {
                value(code, I32, depth - 1);
                code.ifs(0x40);
                statement(code, depth - 1, labels + 1, result);
                if (random.chance(0.5)) {
                    code.elses();
                    statement(code, depth - 1, labels + 1, result);
                }
                code.end();
            }
            case 8, 9 -> loop(code, depth, labels, result);
            case 10 -> {
                code.block(0x40);
                statement(code, depth - 1, labels + 1, result);
                value(code, I32, depth - 1);
                code.brIf(random.below(labels + 1));
                statement(code, depth - 1, labels + 1, result);
                code.end();
            }
            case 11 -> {
                code.block(0x40).block(0x40);
                value(code, I32, depth - 1);
                code.brTable(0, 1, random.below(2));
                code.end();
                statement(code, depth - 1, labels + 1, result);
                code.end();
            }
            case 12 -> bulk(code, depth);
            case 13 -> {
                if (random.chance(0.2)) {
                    value(code, I32, depth - 1);
                    code.ifs(0x40);
                    value(code, result, depth - 1);
                    code.ret().end();
                } else {
                    table(code, depth);
                }
            }
            case 14 -> {
                if (random.chance(0.05)) {
                    code.unreachable();
                } else {
                    statement(code, depth - 1, labels, result);
                }
            }
            default -> {
                if (random.chance(0.3)) {
                    // Code that no one reaches, of every shape.
                    code.block(0x40).br(0);
                    code.raw(0x6a, 0x1a);
                    value(code, F64, 1);
                    code.drop().block(0x40).end().end();
                } else {
                    value(code, wasm.address(), 1);
                    code.drop();
                }
            }
        }
    }

    private void loop(Code code, int depth, int labels, int result) {
        if (loops >= COUNTERS) {
            return;
        }
        int counter = parameterCount + LOCALS + loops++;
        code.i32(1 + random.below(20)).set(counter);
        code.loop(0x40);
        statement(code, depth - 1, labels + 1, result);
        code.get(counter).i32(1).raw(0x6b).tee(counter).brIf(0).end();
    }

    private void store(Code code, int depth) {
        int instruction = 0x36 + random.below(9);
        int type =
                switch (instruction) {
                    case 0x36, 0x3a, 0x3b -> I32;
                    case 0x38 -> F32;
                    case 0x39 -> F64;
                    default -> I64;
                };
        somewhere(code, depth - 1);
        value(code, type, depth - 1);
        code.memory(instruction, offset());
    }

    private long offset() {
        return switch (random.below(1500)) {
            case 0 -> 0xffff_fff0L;
            case 1 -> 0x7fff_ffffL;
            case 2 -> wide ? 1L << 40 : 0x8000_0000L;
            default -> random.below(2000);
        };
    }

    private void somewhere(Code code, int depth) {
        value(code, wasm.address(), depth);
        if (random.chance(0.999)) {
            address(code, 0x7fff);
            code.raw(wide ? 0x83 : 0x71);
        }
    }

    private void bulk(Code code, int depth) {
        switch (random.below(5)) {
            case 0 -> {
                somewhere(code, depth - 1);
                value(code, I32, depth - 1);
                address(code, random.below(3000));
                code.bulk(11, 0);
            }
            case 1 -> {
                somewhere(code, depth - 1);
                somewhere(code, depth - 1);
                address(code, random.below(9000));
                code.bulk(10, 0, 0);
            }
            case 2 -> {
                somewhere(code, depth - 1);
                code.i32(random.below(52)).i32(random.below(52)).bulk(8, passive, 0);
            }
            case 3 -> {
                address(code, random.below(2));
                code.raw(0x40, 0).drop();
            }
            default -> {
                if (tables && random.chance(0.1)) {
                    code.bulk(9, passive);
                }
            }
        }
    }

    private void table(Code code, int depth) {
        if (!tables) {
            return;
        }
        switch (random.below(5)) {
            case 0 -> {
                address(code, random.below(10));
                address(code, random.below(10));
                code.raw(0x25, 0, 0x26, 0);
            }
            case 1 -> {
                code.raw(0xd0, 0x70);
                address(code, random.below(2));
                code.bulk(15, 0).drop();
            }
            case 2 -> {
                address(code, random.below(8));
                address(code, random.below(8));
                address(code, random.below(3));
                code.bulk(14, 0, 0);
            }
            case 3 -> {
                address(code, random.below(9));
                code.raw(0xd0, 0x70);
                address(code, random.below(2));
                code.bulk(17, 0);
            }
            default -> code.bulk(16, 0).drop();
        }
    }

    // Values.

    private void value(Code code, int type, int depth) {
        if (depth <= 0) {
            leaf(code, type);
            return;
        }
        switch (random.below(12)) {
            case 0 -> leaf(code, type);
            case 1 -> {
                somewhere(code, depth - 1);
                code.memory(load(type), offset());
            }
            case 2 -> {
                value(code, type, depth - 1);
                value(code, type, depth - 1);
                value(code, I32, depth - 1);
                code.raw(0x1b);
            }
            case 3 -> {
                value(code, I32, depth - 1);
                code.ifs(type);
                value(code, type, depth - 1);
                code.elses();
                value(code, type, depth - 1);
                code.end();
            }
            case 4 -> {
                code.block(type);
                value(code, type, depth - 1);
                value(code, I32, depth - 1);
                code.brIf(0).end();
            }
            case 5 -> call(code, type, depth);
            case 6 -> convert(code, type, depth);
            default -> arithmetic(code, type, depth);
        }
    }

    private int load(int type) {
        return switch (type) {
            case I32 -> random.pick(List.of(0x28, 0x2c, 0x2d, 0x2e, 0x2f));
            case I64 -> random.pick(List.of(0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35));
            case F32 -> 0x2a;
            default -> 0x2b;
        };
    }

    private void leaf(Code code, int type) {
        for (int i = 0; i < 4; i++) {
            int local = random.below(locals.length);
            if (locals[local] == type) {
                code.get(local);
                return;
            }
        }
        if (random.chance(0.2)) {
            code.globalGet(TYPES.indexOf(type));
        } else {
            constant(code, type);
        }
    }

    private long constantBits(int type) {
        return switch (type) {
            case I32 -> (int) random.bits();
            case I64 -> random.bits();
            case F32 ->
                    random.pick(
                            List.of(
                                    0x7fc00001L,
                                    0x7f800000L,
                                    0xffc12345L,
                                    0x80000000L,
                                    (long) Float.floatToRawIntBits((float) random.below(1000))));
            default ->
                    random.pick(
                            List.of(
                                    0x7ff8000000000001L,
                                    0xfff0000000000000L,
                                    0x7ff4000000000000L,
                                    Double.doubleToRawLongBits(random.below(1000) / 7.0)));
        };
    }

    private void constant(Code code, int type) {
        long bits = constantBits(type);
        switch (type) {
            case I32 -> code.i32(random.chance(0.5) ? random.below(64) : (int) bits);
            case I64 -> code.i64(random.chance(0.5) ? random.below(64) : bits);
            case F32 -> code.f32(Float.intBitsToFloat((int) bits));
            default -> code.f64(Double.longBitsToDouble(bits));
        }
    }

    private void call(Code code, int type, int depth) {
        if (functions.isEmpty()) {
            leaf(code, type);
            return;
        }
        int callee = random.below(functions.size());
        for (int parameter : parameters.get(callee)) {
            value(code, parameter, depth - 2);
        }
        if (random.chance(0.03)) {
            address(code, random.below(random.chance(0.9) ? 8 : 14));
            code.callIndirect(wasm.type(parameters.get(callee), new int[] {results.get(callee)}));
        } else {
            code.call(functions.get(callee));
        }
        cast(code, results.get(callee), type);
    }

    /// Makes one type of another without a trap.
    private void cast(Code code, int from, int to) {
        if (from == to) {
            return;
        }
        switch (to) {
            case I32 ->
                    code.raw(
                            from == I64 ? new int[] {0xa7} : new int[] {0xfc, from == F32 ? 0 : 2});
            case I64 ->
                    code.raw(
                            from == I32 ? new int[] {0xac} : new int[] {0xfc, from == F32 ? 4 : 6});
            case F32 -> code.raw(from == I32 ? 0xb3 : from == I64 ? 0xb5 : 0xb6);
            default -> code.raw(from == I32 ? 0xb8 : from == I64 ? 0xba : 0xbb);
        }
    }

    private void convert(Code code, int type, int depth) {
        int from = random.pick(TYPES);
        value(code, from, depth - 1);
        if (from != type && (type == I32 || type == I64) && from != I32 && from != I64) {
            if (random.chance(0.02)) {
                // The conversion that traps.
                int base = type == I32 ? 0xa8 : 0xae;
                code.raw(base + (from == F32 ? 0 : 2) + random.below(2));
                return;
            }
        }
        if (from == F32 && type == I32) {
            code.raw(0xbc);
        } else if (from == F64 && type == I64) {
            code.raw(0xbd);
        } else if (from == I32 && type == F32) {
            code.raw(0xbe);
        } else if (from == I64 && type == F64) {
            code.raw(0xbf);
        } else {
            cast(code, from, type);
        }
    }

    private void arithmetic(Code code, int type, int depth) {
        switch (type) {
            case I32 -> {
                int operation = random.below(6);
                if (operation == 0) {
                    int compared = random.pick(TYPES);
                    value(code, compared, depth - 1);
                    value(code, compared, depth - 1);
                    code.raw(
                            switch (compared) {
                                case I32 -> 0x46 + random.below(10);
                                case I64 -> 0x51 + random.below(10);
                                case F32 -> 0x5b + random.below(6);
                                default -> 0x61 + random.below(6);
                            });
                } else if (operation == 1) {
                    value(code, I32, depth - 1);
                    code.raw(random.pick(List.of(0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1)));
                } else {
                    value(code, I32, depth - 1);
                    value(code, I32, depth - 1);
                    code.raw(integer(0x6a));
                }
            }
            case I64 -> {
                value(code, I64, depth - 1);
                if (random.chance(0.2)) {
                    code.raw(random.pick(List.of(0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4)));
                } else {
                    value(code, I64, depth - 1);
                    code.raw(integer(0x7c));
                }
            }
            default -> {
                value(code, type, depth - 1);
                int unary = type == F32 ? 0x8b : 0x99;
                if (random.chance(0.4)) {
                    code.raw(unary + random.below(7));
                } else {
                    value(code, type, depth - 1);
                    code.raw(unary + 7 + random.below(7));
                }
            }
        }
    }

    /// A binary operation; divisions, which often trap, are rare.
    private int integer(int first) {
        int operation = random.below(15);
        boolean divides = operation >= 3 && operation <= 6;
        return first + (divides && random.chance(0.98) ? 0 : operation);
    }
}
