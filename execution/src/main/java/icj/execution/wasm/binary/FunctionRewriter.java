package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.Opcodes.BLOCK;
import static icj.execution.wasm.binary.Opcodes.BR;
import static icj.execution.wasm.binary.Opcodes.CALL;
import static icj.execution.wasm.binary.Opcodes.CALL_INDIRECT;
import static icj.execution.wasm.binary.Opcodes.END;
import static icj.execution.wasm.binary.Opcodes.F32_CONST;
import static icj.execution.wasm.binary.Opcodes.F64_CONST;
import static icj.execution.wasm.binary.Opcodes.FIRST_LOAD;
import static icj.execution.wasm.binary.Opcodes.I32_CONST;
import static icj.execution.wasm.binary.Opcodes.I64_CONST;
import static icj.execution.wasm.binary.Opcodes.IF;
import static icj.execution.wasm.binary.Opcodes.LAST_STORE;
import static icj.execution.wasm.binary.Opcodes.LOCAL_GET;
import static icj.execution.wasm.binary.Opcodes.LOCAL_SET;
import static icj.execution.wasm.binary.Opcodes.LOCAL_TEE;
import static icj.execution.wasm.binary.Opcodes.LOOP;
import static icj.execution.wasm.binary.Opcodes.MEMORY_COPY;
import static icj.execution.wasm.binary.Opcodes.MEMORY_FILL;
import static icj.execution.wasm.binary.Opcodes.MEMORY_GROW;
import static icj.execution.wasm.binary.Opcodes.MEMORY_INIT;
import static icj.execution.wasm.binary.Opcodes.MEMORY_SIZE;
import static icj.execution.wasm.binary.Opcodes.REF_FUNC;
import static icj.execution.wasm.binary.Opcodes.RETURN;
import static icj.execution.wasm.binary.Opcodes.SELECT;
import static icj.execution.wasm.binary.Opcodes.TABLE_COPY;
import static icj.execution.wasm.binary.Opcodes.TABLE_INIT;
import static icj.execution.wasm.binary.Opcodes.TABLE_SIZE;
import static icj.execution.wasm.binary.Opcodes.accessType;
import static icj.execution.wasm.binary.Opcodes.isStore;
import static icj.execution.wasm.binary.Opcodes.result;
import static icj.execution.wasm.binary.ValueTypes.F32;
import static icj.execution.wasm.binary.ValueTypes.I32;

import icj.execution.wasm.binary.ModuleRewriter.Helper;

/// Writes one analysed function anew. Unreachable code is left out.
final class FunctionRewriter {
    /// R-E5: what a frame costs beside its values, in bytes.
    private static final int FRAME_BYTES = 160;

    /// R-E5 has no such term, but the JVM's first compiler gives almost each value that lives over
    /// a call a place of its own in the frame: a function with sixty calls in branches took over a
    /// kilobyte, and one can be made that takes 80.
    private static final int INSTRUCTION_BYTES = 4;

    /// The engine takes offsets below this one only.
    private static final long OFFSET_MAX = Integer.MAX_VALUE - 1L;

    private final ModuleRewriter rewriter;
    private final DecodedModule module;
    private final EngineCalls calls;
    private final FunctionAnalysis analysis;
    private final boolean memory64;
    private final WasmWriter body = new WasmWriter(4096);

    /// Locals of ours: type and place of each, in the order of first use.
    private final int[] temporaryTypes = new int[5];

    private int temporaries;

    FunctionRewriter(
            ModuleRewriter rewriter,
            DecodedModule module,
            EngineCalls calls,
            FunctionAnalysis analysis) {
        this.rewriter = rewriter;
        this.module = module;
        this.calls = calls;
        this.analysis = analysis;
        this.memory64 = module.memory64();
    }

    /// The body (locals and code) of the function that was just analysed.
    WasmWriter rewrite(int function) {
        body.clear();
        temporaries = 0;
        boolean counted = analysis.calls;
        long frame =
                FRAME_BYTES
                        + 8L * ((long) analysis.localTypes.length + analysis.heightMax())
                        + (long) INSTRUCTION_BYTES * analysis.count;
        if (counted) {
            depth(frame);
            int[] results = module.typeOf(function).results();
            body.u8(BLOCK);
            if (results.length == 0) {
                body.u8(0x40);
            } else if (results.length == 1) {
                body.u8(results[0]);
            } else {
                body.signed(rewriter.type(new int[0], results));
            }
        }
        int nesting = 0;
        for (int i = 0; i < analysis.count; i++) {
            if (analysis.dead[i]) {
                continue;
            }
            if (analysis.charge[i] > 0) {
                charge(analysis.charge[i]);
            }
            int op = analysis.op[i];
            if (op == BLOCK || op == LOOP || op == IF) {
                nesting++;
            } else if (op == END) {
                nesting--;
            }
            if (op == RETURN && counted) {
                body.u8(BR).unsigned(nesting);
            } else {
                instruction(i, op);
            }
        }
        if (counted) {
            depth(-frame);
            body.u8(END);
        }
        WasmWriter out = new WasmWriter(body.size() + 64);
        locals(out);
        return out.append(body);
    }

    private void charge(int cost) {
        body.u8(I32_CONST).signed(0).u8(I32_CONST).signed(cost);
        body.u8(0xfe).u8(0x17).u8(2).u8(0);
    }

    private void depth(long bytes) {
        body.u8(I32_CONST).signed(0).u8(I64_CONST).signed(bytes);
        body.u8(0xfe).u8(0x18).u8(3).u8(0);
    }

    private int temporary(int type, int nth) {
        int seen = 0;
        for (int i = 0; i < temporaries; i++) {
            if (temporaryTypes[i] == type && seen++ == nth) {
                return analysis.localTypes.length + i;
            }
        }
        temporaryTypes[temporaries++] = type;
        return seen == nth ? analysis.localTypes.length + temporaries - 1 : temporary(type, nth);
    }

    private void raw(int i) {
        body.raw(module.bytes(), analysis.from[i], analysis.to[i]);
    }

    private void get(int local) {
        body.u8(LOCAL_GET).unsigned(local);
    }

    private void set(int local) {
        body.u8(LOCAL_SET).unsigned(local);
    }

    private void help(Helper helper) {
        body.u8(CALL).unsigned(rewriter.helper(helper));
    }

    private void instruction(int i, int op) {
        if (op >= FIRST_LOAD && op <= LAST_STORE) {
            access(i, op);
            return;
        }
        if (EngineCalls.stands(op)) {
            engineCall(op, (int) analysis.first[i], (int) analysis.second[i]);
            return;
        }
        switch (op) {
            case CALL -> body.u8(CALL).unsigned(rewriter.function((int) analysis.first[i]));
            case REF_FUNC -> body.u8(REF_FUNC).unsigned(rewriter.function((int) analysis.first[i]));
            case CALL_INDIRECT -> {
                if (module.tables().get((int) analysis.second[i]).index64()) {
                    help(Helper.INDEX);
                }
                raw(i);
            }
            case TABLE_SIZE -> {
                raw(i);
                if (module.tables().get((int) analysis.first[i]).index64()) {
                    body.u8(0xad);
                }
            }
            case MEMORY_SIZE -> {
                raw(i);
                if (memory64) {
                    body.u8(0xad);
                }
            }
            case MEMORY_GROW -> {
                if (memory64) {
                    help(Helper.GROW);
                } else {
                    raw(i);
                }
            }
            case MEMORY_INIT, MEMORY_COPY, MEMORY_FILL -> bulk(i, op);
            default -> {
                raw(i);
                if (analysis.isCanonical(i)) {
                    boolean local = op == LOCAL_GET || op == LOCAL_TEE;
                    canonical(local ? analysis.localTypes[(int) analysis.first[i]] : result(op));
                }
            }
        }
    }

    /// R-E6: `x == x ? x : NaN`.
    private void canonical(int type) {
        int local = temporary(type, 0);
        body.u8(LOCAL_TEE).unsigned(local);
        if (type == F32) {
            body.u8(F32_CONST).raw(new byte[] {0, 0, (byte) 0xc0, 0x7f});
        } else {
            body.u8(F64_CONST).raw(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x7f});
        }
        get(local);
        get(local);
        body.u8(type == F32 ? 0x5b : 0x61).u8(SELECT);
    }

    private void access(int i, int op) {
        long offset = analysis.second[i];
        boolean large = offset < 0 || offset > OFFSET_MAX;
        if (!memory64 && !large) {
            raw(i);
            return;
        }
        int value = -1;
        if (isStore(op)) {
            value = temporary(accessType(op), 0);
            set(value);
        }
        if (memory64) {
            help(Helper.ADDRESS);
        }
        if (large) {
            // The address is computed in 64 bits; one beyond 32 bits is out of bounds. Its sum with
            // an offset of 2^32 and more always is.
            body.u8(0xad).u8(I64_CONST);
            body.signed(offset < 0 || offset > 0xffffffffL ? 1L << 32 : offset);
            body.u8(0x7c);
            help(Helper.ADDRESS);
            offset = 0;
        }
        if (value >= 0) {
            get(value);
        }
        body.u8(op).unsigned(analysis.first[i]).unsigned(offset);
    }

    private void bulk(int i, int op) {
        if (!memory64) {
            raw(i);
            return;
        }
        int x = temporary(I32, 0);
        int y = temporary(I32, 1);
        if (op != MEMORY_INIT) {
            help(Helper.ADDRESS);
        }
        set(x);
        if (op == MEMORY_COPY) {
            help(Helper.ADDRESS);
        }
        set(y);
        help(Helper.ADDRESS);
        get(y);
        get(x);
        raw(i);
    }

    private void engineCall(int op, int first, int second) {
        switch (op) {
            case TABLE_INIT -> {
                body.u8(I32_CONST).signed(second);
                body.u8(I32_CONST).signed(first);
            }
            case TABLE_COPY -> {
                body.u8(I32_CONST).signed(first);
                body.u8(I32_CONST).signed(second);
            }
            default -> body.u8(I32_CONST).signed(first);
        }
        body.u8(CALL).unsigned(calls.index(op, first, second));
    }

    /// The declaration of locals: the original's groups, then ours.
    private void locals(WasmWriter out) {
        byte[] bytes = module.bytes();
        int at = analysis.localsFrom;
        int groups = 0;
        int shift = 0;
        int next;
        do {
            next = bytes[at++];
            groups |= (next & 0x7f) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        out.unsigned((long) groups + temporaries).raw(bytes, at, analysis.localsTo);
        for (int i = 0; i < temporaries; i++) {
            out.unsigned(1).u8(temporaryTypes[i]);
        }
    }
}
