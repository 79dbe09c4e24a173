package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.Instance;

import icj.execution.wasm.binary.EngineImport;
import icj.execution.wasm.binary.ModuleLimits;

import org.jspecify.annotations.Nullable;

/// The table instructions and the dropping of segments, which the rewriter turned into calls: both
/// engines then do the same, with unsigned operands and prices for each element (R-E10).
final class TableInstructions {
    private static final int[] DROPPED = {};

    private TableInstructions() {}

    static long @Nullable [] run(
            EngineImport function, Instance instance, long[] arguments, EngineModule module) {
        PagedMemory memory = (PagedMemory) instance.memory();
        switch (function) {
            case TABLE_GET -> {
                int table = (int) arguments[1];
                return new long[] {table(instance, table).get(index(module, table, arguments[0]))};
            }
            case TABLE_SET -> {
                int table = (int) arguments[2];
                table(instance, table).set(index(module, table, arguments[0]), (int) arguments[1]);
            }
            case TABLE_GROW -> {
                int table = (int) arguments[2];
                long count = index(module, table, arguments[1]);
                EngineTable growing = table(instance, table);
                if (!growing.mayGrow(count) || count > room(instance, module)) {
                    return new long[] {-1};
                }
                charge(memory, count);
                return new long[] {growing.grow((int) arguments[0], count)};
            }
            case TABLE_FILL -> {
                int table = (int) arguments[3];
                long count = index(module, table, arguments[2]);
                charge(memory, count);
                table(instance, table)
                        .fill(index(module, table, arguments[0]), (int) arguments[1], count);
            }
            case TABLE_COPY -> {
                int target = (int) arguments[3];
                int source = (int) arguments[4];
                boolean wide =
                        module.tables().get(target).index64()
                                && module.tables().get(source).index64();
                long count = wide ? arguments[2] : arguments[2] & 0xffffffffL;
                charge(memory, count);
                table(instance, target)
                        .copy(
                                index(module, target, arguments[0]),
                                table(instance, source),
                                index(module, source, arguments[1]),
                                count);
            }
            case TABLE_INIT -> {
                int table = (int) arguments[3];
                long count = arguments[2] & 0xffffffffL;
                charge(memory, count);
                table(instance, table)
                        .init(
                                index(module, table, arguments[0]),
                                memory.elements((int) arguments[4]),
                                arguments[1] & 0xffffffffL,
                                count);
            }
            case ELEM_DROP -> memory.dropElements((int) arguments[0], DROPPED);
            case DATA_DROP -> memory.drop((int) arguments[0]);
        }
        return null;
    }

    /// How many more elements all tables together may have.
    private static long room(Instance instance, EngineModule module) {
        long room = ModuleLimits.TABLE_ELEMENTS_MAX;
        for (int i = 0; i < module.tables().size(); i++) {
            room -= table(instance, i).size();
        }
        return room;
    }

    private static void charge(PagedMemory memory, long count) {
        memory.chargeLong(count < 0 ? Long.MAX_VALUE : count);
    }

    private static EngineTable table(Instance instance, int table) {
        return (EngineTable) instance.table(table);
    }

    private static long index(EngineModule module, int table, long operand) {
        return module.tables().get(table).index64() ? operand : operand & 0xffffffffL;
    }
}
