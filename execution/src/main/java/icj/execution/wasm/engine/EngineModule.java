package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;

import icj.execution.wasm.Ic0;
import icj.execution.wasm.binary.DecodedModule;
import icj.execution.wasm.binary.DecodedModule.DataSegment;
import icj.execution.wasm.binary.DecodedModule.ElementSegment;
import icj.execution.wasm.binary.DecodedModule.FunctionType;
import icj.execution.wasm.binary.DecodedModule.GlobalType;
import icj.execution.wasm.binary.DecodedModule.SegmentMode;
import icj.execution.wasm.binary.DecodedModule.TableType;
import icj.execution.wasm.binary.EngineImport;
import icj.execution.wasm.binary.ModuleLimits;
import icj.execution.wasm.binary.ValueTypes;
import icj.state.model.MemoryKind;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A module ready to be instantiated; shared by all its instances and by canisters with equal code.
/// It holds no more of the original than instances need.
final class EngineModule {
    /// Bytes that instantiation copies to an address.
    record ActiveData(long offset, int from, int to) {}

    /// Of the heap, for a segment of data or elements: an object of ours and one or two of the
    /// engine's.
    private static final int SEGMENT_BYTES = 150;

    private static final int[] NO_ELEMENTS = {};
    private static final byte[] NO_DATA = {};

    private final Digest hash;
    private final WasmModule engine;
    private final @Nullable Function<Instance, Machine> machines;
    private final long codeBytes;
    private final boolean freshTables;
    private final List<FunctionType> types;
    private final int[] functionTypes;
    private final int importCount;
    private final int addedImports;
    private final List<TableType> tables;
    private final List<GlobalType> globals;
    private final int[] mutableGlobals;
    private final Map<String, Integer> functionExports;
    private final int start;
    private final boolean memory64;
    private final long heapPagesMin;
    private final long heapPagesMax;
    private final List<ActiveData> activeData = new ArrayList<>();
    private final byte[][] passiveData;
    private long passiveBytes;
    private final int[][] passiveElements;
    private final int[][] tableElements;
    private long elementCount;
    private final ImportValues imports;
    private final @Nullable String elementTrap;
    private final @Nullable String dataTrap;

    /// @param machines makes compiled machines; null for the interpreter
    /// @param codeBytes the size of the compiled classes
    EngineModule(
            Digest hash,
            DecodedModule decoded,
            WasmModule engine,
            @Nullable Function<Instance, Machine> machines,
            int addedImports,
            boolean freshTables,
            long codeBytes) {
        this.hash = hash;
        this.engine = engine;
        this.machines = machines;
        this.codeBytes = codeBytes;
        this.freshTables = freshTables;
        this.types = decoded.types();
        this.functionTypes = decoded.functionTypes();
        this.importCount = decoded.importCount();
        this.addedImports = addedImports;
        this.tables = decoded.tables();
        this.globals = decoded.globals();
        this.mutableGlobals = mutableGlobals(decoded.globals());
        this.functionExports = decoded.functionExports();
        this.start = decoded.start();
        this.memory64 = decoded.memory64();
        DecodedModule.MemoryType memory = decoded.memory();
        this.heapPagesMin = memory == null ? 0 : memory.min();
        this.heapPagesMax =
                memory == null ? 0 : memory.max() < 0 ? ModuleLimits.HEAP_PAGES_MAX : memory.max();
        this.passiveData = new byte[decoded.data().size()][];
        this.dataTrap = takeData(decoded);
        this.passiveElements = new int[decoded.elements().size()][];
        this.tableElements = new int[tables.size()][];
        this.elementTrap = takeElements(decoded);
        this.imports = link(decoded);
    }

    private static int[] mutableGlobals(List<GlobalType> globals) {
        int[] indices = new int[globals.size()];
        int count = 0;
        for (int i = 0; i < indices.length; i++) {
            if (globals.get(i).mutable()) {
                indices[count++] = i;
            }
        }
        return Arrays.copyOf(indices, count);
    }

    private @Nullable String takeData(DecodedModule decoded) {
        String trap = null;
        long bytes = heapPagesMin << 16;
        for (int i = 0; i < passiveData.length; i++) {
            DataSegment segment = decoded.data().get(i);
            int size = segment.to() - segment.from();
            if (segment.mode() == SegmentMode.PASSIVE) {
                passiveData[i] = Arrays.copyOfRange(decoded.bytes(), segment.from(), segment.to());
                passiveBytes += size;
                continue;
            }
            // An active segment is dropped once it was copied.
            passiveData[i] = NO_DATA;
            if (trap == null
                    && (Long.compareUnsigned(segment.offset(), bytes) > 0
                            || size > bytes - segment.offset())) {
                trap = Traps.OUT_OF_BOUNDS;
            }
            if (trap == null) {
                activeData.add(new ActiveData(segment.offset(), segment.from(), segment.to()));
            }
        }
        return trap;
    }

    private @Nullable String takeElements(DecodedModule decoded) {
        for (int i = 0; i < tableElements.length; i++) {
            tableElements[i] = new int[(int) tables.get(i).min()];
            Arrays.fill(tableElements[i], EngineTable.NULL);
            elementCount += tableElements[i].length;
        }
        String trap = null;
        for (int i = 0; i < passiveElements.length; i++) {
            ElementSegment segment = decoded.elements().get(i);
            // Other than passive ones are dropped before the first instruction.
            passiveElements[i] = NO_ELEMENTS;
            switch (segment.mode()) {
                case PASSIVE -> {
                    passiveElements[i] = new int[segment.functions().length];
                    put(segment.functions(), passiveElements[i], 0);
                    elementCount += segment.functions().length;
                }
                case ACTIVE -> {
                    int[] table = tableElements[segment.table()];
                    if (Long.compareUnsigned(segment.offset(), table.length) > 0
                            || segment.functions().length > table.length - segment.offset()) {
                        trap = Traps.TABLE_OUT_OF_BOUNDS;
                    } else {
                        put(segment.functions(), table, (int) segment.offset());
                    }
                }
                case DECLARATIVE -> {}
            }
        }
        return trap;
    }

    private void put(int[] functions, int[] elements, int at) {
        for (int i = 0; i < functions.length; i++) {
            elements[at + i] = functions[i] < 0 ? EngineTable.NULL : inEngine(functions[i]);
        }
    }

    // Linking.

    private ImportValues link(DecodedModule decoded) {
        ImportValues.Builder builder = ImportValues.builder();
        for (int i = 0; i < importCount; i++) {
            FunctionImport wanted = (FunctionImport) engine.importSection().getImport(i);
            builder.addFunction(systemFunction(decoded.imports().get(i), typeOf(i), wanted));
        }
        for (int i = importCount; i < importCount + addedImports; i++) {
            builder.addFunction(
                    engineFunction((FunctionImport) engine.importSection().getImport(i)));
        }
        return builder.build();
    }

    private HostFunction systemFunction(Ic0 function, FunctionType type, FunctionImport wanted) {
        long cost = function.cost();
        int[] parameters = type.parameters();
        boolean answers = type.results().length > 0;
        boolean narrow = answers && type.results()[0] == ValueTypes.I32;
        return new HostFunction(
                wanted.module(),
                wanted.name(),
                engine.typeSection().getType(wanted.typeIndex()),
                (instance, arguments) -> {
                    PagedMemory memory = (PagedMemory) instance.memory();
                    memory.chargeLong(cost);
                    for (int i = 0; i < parameters.length; i++) {
                        if (parameters[i] == ValueTypes.I32) {
                            arguments[i] &= 0xffffffffL;
                        }
                    }
                    long result = memory.host().call(function, arguments, memory.guest());
                    return answers ? new long[] {narrow ? (int) result : result} : null;
                });
    }

    private HostFunction engineFunction(FunctionImport wanted) {
        EngineImport function = EngineImport.of(wanted.name());
        return new HostFunction(
                wanted.module(),
                wanted.name(),
                engine.typeSection().getType(wanted.typeIndex()),
                (instance, arguments) ->
                        TableInstructions.run(function, instance, arguments, this));
    }

    // What instances ask.

    Digest hash() {
        return hash;
    }

    WasmModule engine() {
        return engine;
    }

    @Nullable Function<Instance, Machine> machines() {
        return machines;
    }

    /// Bytes of the heap and of classes that are held for this module.
    long codeBytes() {
        return codeBytes
                + passiveBytes
                + (long) Integer.BYTES * elementCount
                + (long) SEGMENT_BYTES * (passiveData.length + passiveElements.length);
    }

    /// R-E1: whether each message needs an instance of its own.
    boolean freshTables() {
        return freshTables;
    }

    ImportValues imports() {
        return imports;
    }

    /// What a table of a new instance holds, the active segments in place. Shared by all instances
    /// unless the module has instructions that change tables.
    int[] elementsOf(int table) {
        return freshTables ? tableElements[table].clone() : tableElements[table];
    }

    /// Elements that each instance has for itself: a message pays one instruction for each, since
    /// its instance is a new one.
    long ownElements() {
        long count = 0;
        for (int[] elements : tableElements) {
            count += freshTables ? elements.length : 0;
        }
        return count;
    }

    List<TableType> tables() {
        return tables;
    }

    List<GlobalType> globals() {
        return globals;
    }

    int[] mutableGlobals() {
        return mutableGlobals;
    }

    MemoryKind memoryKind() {
        return memory64 ? MemoryKind.HEAP64 : MemoryKind.HEAP;
    }

    boolean memory64() {
        return memory64;
    }

    long heapPagesMin() {
        return heapPagesMin;
    }

    long heapPagesMax() {
        return heapPagesMax;
    }

    List<ActiveData> activeData() {
        return activeData;
    }

    byte[][] passiveData() {
        return passiveData;
    }

    int[][] passiveElements() {
        return passiveElements;
    }

    /// Why no instance can be made, or null.
    @Nullable String elementTrap() {
        return elementTrap;
    }

    /// Why the active data can't be copied, or null.
    @Nullable String dataTrap() {
        return dataTrap;
    }

    /// The start function's index in the engine, or -1.
    int start() {
        return start < 0 ? -1 : inEngine(start);
    }

    /// An exported function's index in the engine, or -1.
    int export(String name) {
        Integer function = functionExports.get(name);
        return function == null ? -1 : inEngine(function);
    }

    /// Whether a function of the engine takes one environment of a callback and gives nothing.
    boolean isCallback(int engineFunction) {
        FunctionType type = typeOf(inOriginal(engineFunction));
        return type.results().length == 0
                && type.parameters().length == 1
                && type.parameters()[0] == (memory64 ? ValueTypes.I64 : ValueTypes.I32);
    }

    /// The engine's index of an original function.
    int inEngine(int original) {
        return original < importCount ? original : original + addedImports;
    }

    /// The original index of one of the engine's functions.
    int inOriginal(int engineFunction) {
        return engineFunction < importCount ? engineFunction : engineFunction - addedImports;
    }

    private FunctionType typeOf(int original) {
        return types.get(functionTypes[original]);
    }
}
