package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.ValueTypes.EXTERNREF;
import static icj.execution.wasm.binary.ValueTypes.FUNCREF;
import static icj.execution.wasm.binary.ValueTypes.I32;
import static icj.execution.wasm.binary.ValueTypes.I64;

import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.binary.DecodedModule.FunctionType;
import icj.execution.wasm.binary.DecodedModule.GlobalType;
import icj.execution.wasm.binary.DecodedModule.TableType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Validates all bodies of a decoded module and writes the module that the engine compiles: lowered
/// to 32 bits (R-E4), metered (R-E2), with depth (R-E5) and canonical NaN (R-E6), table
/// instructions as calls, data segments passive and empty (the runtime copies the bytes), no
/// elements (the runtime fills the tables), no start section, no exports.
///
/// Markers are atomic stores, which no guest can contain (R-E11 refuses threads):
/// `i32.atomic.store` of a price takes instructions, `i64.atomic.store` of a frame's size (negative
/// to give back) counts the depth.
public final class ModuleRewriter {
    /// The sentence for a function beyond the JVM's limit for one method, with its name (R-E9).
    public static final String TOO_LARGE =
            "Function %s is too large for this replica: its code would exceed the JVM's 64 KiB for"
                    + " one method; split it, or compile the canister with optimisation for size";

    private static final int METHOD_BYTES_MAX = 65_535;

    private final DecodedModule module;
    private final List<FunctionType> types;
    private final List<AddedImport> added = new ArrayList<>();
    private final List<Helper> helpers = new ArrayList<>();

    private record AddedImport(EngineImport function, int variant, int type) {}

    /// Functions appended to the module.
    enum Helper {
        /// `i64 -> i32`: an address, out of bounds when it has a high word.
        ADDRESS,
        /// `i64 -> i32`: a table index, of no element when it is too large.
        INDEX,
        /// `i64 -> i64`: memory.grow
        GROW
    }

    private ModuleRewriter(DecodedModule module) {
        this.module = module;
        this.types = new ArrayList<>(module.types());
    }

    /// Validates and rewrites.
    public static RewrittenModule rewrite(DecodedModule module) throws InvalidModuleException {
        return new ModuleRewriter(module).run();
    }

    private RewrittenModule run() throws InvalidModuleException {
        FunctionAnalysis analysis = new FunctionAnalysis(module);
        int imports = module.importCount();
        int defined = module.functionTypes().length - imports;
        // Which imports are added must be known before the first call is written.
        EngineCalls calls = new EngineCalls(this, module);
        for (int i = 0; i < defined; i++) {
            analysis.analyze(imports + i);
            if (analysis.methodBytesMin > METHOD_BYTES_MAX) {
                // Found here, since the engine would take minutes to find it.
                throw new InvalidModuleException(
                        String.format(TOO_LARGE, module.describe(imports + i)));
            }
            calls.collect(analysis);
        }
        long instructions = analysis.instructions;
        WasmWriter code = new WasmWriter(64 << 10);
        FunctionRewriter rewriter = new FunctionRewriter(this, module, calls, analysis);
        for (int i = 0; i < defined; i++) {
            analysis.analyze(imports + i);
            code.sized(rewriter.rewrite(imports + i));
        }
        for (Helper helper : helpers) {
            code.sized(body(helper));
        }
        return new RewrittenModule(
                assemble(code, defined), added.size(), instructions, analysis.changesTables());
    }

    DecodedModule module() {
        return module;
    }

    /// The index of a type, which is added when the module lacks it.
    int type(int[] parameters, int[] results) {
        for (int i = 0; i < types.size(); i++) {
            FunctionType type = types.get(i);
            if (Arrays.equals(type.parameters(), parameters)
                    && Arrays.equals(type.results(), results)) {
                return i;
            }
        }
        types.add(new FunctionType(parameters, results));
        return types.size() - 1;
    }

    /// The index of an imported engine function, added when new; only before the first body is
    /// written.
    int engineImport(EngineImport function, int variant, int[] parameters, int[] results) {
        for (int i = 0; i < added.size(); i++) {
            if (added.get(i).function == function && added.get(i).variant == variant) {
                return module.importCount() + i;
            }
        }
        added.add(new AddedImport(function, variant, type(parameters, results)));
        return module.importCount() + added.size() - 1;
    }

    /// The index of a helper function in the rewritten module.
    int helper(Helper helper) {
        int place = helpers.indexOf(helper);
        if (place < 0) {
            place = helpers.size();
            helpers.add(helper);
        }
        return module.functionTypes().length + added.size() + place;
    }

    /// The index of an original function in the rewritten module.
    int function(int original) {
        return original < module.importCount() ? original : original + added.size();
    }

    private WasmWriter body(Helper helper) {
        WasmWriter out = new WasmWriter(32);
        out.unsigned(0);
        out.u8(0x20).unsigned(0).u8(0x42);
        out.signed(helper == Helper.INDEX ? Integer.MAX_VALUE : 0xffffffffL);
        // i64.gt_u, if
        out.u8(0x56).u8(0x04);
        switch (helper) {
            case ADDRESS -> {
                // A load that is out of bounds in every memory.
                out.u8(0x40).u8(0x41).signed(-1).u8(0x29).unsigned(3).unsigned(0x7ffffff0L);
                out.u8(0x1a).u8(0x0b).u8(0x20).unsigned(0).u8(0xa7);
            }
            case INDEX -> {
                out.u8(I32).u8(0x41).signed(-1);
                out.u8(0x05).u8(0x20).unsigned(0).u8(0xa7).u8(0x0b);
            }
            case GROW -> {
                out.u8(I64).u8(0x42).signed(-1).u8(0x05);
                out.u8(0x20).unsigned(0).u8(0xa7).u8(0x40).u8(0).u8(0xac).u8(0x0b);
            }
        }
        return out.u8(0x0b);
    }

    private FunctionType type(Helper helper) {
        return new FunctionType(new int[] {I64}, new int[] {helper == Helper.GROW ? I64 : I32});
    }

    private byte[] assemble(WasmWriter code, int defined) {
        WasmWriter out = new WasmWriter(code.size() + (16 << 10));
        out.raw(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        WasmWriter functions = functionSection(defined);
        out.section(1, typeSection());
        out.section(2, importSection());
        out.section(3, functions);
        if (!module.tables().isEmpty()) {
            out.section(4, tableSection());
        }
        // The runtime gives the memory its size; it is there even if the guest has none, to hold
        // fuel and depth.
        out.section(5, new WasmWriter(16).unsigned(1).u8(0).unsigned(0));
        if (!module.globals().isEmpty()) {
            out.section(6, globalSection());
        }
        out.section(9, elementSection());
        if (!module.data().isEmpty()) {
            out.section(12, new WasmWriter(16).unsigned(module.data().size()));
        }
        WasmWriter bodies = new WasmWriter(code.size() + 16);
        bodies.unsigned(defined + helpers.size()).append(code);
        out.section(10, bodies);
        if (!module.data().isEmpty()) {
            WasmWriter data = new WasmWriter(16);
            data.unsigned(module.data().size());
            for (int i = 0; i < module.data().size(); i++) {
                data.unsigned(1).unsigned(0);
            }
            out.section(11, data);
        }
        return out.toBytes();
    }

    private WasmWriter typeSection() {
        WasmWriter out = new WasmWriter(1024);
        out.unsigned(types.size());
        for (FunctionType type : types) {
            out.u8(0x60);
            values(out, type.parameters());
            values(out, type.results());
        }
        return out;
    }

    private static void values(WasmWriter out, int[] list) {
        out.unsigned(list.length);
        for (int type : list) {
            out.u8(type);
        }
    }

    private WasmWriter importSection() {
        WasmWriter out = new WasmWriter(1024);
        out.unsigned(module.importCount() + added.size());
        for (int i = 0; i < module.importCount(); i++) {
            // The same function may be imported twice with one name: each gets its own.
            name(out, "ic0");
            name(out, module.imports().get(i).importName() + "." + i);
            out.u8(0).unsigned(module.functionTypes()[i]);
        }
        for (AddedImport function : added) {
            name(out, EngineImport.MODULE);
            name(out, function.function.importName(function.variant));
            out.u8(0).unsigned(function.type);
        }
        return out;
    }

    private static void name(WasmWriter out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.unsigned(bytes.length).raw(bytes);
    }

    private WasmWriter functionSection(int defined) {
        WasmWriter out = new WasmWriter(defined * 2 + 16);
        out.unsigned(defined + helpers.size());
        for (int i = 0; i < defined; i++) {
            out.unsigned(module.functionTypes()[module.importCount() + i]);
        }
        for (Helper helper : helpers) {
            FunctionType type = type(helper);
            out.unsigned(type(type.parameters(), type.results()));
        }
        return out;
    }

    private WasmWriter tableSection() {
        WasmWriter out = new WasmWriter(64);
        out.unsigned(module.tables().size());
        for (TableType table : module.tables()) {
            out.u8(table.elementType()).u8(1);
            out.unsigned(table.min()).unsigned(Math.max(table.min(), table.max()));
        }
        return out;
    }

    private WasmWriter globalSection() {
        WasmWriter out = new WasmWriter(1024);
        out.unsigned(module.globals().size());
        for (GlobalType global : module.globals()) {
            out.u8(global.type()).u8(global.mutable() ? 1 : 0);
            switch (global.type()) {
                case I32 -> out.u8(0x41).signed((int) global.initial());
                case I64 -> out.u8(0x42).signed(global.initial());
                case ValueTypes.F32 -> littleEndian(out.u8(0x43), global.initial(), 4);
                case ValueTypes.F64 -> littleEndian(out.u8(0x44), global.initial(), 8);
                default -> reference(out, global.type(), (int) global.initial());
            }
            out.u8(0x0b);
        }
        return out;
    }

    private static void littleEndian(WasmWriter out, long value, int size) {
        for (int i = 0; i < size; i++) {
            out.u8((int) (value >>> (8 * i)));
        }
    }

    private void reference(WasmWriter out, int type, int function) {
        if (function < 0) {
            out.u8(0xd0).u8(type == EXTERNREF ? EXTERNREF : FUNCREF);
        } else {
            out.u8(0xd2).unsigned(function(function));
        }
    }

    /// One segment, which declares the functions that `ref.func` names. The original's are left
    /// out: the engine would hold an object for each element, the runtime fills tables itself.
    private WasmWriter elementSection() {
        int count = 0;
        WasmWriter list = new WasmWriter(1024);
        for (int i = 0; i < module.declaredFunctions().length; i++) {
            if (module.declaredFunctions()[i]) {
                list.unsigned(function(i));
                count++;
            }
        }
        return new WasmWriter(16).unsigned(1).unsigned(3).u8(0).unsigned(count).append(list);
    }
}
