package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.ValueTypes.EXTERNREF;
import static icj.execution.wasm.binary.ValueTypes.FUNCREF;
import static icj.execution.wasm.binary.ValueTypes.I32;
import static icj.execution.wasm.binary.ValueTypes.I64;

import icj.execution.wasm.Ic0;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.MethodKind;
import icj.execution.wasm.SystemMethod;
import icj.execution.wasm.binary.DecodedModule.DataSegment;
import icj.execution.wasm.binary.DecodedModule.ElementSegment;
import icj.execution.wasm.binary.DecodedModule.FunctionType;
import icj.execution.wasm.binary.DecodedModule.GlobalType;
import icj.execution.wasm.binary.DecodedModule.MemoryType;
import icj.execution.wasm.binary.DecodedModule.SegmentMode;
import icj.execution.wasm.binary.DecodedModule.TableType;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Takes a module apart and checks everything but the function bodies: the binary format, the
/// limits of [ModuleLimits], the allowed proposals (R-E11) and the interface's rules on imports,
/// exports and custom sections.
public final class ModuleDecoder {
    private static final byte[] MAGIC = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final String METHOD_PREFIX = "canister_";

    private final byte[] bytes;
    private final List<FunctionType> types = new ArrayList<>();
    private final List<Ic0> imports = new ArrayList<>();
    private final List<Integer> importTypes = new ArrayList<>();
    private int[] definedTypes = {};
    private final List<TableType> tables = new ArrayList<>();
    private @Nullable MemoryType memory;
    private final List<GlobalType> globals = new ArrayList<>();
    private final SortedMap<String, Integer> functionExports = new TreeMap<>();
    private final SortedMap<String, MethodKind> methods = new TreeMap<>();
    private final List<SystemMethod> systemMethods = new ArrayList<>();
    private int start = -1;
    private final List<ElementSegment> elements = new ArrayList<>();
    private final List<DataSegment> data = new ArrayList<>();
    private int dataCount = -1;
    private int[] bodies = {};
    private boolean[] declared = {};
    private final CustomSections custom = new CustomSections();
    private int segmentElements;

    private ModuleDecoder(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Decodes an unpacked binary, which nobody writes to any more.
    public static DecodedModule decode(byte[] bytes) throws InvalidModuleException {
        return new ModuleDecoder(bytes).run();
    }

    private DecodedModule run() throws InvalidModuleException {
        if (bytes.length > ModuleLimits.MODULE_BYTES_MAX) {
            throw new InvalidModuleException(
                    "The module has "
                            + bytes.length
                            + " bytes, more than the allowed "
                            + ModuleLimits.MODULE_BYTES_MAX);
        }
        if (bytes.length < MAGIC.length) {
            throw new InvalidModuleException("This is no WebAssembly module: it is too short");
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes[i] != MAGIC[i]) {
                throw new InvalidModuleException(
                        i < 4
                                ? "This is no WebAssembly module: the magic number is missing"
                                : "Only version 1 of the WebAssembly format is supported");
            }
        }
        WasmReader reader = new WasmReader(bytes, MAGIC.length, bytes.length);
        int last = 0;
        boolean code = false;
        while (!reader.atEnd()) {
            int id = reader.u8();
            WasmReader section = reader.part(reader.u32());
            if (id == 0) {
                custom.take(section);
                continue;
            }
            int order = order(id);
            if (order <= last) {
                throw new InvalidModuleException(
                        "Section " + id + " is out of order or stands twice");
            }
            last = order;
            code |= id == 10;
            section(id, section);
            section.expectEnd("section " + id);
        }
        if (!code && definedTypes.length > 0) {
            throw new InvalidModuleException("The module declares functions without code");
        }
        if (dataCount >= 0 && data.size() != dataCount) {
            throw new InvalidModuleException(
                    "The data count section differs from the data section");
        }
        checkDeclaredTotals();
        return new DecodedModule(
                bytes,
                List.copyOf(types),
                List.copyOf(imports),
                allFunctionTypes(),
                List.copyOf(tables),
                memory,
                List.copyOf(globals),
                functionExports,
                methods,
                List.copyOf(systemMethods),
                start,
                List.copyOf(elements),
                List.copyOf(data),
                dataCount,
                bodies,
                declared,
                custom.sections(),
                custom.functionNames());
    }

    private static int order(int id) throws InvalidModuleException {
        return switch (id) {
            case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> id;
            case 12 -> 10;
            case 10 -> 11;
            case 11 -> 12;
            case 13 -> throw refused("Exception handling");
            default -> throw new InvalidModuleException("Section " + id + " is unknown");
        };
    }

    /// R-E11: the sentence for what WebAssembly knows and this replica does not.
    static InvalidModuleException refused(String proposal) {
        return new InvalidModuleException(
                proposal
                        + (proposal.endsWith("s") ? " are" : " is")
                        + " not supported by this replica");
    }

    private void section(int id, WasmReader reader) throws InvalidModuleException {
        switch (id) {
            case 1 -> typeSection(reader);
            case 2 -> importSection(reader);
            case 3 -> functionSection(reader);
            case 4 -> tableSection(reader);
            case 5 -> memorySection(reader);
            case 6 -> globalSection(reader);
            case 7 -> exportSection(reader);
            case 8 -> startSection(reader);
            case 9 -> elementSection(reader);
            case 10 -> codeSection(reader);
            case 11 -> dataSection(reader);
            default -> dataCount = reader.u32();
        }
    }

    private int functionCount() {
        return imports.size() + definedTypes.length;
    }

    private int[] allFunctionTypes() {
        int[] all = new int[functionCount()];
        for (int i = 0; i < imports.size(); i++) {
            all[i] = importTypes.get(i);
        }
        System.arraycopy(definedTypes, 0, all, imports.size(), definedTypes.length);
        return all;
    }

    private FunctionType typeOf(int function) {
        int index =
                function < imports.size()
                        ? importTypes.get(function)
                        : definedTypes[function - imports.size()];
        return types.get(index);
    }

    static int valueType(int code) throws InvalidModuleException {
        if (ValueTypes.isNumber(code) || ValueTypes.isReference(code)) {
            return code;
        }
        if (code == 0x7b) {
            throw refused("SIMD");
        }
        if (code >= 0x63 && code <= 0x6e || code == 0x71 || code == 0x72 || code == 0x73) {
            throw refused("Garbage collection (typed references)");
        }
        throw new InvalidModuleException("Value type " + code + " is unknown");
    }

    private void typeSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("types", ModuleLimits.TYPES_MAX);
        for (int i = 0; i < count; i++) {
            int form = reader.u8();
            if (form != 0x60) {
                if (form >= 0x4d && form <= 0x5f) {
                    throw refused("Garbage collection (typed references)");
                }
                throw new InvalidModuleException("Type form " + form + " is unknown");
            }
            int[] parameters = valueTypes(reader, "parameters", ModuleLimits.PARAMETERS_MAX);
            types.add(
                    new FunctionType(
                            parameters, valueTypes(reader, "results", ModuleLimits.RESULTS_MAX)));
        }
    }

    private static int[] valueTypes(WasmReader reader, String what, int max)
            throws InvalidModuleException {
        int[] list = new int[reader.count(what + " of one function", max)];
        for (int i = 0; i < list.length; i++) {
            list[i] = valueType(reader.u8());
        }
        return list;
    }

    private void importSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("imports", ModuleLimits.IMPORTS_MAX);
        for (int i = 0; i < count; i++) {
            String module = reader.name();
            String name = reader.name();
            int kind = reader.u8();
            if (kind != 0) {
                throw new InvalidModuleException(
                        "Import '"
                                + module
                                + "' '"
                                + name
                                + "' is not a function; a canister may"
                                + " import functions of 'ic0' only");
            }
            int type = typeIndex(reader);
            Ic0 function = module.equals("ic0") ? Ic0.named(name) : null;
            if (function == null) {
                throw new InvalidModuleException(
                        "Import '" + module + "' '" + name + "' is not a function of 'ic0'");
            }
            imports.add(function);
            importTypes.add(type);
        }
    }

    private int typeIndex(WasmReader reader) throws InvalidModuleException {
        int type = reader.u32();
        if (type >= types.size()) {
            throw new InvalidModuleException("Type " + type + " is not declared");
        }
        return type;
    }

    private void functionSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("functions", ModuleLimits.FUNCTIONS_MAX);
        definedTypes = new int[count];
        for (int i = 0; i < count; i++) {
            definedTypes[i] = typeIndex(reader);
        }
        declared = new boolean[functionCount()];
    }

    private record Limits(long min, long max, boolean index64) {}

    private static Limits limits(WasmReader reader, String what) throws InvalidModuleException {
        int flags = reader.u8();
        if ((flags & 2) != 0 && flags < 8) {
            throw refused("Threads");
        }
        if (flags > 5) {
            throw new InvalidModuleException("The " + what + " has unknown limit flags " + flags);
        }
        boolean index64 = (flags & 4) != 0;
        long min = reader.unsigned(index64 ? 64 : 32);
        long max = (flags & 1) != 0 ? reader.unsigned(index64 ? 64 : 32) : -1;
        if ((flags & 1) != 0 && Long.compareUnsigned(max, min) < 0) {
            throw new InvalidModuleException("The " + what + "'s maximum is below its minimum");
        }
        return new Limits(min, max, index64);
    }

    private void tableSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("tables", ModuleLimits.TABLES_MAX);
        long total = 0;
        for (int i = 0; i < count; i++) {
            int code = reader.u8();
            if (code == 0x40) {
                throw refused("Tables with an initial value (typed references)");
            }
            int type = valueType(code);
            if (!ValueTypes.isReference(type)) {
                throw new InvalidModuleException("A table of numbers");
            }
            Limits limits = limits(reader, "table");
            if (Long.compareUnsigned(limits.min, ModuleLimits.TABLE_ELEMENTS_MAX) <= 0) {
                total += limits.min;
            } else {
                total = Long.MAX_VALUE / 2;
            }
            if (total > ModuleLimits.TABLE_ELEMENTS_MAX) {
                throw new InvalidModuleException(
                        "The tables have more than the allowed "
                                + ModuleLimits.TABLE_ELEMENTS_MAX
                                + " elements");
            }
            long max = limits.max;
            if (max < 0 || max > ModuleLimits.TABLE_ELEMENTS_MAX) {
                max = ModuleLimits.TABLE_ELEMENTS_MAX;
            }
            tables.add(new TableType(type, limits.min, max, limits.index64));
        }
    }

    private void memorySection(WasmReader reader) throws InvalidModuleException {
        int count = reader.u32();
        if (count > 1) {
            throw refused("More than one memory");
        }
        if (count == 0) {
            return;
        }
        Limits limits = limits(reader, "memory");
        long formatMax = limits.index64 ? 1L << 48 : ModuleLimits.HEAP_PAGES_MAX;
        if (Long.compareUnsigned(limits.min, formatMax) > 0
                || limits.max != -1 && Long.compareUnsigned(limits.max, formatMax) > 0) {
            throw new InvalidModuleException("The memory is larger than its addresses reach");
        }
        if (limits.min > ModuleLimits.HEAP_PAGES_MAX) {
            throw new InvalidModuleException(
                    "The memory starts with "
                            + limits.min
                            + " pages, more than the 65536 (4 GiB)"
                            + " that this replica allows");
        }
        long max = limits.max < 0 ? -1 : Math.min(limits.max, ModuleLimits.HEAP_PAGES_MAX);
        memory = new MemoryType(limits.min, max, limits.index64);
    }

    private void globalSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("globals", ModuleLimits.GLOBALS_MAX);
        for (int i = 0; i < count; i++) {
            int type = valueType(reader.u8());
            int mutability = reader.u8();
            if (mutability > 1) {
                if (mutability <= 3) {
                    throw refused("Threads");
                }
                throw new InvalidModuleException("A global's mutability is " + mutability);
            }
            Constant constant = constant(reader, type);
            globals.add(new GlobalType(type, mutability == 1, constant.bits, constant.isFunction));
        }
    }

    private record Constant(long bits, boolean isFunction) {}

    /// A constant expression of one instruction. Globals can't be named in it, since only imported
    /// ones could and no global can be imported.
    private Constant constant(WasmReader reader, int type) throws InvalidModuleException {
        int op = reader.u8();
        Constant result =
                switch (op) {
                    case 0x41 -> new Constant(reader.signed(32) & 0xffffffffL, false);
                    case 0x42 -> new Constant(reader.signed(64), false);
                    case 0x43 -> new Constant(reader.raw(4), false);
                    case 0x44 -> new Constant(reader.raw(8), false);
                    case 0xd0 -> {
                        int referenceType = valueType(reader.u8());
                        if (referenceType != type) {
                            throw new InvalidModuleException(
                                    "A constant expression has the wrong type");
                        }
                        yield new Constant(-1, false);
                    }
                    case 0xd2 -> new Constant(function(reader), true);
                    case 0x23 ->
                            throw new InvalidModuleException(
                                    "A constant expression names a global that is not imported");
                    case 0xfd -> throw refused("SIMD");
                    default ->
                            throw new InvalidModuleException(
                                    "Instruction "
                                            + op
                                            + " in a constant expression is not"
                                            + " supported by this replica");
                };
        int actual =
                switch (op) {
                    case 0x41 -> I32;
                    case 0x42 -> I64;
                    case 0x43 -> ValueTypes.F32;
                    case 0x44 -> ValueTypes.F64;
                    case 0xd2 -> FUNCREF;
                    default -> type;
                };
        if (actual != type || op == 0xd0 && !ValueTypes.isReference(type)) {
            throw new InvalidModuleException("A constant expression has the wrong type");
        }
        if (reader.u8() != 0x0b) {
            throw refused("Extended constant expressions");
        }
        return result;
    }

    /// A function's index where a reference to it is made, which declares it for `ref.func`.
    private int function(WasmReader reader) throws InvalidModuleException {
        int index = functionIndex(reader);
        declared[index] = true;
        return index;
    }

    private int functionIndex(WasmReader reader) throws InvalidModuleException {
        int index = reader.u32();
        if (index >= functionCount()) {
            throw new InvalidModuleException("Function " + index + " is not declared");
        }
        if (declared.length != functionCount()) {
            declared = new boolean[functionCount()];
        }
        return index;
    }

    private void exportSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("exports", ModuleLimits.EXPORTS_MAX);
        TreeSet<String> names = new TreeSet<>();
        int nameBytes = 0;
        for (int i = 0; i < count; i++) {
            String name = reader.name();
            int kind = reader.u8();
            if (!names.add(name)) {
                throw new InvalidModuleException("Two exports are named '" + name + "'");
            }
            if (kind != 0) {
                otherExport(reader, kind, name);
                continue;
            }
            int function = function(reader);
            functionExports.put(name, function);
            if (name.startsWith(METHOD_PREFIX)) {
                nameBytes += entryPoint(name, function);
            }
        }
        if (methods.size() > ModuleLimits.METHODS_MAX) {
            throw new InvalidModuleException(
                    "The module exports "
                            + methods.size()
                            + " methods, more than the allowed "
                            + ModuleLimits.METHODS_MAX);
        }
        if (nameBytes > ModuleLimits.METHOD_NAMES_BYTES_MAX) {
            throw new InvalidModuleException(
                    "The names of the exported methods have "
                            + nameBytes
                            + " bytes together, more"
                            + " than the allowed "
                            + ModuleLimits.METHOD_NAMES_BYTES_MAX);
        }
    }

    private void otherExport(WasmReader reader, int kind, String name)
            throws InvalidModuleException {
        int index = reader.u32();
        int known =
                switch (kind) {
                    case 1 -> tables.size();
                    case 2 -> memory == null ? 0 : 1;
                    case 3 -> globals.size();
                    case 4 -> throw refused("Exception handling");
                    default ->
                            throw new InvalidModuleException("Export kind " + kind + " is unknown");
                };
        if (index >= known) {
            throw new InvalidModuleException(
                    "Export '" + name + "' names something that is not declared");
        }
        if (name.startsWith(METHOD_PREFIX)) {
            throw new InvalidModuleException("Export '" + name + "' is not a function");
        }
    }

    /// Checks an export that starts with `canister_` and returns the bytes of its method's name.
    private int entryPoint(String export, int function) throws InvalidModuleException {
        FunctionType type = typeOf(function);
        if (type.parameters().length > 0 || type.results().length > 0) {
            throw new InvalidModuleException(
                    "Export '" + export + "' has parameters or results; entry points have none");
        }
        for (SystemMethod method : SystemMethod.values()) {
            if (method.export().equals(export)) {
                systemMethods.add(method);
                return 0;
            }
        }
        for (MethodKind kind : MethodKind.values()) {
            if (export.startsWith(kind.prefix())) {
                String method = export.substring(kind.prefix().length());
                if (methods.put(method, kind) != null) {
                    throw new InvalidModuleException(
                            "Method '" + method + "' is exported as two kinds");
                }
                return method.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        throw new InvalidModuleException(
                "Export '" + export + "' starts with 'canister_' but is no known entry point");
    }

    private void startSection(WasmReader reader) throws InvalidModuleException {
        start = functionIndex(reader);
        FunctionType type = typeOf(start);
        if (type.parameters().length > 0 || type.results().length > 0) {
            throw new InvalidModuleException("The start function has parameters or results");
        }
    }

    private void elementSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("element segments", ModuleLimits.ELEMENT_SEGMENTS_MAX);
        for (int i = 0; i < count; i++) {
            elements.add(elementSegment(reader));
        }
    }

    private ElementSegment elementSegment(WasmReader reader) throws InvalidModuleException {
        int flags = reader.u32();
        if (flags > 7) {
            throw new InvalidModuleException("An element segment has unknown flags " + flags);
        }
        boolean expressions = (flags & 4) != 0;
        SegmentMode mode =
                (flags & 1) == 0
                        ? SegmentMode.ACTIVE
                        : (flags & 2) == 0 ? SegmentMode.PASSIVE : SegmentMode.DECLARATIVE;
        int table = 0;
        long offset = 0;
        if (mode == SegmentMode.ACTIVE) {
            table = (flags & 2) != 0 ? reader.u32() : 0;
            if (table >= tables.size()) {
                throw new InvalidModuleException("Table " + table + " is not declared");
            }
            offset = constant(reader, tables.get(table).index64() ? I64 : I32).bits;
        }
        int type = FUNCREF;
        if ((flags & 3) != 0) {
            int code = reader.u8();
            if (expressions) {
                type = valueType(code);
            } else if (code != 0) {
                throw new InvalidModuleException("An element segment has unknown kind " + code);
            }
        }
        if (!ValueTypes.isReference(type)
                || mode == SegmentMode.ACTIVE && tables.get(table).elementType() != type) {
            throw new InvalidModuleException("An element segment has the wrong type");
        }
        int size = reader.count("elements in one segment", ModuleLimits.SEGMENT_ELEMENTS_MAX);
        segmentElements += size;
        if (segmentElements > ModuleLimits.SEGMENT_ELEMENTS_MAX) {
            throw new InvalidModuleException("The element segments are too long");
        }
        int[] functions = new int[size];
        for (int i = 0; i < size; i++) {
            functions[i] = expressions ? (int) constant(reader, type).bits : function(reader);
        }
        return new ElementSegment(mode, table, offset, type, functions);
    }

    private void codeSection(WasmReader reader) throws InvalidModuleException {
        if (reader.end() - reader.at() > ModuleLimits.CODE_BYTES_MAX) {
            throw new InvalidModuleException(
                    "The code section has more than the allowed "
                            + ModuleLimits.CODE_BYTES_MAX
                            + " bytes");
        }
        int count = reader.count("function bodies", ModuleLimits.FUNCTIONS_MAX);
        if (count != definedTypes.length) {
            throw new InvalidModuleException("The module declares functions without code");
        }
        bodies = new int[count * 2];
        for (int i = 0; i < count; i++) {
            WasmReader body = reader.part(reader.u32());
            bodies[2 * i] = body.at();
            bodies[2 * i + 1] = body.end();
        }
    }

    private void dataSection(WasmReader reader) throws InvalidModuleException {
        int count = reader.count("data segments", ModuleLimits.DATA_SEGMENTS_MAX);
        for (int i = 0; i < count; i++) {
            int flags = reader.u32();
            if (flags > 2) {
                throw new InvalidModuleException("A data segment has unknown flags " + flags);
            }
            long offset = 0;
            if (flags != 1) {
                int index = flags == 2 ? reader.u32() : 0;
                if (memory == null || index != 0) {
                    throw new InvalidModuleException("Memory " + index + " is not declared");
                }
                offset = constant(reader, memory.index64() ? I64 : I32).bits;
            }
            WasmReader content = reader.part(reader.u32());
            data.add(
                    new DataSegment(
                            flags == 1 ? SegmentMode.PASSIVE : SegmentMode.ACTIVE,
                            offset,
                            content.at(),
                            content.end()));
        }
    }

    private void checkDeclaredTotals() throws InvalidModuleException {
        if (declared.length != functionCount()) {
            declared = new boolean[functionCount()];
        }
        boolean memory64 = memory != null && memory.index64();
        for (int i = 0; i < imports.size(); i++) {
            checkImport(imports.get(i), types.get(importTypes.get(i)), memory64);
        }
        for (GlobalType global : globals) {
            if (global.type() == EXTERNREF && global.isFunction()) {
                throw new InvalidModuleException("A constant expression has the wrong type");
            }
        }
    }

    private static void checkImport(Ic0 function, FunctionType type, boolean memory64)
            throws InvalidModuleException {
        if (memory64 && function.only32()) {
            throw new InvalidModuleException(
                    "Import 'ic0' '" + function.importName() + "' is for 32-bit memories only");
        }
        if (!matches(function.parameters(), type.parameters(), memory64)
                || !matches(function.result(), type.results(), memory64)) {
            throw new InvalidModuleException(
                    "Import 'ic0' '" + function.importName() + "' has the wrong type");
        }
    }

    private static boolean matches(String letters, int[] types, boolean memory64) {
        if (letters.length() != types.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            int wanted =
                    switch (letters.charAt(i)) {
                        case 'i' -> I32;
                        case 'l' -> I64;
                        default -> memory64 ? I64 : I32;
                    };
            if (types[i] != wanted) {
                return false;
            }
        }
        return true;
    }
}
