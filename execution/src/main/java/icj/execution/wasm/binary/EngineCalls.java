package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.Opcodes.DATA_DROP;
import static icj.execution.wasm.binary.Opcodes.ELEM_DROP;
import static icj.execution.wasm.binary.Opcodes.TABLE_COPY;
import static icj.execution.wasm.binary.Opcodes.TABLE_FILL;
import static icj.execution.wasm.binary.Opcodes.TABLE_GET;
import static icj.execution.wasm.binary.Opcodes.TABLE_GROW;
import static icj.execution.wasm.binary.Opcodes.TABLE_INIT;
import static icj.execution.wasm.binary.Opcodes.TABLE_SET;
import static icj.execution.wasm.binary.ValueTypes.EXTERNREF;
import static icj.execution.wasm.binary.ValueTypes.I32;
import static icj.execution.wasm.binary.ValueTypes.I64;

/// Which engine function stands for a table instruction. The type of a table's index and elements
/// make variants of one function.
final class EngineCalls {
    private static final int[] NONE = {};

    private final ModuleRewriter rewriter;
    private final DecodedModule module;

    EngineCalls(ModuleRewriter rewriter, DecodedModule module) {
        this.rewriter = rewriter;
        this.module = module;
    }

    /// Adds the imports that the reachable instructions of a function need.
    void collect(FunctionAnalysis function) {
        for (int i = 0; i < function.count; i++) {
            int op = function.op[i];
            if (!function.dead[i] && stands(op)) {
                index(op, (int) function.first[i], (int) function.second[i]);
            }
        }
    }

    /// Whether an instruction becomes a call of an engine function.
    static boolean stands(int op) {
        return switch (op) {
            case TABLE_GET,
                    TABLE_SET,
                    TABLE_GROW,
                    TABLE_FILL,
                    TABLE_COPY,
                    TABLE_INIT, //
                    ELEM_DROP,
                    DATA_DROP ->
                    true;
            default -> false;
        };
    }

    /// The index of the function that stands for an instruction with these immediates.
    int index(int op, int first, int second) {
        return switch (op) {
            case TABLE_GET -> {
                int i = wide(first);
                int r = reference(first);
                yield add(EngineImport.TABLE_GET, first, new int[] {i, I32}, new int[] {r});
            }
            case TABLE_SET -> {
                int[] parameters = {wide(first), reference(first), I32};
                yield add(EngineImport.TABLE_SET, first, parameters, NONE);
            }
            case TABLE_GROW -> {
                int[] parameters = {reference(first), wide(first), I32};
                yield add(EngineImport.TABLE_GROW, first, parameters, new int[] {wide(first)});
            }
            case TABLE_FILL -> {
                int[] parameters = {wide(first), reference(first), wide(first), I32};
                yield add(EngineImport.TABLE_FILL, first, parameters, NONE);
            }
            case TABLE_COPY -> {
                int size = wide(first) == I64 && wide(second) == I64 ? I64 : I32;
                int[] parameters = {wide(first), wide(second), size, I32, I32};
                int variant = (wide(first) == I64 ? 1 : 0) + (wide(second) == I64 ? 2 : 0);
                yield rewriter.engineImport(EngineImport.TABLE_COPY, variant, parameters, NONE);
            }
            case TABLE_INIT -> {
                int[] parameters = {wide(second), I32, I32, I32, I32};
                yield add(EngineImport.TABLE_INIT, second, parameters, NONE);
            }
            case ELEM_DROP ->
                    rewriter.engineImport(EngineImport.ELEM_DROP, 0, new int[] {I32}, NONE);
            default -> rewriter.engineImport(EngineImport.DATA_DROP, 0, new int[] {I32}, NONE);
        };
    }

    private int add(EngineImport function, int table, int[] parameters, int[] results) {
        int variant = (wide(table) == I64 ? 1 : 0) + (reference(table) == EXTERNREF ? 2 : 0);
        return rewriter.engineImport(function, variant, parameters, results);
    }

    private int wide(int table) {
        return module.tables().get(table).index64() ? I64 : I32;
    }

    private int reference(int table) {
        return module.tables().get(table).elementType();
    }
}
