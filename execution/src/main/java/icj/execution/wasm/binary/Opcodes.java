package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.ValueTypes.F32;
import static icj.execution.wasm.binary.ValueTypes.F64;
import static icj.execution.wasm.binary.ValueTypes.I32;
import static icj.execution.wasm.binary.ValueTypes.I64;

/// The instructions by their codes. Those behind the prefix 0xfc are numbered from 0xfc00.
///
/// Prices are those of R-E10.
final class Opcodes {
    static final int UNREACHABLE = 0x00;
    static final int NOP = 0x01;
    static final int BLOCK = 0x02;
    static final int LOOP = 0x03;
    static final int IF = 0x04;
    static final int ELSE = 0x05;
    static final int END = 0x0b;
    static final int BR = 0x0c;
    static final int BR_IF = 0x0d;
    static final int BR_TABLE = 0x0e;
    static final int RETURN = 0x0f;
    static final int CALL = 0x10;
    static final int CALL_INDIRECT = 0x11;
    static final int DROP = 0x1a;
    static final int SELECT = 0x1b;
    static final int SELECT_TYPED = 0x1c;
    static final int LOCAL_GET = 0x20;
    static final int LOCAL_SET = 0x21;
    static final int LOCAL_TEE = 0x22;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int TABLE_GET = 0x25;
    static final int TABLE_SET = 0x26;
    static final int FIRST_LOAD = 0x28;
    static final int FIRST_STORE = 0x36;
    static final int LAST_STORE = 0x3e;
    static final int MEMORY_SIZE = 0x3f;
    static final int MEMORY_GROW = 0x40;
    static final int I32_CONST = 0x41;
    static final int I64_CONST = 0x42;
    static final int F32_CONST = 0x43;
    static final int F64_CONST = 0x44;
    static final int FIRST_NUMERIC = 0x45;
    static final int LAST_NUMERIC = 0xc4;
    static final int REF_NULL = 0xd0;
    static final int REF_IS_NULL = 0xd1;
    static final int REF_FUNC = 0xd2;
    static final int PREFIX = 0xfc;
    static final int LAST_TRUNC_SAT = 0xfc07;
    static final int MEMORY_INIT = 0xfc08;
    static final int DATA_DROP = 0xfc09;
    static final int MEMORY_COPY = 0xfc0a;
    static final int MEMORY_FILL = 0xfc0b;
    static final int TABLE_INIT = 0xfc0c;
    static final int ELEM_DROP = 0xfc0d;
    static final int TABLE_COPY = 0xfc0e;
    static final int TABLE_GROW = 0xfc0f;
    static final int TABLE_SIZE = 0xfc10;
    static final int TABLE_FILL = 0xfc11;

    private static final int[] FIRST = new int[256];
    private static final int[] SECOND = new int[256];
    private static final int[] RESULT = new int[256];
    private static final int[] COST = new int[256];
    private static final boolean[] NAN = new boolean[256];

    /// Types of the values of loads from 0x28 and stores to 0x3e.
    private static final int[] ACCESS = {
        I32, I64, F32, F64, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64, //
        I32, I64, F32, F64, I32, I32, I64, I64, I64
    };

    private static final int[] ALIGNMENT = {
        2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, //
        2, 3, 2, 3, 0, 1, 0, 1, 2
    };

    static {
        java.util.Arrays.fill(COST, 1);
        unary(0x45, 0x45, I32, I32);
        binary(0x46, 0x4f, I32, I32);
        unary(0x50, 0x50, I64, I32);
        binary(0x51, 0x5a, I64, I32);
        binary(0x5b, 0x60, F32, I32);
        binary(0x61, 0x66, F64, I32);
        unary(0x67, 0x69, I32, I32);
        binary(0x6a, 0x78, I32, I32);
        unary(0x79, 0x7b, I64, I64);
        binary(0x7c, 0x8a, I64, I64);
        unary(0x8b, 0x91, F32, F32);
        binary(0x92, 0x98, F32, F32);
        unary(0x99, 0x9f, F64, F64);
        binary(0xa0, 0xa6, F64, F64);
        unary(0xa7, 0xa7, I64, I32);
        unary(0xa8, 0xa9, F32, I32);
        unary(0xaa, 0xab, F64, I32);
        unary(0xac, 0xad, I32, I64);
        unary(0xae, 0xaf, F32, I64);
        unary(0xb0, 0xb1, F64, I64);
        unary(0xb2, 0xb3, I32, F32);
        unary(0xb4, 0xb5, I64, F32);
        unary(0xb6, 0xb6, F64, F32);
        unary(0xb7, 0xb8, I32, F64);
        unary(0xb9, 0xba, I64, F64);
        unary(0xbb, 0xbb, F32, F64);
        unary(0xbc, 0xbc, F32, I32);
        unary(0xbd, 0xbd, F64, I64);
        unary(0xbe, 0xbe, I32, F32);
        unary(0xbf, 0xbf, I64, F64);
        unary(0xc0, 0xc1, I32, I32);
        unary(0xc2, 0xc4, I64, I64);

        cost(10, 0x6d, 0x70);
        cost(10, 0x7f, 0x82);
        cost(3, 0x5b, 0x66);
        // Ceil, floor, trunc, nearest; then sqrt, add, sub, mul, div, min, max, copysign.
        cost(2, 0x8d, 0x90);
        cost(2, 0x9b, 0x9e);
        cost(5, 0x91, 0x91);
        cost(8, 0x9f, 0x9f);
        cost(2, 0x92, 0x94);
        cost(2, 0xa0, 0xa2);
        cost(3, 0x95, 0x95);
        cost(5, 0xa3, 0xa3);
        cost(18, 0x96, 0x97);
        cost(18, 0xa4, 0xa5);
        cost(2, 0x98, 0x98);
        cost(3, 0xa6, 0xa6);
        cost(20, 0xa8, 0xab);
        cost(20, 0xae, 0xb1);
        for (int signed : new int[] {0xb2, 0xb4, 0xb7, 0xb9}) {
            cost(3, signed, signed);
            cost(16, signed + 1, signed + 1);
        }
        cost(0, BLOCK, LOOP);
        cost(0, ELSE, ELSE);
        cost(0, END, END);
        cost(2, IF, IF);
        cost(2, BR, BR_TABLE);
        cost(5, CALL, CALL);
        cost(10, CALL_INDIRECT, CALL_INDIRECT);
        cost(2, GLOBAL_GET, GLOBAL_SET);
        cost(5, TABLE_GET, TABLE_SET);
        cost(20, MEMORY_SIZE, MEMORY_SIZE);
        cost(300, MEMORY_GROW, MEMORY_GROW);
        cost(5, REF_IS_NULL, REF_IS_NULL);
        cost(130, REF_FUNC, REF_FUNC);

        // R-E6: not abs, neg and copysign.
        nan(0x8d, 0x97);
        nan(0x9b, 0xa5);
        nan(0xb6, 0xb6);
        nan(0xbb, 0xbb);
    }

    private Opcodes() {}

    private static void unary(int first, int last, int type, int result) {
        for (int op = first; op <= last; op++) {
            FIRST[op] = type;
            RESULT[op] = result;
        }
    }

    private static void binary(int first, int last, int type, int result) {
        unary(first, last, type, result);
        for (int op = first; op <= last; op++) {
            SECOND[op] = type;
        }
    }

    private static void cost(int cost, int first, int last) {
        java.util.Arrays.fill(COST, first, last + 1, cost);
    }

    private static void nan(int first, int last) {
        java.util.Arrays.fill(NAN, first, last + 1, true);
    }

    /// The operand's type of a numeric instruction.
    static int operand(int op) {
        return FIRST[op];
    }

    /// Whether a numeric instruction takes two operands (of the same type).
    static boolean isBinary(int op) {
        return SECOND[op] != 0;
    }

    static int result(int op) {
        return RESULT[op];
    }

    /// Whether the result may be a NaN whose bits depend on the machine (R-E6).
    static boolean makesNan(int op) {
        return op < 256 && NAN[op];
    }

    /// Whether a NaN among the operands has the same effect whatever its bits are: arithmetic,
    /// whose own result is made canonical, comparisons, conversions to integers, drop.
    static boolean ignoresNanBits(int op) {
        return makesNan(op)
                || op >= 0x5b && op <= 0x66
                || op >= 0xa8 && op <= 0xab
                || op >= 0xae && op <= 0xb1
                || op >= 0xfc00 && op <= LAST_TRUNC_SAT
                || op == DROP;
    }

    /// Whether it makes a float of an integer by its value.
    static boolean isConversion(int op) {
        return op >= 0xb2 && op <= 0xba && op != 0xb6;
    }

    static boolean isLoad(int op) {
        return op >= FIRST_LOAD && op < FIRST_STORE;
    }

    static boolean isStore(int op) {
        return op >= FIRST_STORE && op <= LAST_STORE;
    }

    static int accessType(int op) {
        return ACCESS[op - FIRST_LOAD];
    }

    static int naturalAlignment(int op) {
        return ALIGNMENT[op - FIRST_LOAD];
    }

    /// R-E10, bytes of bulk instructions apart.
    static int cost(int op, boolean memory64) {
        if (op < 256) {
            return op >= FIRST_LOAD && op <= LAST_STORE && memory64 ? 2 : COST[op];
        }
        return switch (op) {
            case MEMORY_INIT,
                    MEMORY_COPY,
                    MEMORY_FILL,
                    TABLE_INIT,
                    TABLE_COPY,
                    TABLE_FILL, //
                    TABLE_SIZE ->
                    100;
            case DATA_DROP, ELEM_DROP, TABLE_GROW -> 300;
            default -> 20;
        };
    }
}
