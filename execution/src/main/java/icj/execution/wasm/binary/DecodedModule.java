package icj.execution.wasm.binary;

import icj.execution.wasm.CustomSection;
import icj.execution.wasm.Ic0;
import icj.execution.wasm.MethodKind;
import icj.execution.wasm.SystemMethod;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedMap;

/// A module taken apart and checked but for its function bodies, which are left as ranges of
/// `bytes`.
///
/// @param bytes the unpacked binary
/// @param imports the imported functions, in order
/// @param functionTypes type indices of all functions, imported ones first
/// @param memory the only memory, or null
/// @param start index of the start function, or -1
/// @param bodies start and end of each defined function's body, flattened
/// @param dataCount the data count section's value, or -1
/// @param functionExports indices of exported functions by export name
/// @param functionNames of the name section, for messages only
public record DecodedModule(
        byte[] bytes,
        List<FunctionType> types,
        List<Ic0> imports,
        int[] functionTypes,
        List<TableType> tables,
        @Nullable MemoryType memory,
        List<GlobalType> globals,
        SortedMap<String, Integer> functionExports,
        SortedMap<String, MethodKind> methods,
        List<SystemMethod> systemMethods,
        int start,
        List<ElementSegment> elements,
        List<DataSegment> data,
        int dataCount,
        int[] bodies,
        boolean[] declaredFunctions,
        List<CustomSection> customSections,
        SortedMap<Integer, String> functionNames) {

    /// Parameters and results by the codes of [ValueTypes].
    public record FunctionType(int[] parameters, int[] results) {}

    /// Elements of one type; `max` is -1 when there is none.
    public record TableType(int elementType, long min, long max, boolean index64) {}

    /// Pages of 64 KiB; `max` is -1 when there is none.
    public record MemoryType(long min, long max, boolean index64) {}

    /// A global and its initial value as bits (references: a function's index, -1 is null).
    public record GlobalType(int type, boolean mutable, long initial, boolean isFunction) {}

    /// How a segment comes into being.
    public enum SegmentMode {
        /// Copied at instantiation.
        ACTIVE,
        /// Copied by instructions.
        PASSIVE,
        /// Only declares functions.
        DECLARATIVE
    }

    /// Functions (or -1 for null) for a table.
    public record ElementSegment(
            SegmentMode mode, int table, long offset, int elementType, int[] functions) {}

    /// Bytes `from` to `to` of the module, for the memory.
    public record DataSegment(SegmentMode mode, long offset, int from, int to) {}

    /// The number of imported functions.
    public int importCount() {
        return imports.size();
    }

    /// The type of any function.
    public FunctionType typeOf(int function) {
        return types.get(functionTypes[function]);
    }

    /// Whether the memory is 64-bit.
    public boolean memory64() {
        return memory != null && memory.index64();
    }

    /// A function's name for a message: `17 (name)` or just its index.
    public String describe(int function) {
        String name = functionNames.get(function);
        return name == null ? Integer.toString(function) : function + " (" + name + ")";
    }
}
