package icj.execution.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Builds WebAssembly modules for tests. Declare imports first, then anything in any order; a
/// function may call one that is declared later by its index ([#nextFunction]).
///
/// ```java
/// WasmBuilder wasm = new WasmBuilder().memory(1);
/// int append = wasm.ic0("msg_reply_data_append");
/// int reply = wasm.ic0("msg_reply");
/// wasm.update("hello", code -> code.i32(0).i32(5).call(append).call(reply));
/// wasm.data(0, "hello");
/// byte[] module = wasm.build();
/// ```
public final class WasmBuilder {
    /// `i32`
    public static final int I32 = 0x7f;

    /// `i64`
    public static final int I64 = 0x7e;

    /// `f32`
    public static final int F32 = 0x7d;

    /// `f64`
    public static final int F64 = 0x7c;

    /// `funcref`
    public static final int FUNCREF = 0x70;

    /// `externref`
    public static final int EXTERNREF = 0x6f;

    private final boolean wide;
    private final List<byte[]> types = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<Integer> functionTypes = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<byte[]> tables = new ArrayList<>();
    private final List<byte[]> memories = new ArrayList<>();
    private final List<byte[]> globals = new ArrayList<>();
    private final List<byte[]> exports = new ArrayList<>();
    private final List<byte[]> elements = new ArrayList<>();
    private final List<byte[]> segments = new ArrayList<>();
    private final List<byte[]> customs = new ArrayList<>();
    private int start = -1;

    /// A module with 32-bit memory and tables.
    public WasmBuilder() {
        this(false);
    }

    /// A module with memory and tables of either kind.
    public WasmBuilder(boolean memory64) {
        this.wide = memory64;
    }

    /// The type of addresses: `i64` with a 64-bit memory.
    public int address() {
        return wide ? I64 : I32;
    }

    /// The index of a type, added if new.
    public int type(int[] parameters, int[] results) {
        Code out = new Code().raw(0x60);
        out.vector(parameters).vector(results);
        byte[] bytes = out.bytes();
        for (int i = 0; i < types.size(); i++) {
            if (java.util.Arrays.equals(types.get(i), bytes)) {
                return i;
            }
        }
        types.add(bytes);
        return types.size() - 1;
    }

    /// Imports a System API function with its right type and returns its index.
    public int ic0(String name) {
        Ic0 function = Ic0.named(name);
        return importFunction(
                "ic0", name, letters(function.parameters()), letters(function.result()));
    }

    private int[] letters(String letters) {
        int[] list = new int[letters.length()];
        for (int i = 0; i < list.length; i++) {
            char letter = letters.charAt(i);
            list[i] = letter == 'i' ? I32 : letter == 'l' ? I64 : address();
        }
        return list;
    }

    /// Imports any function.
    public int importFunction(String module, String name, int[] parameters, int[] results) {
        if (!bodies.isEmpty()) {
            throw new IllegalStateException("Imports come before functions");
        }
        imports.add(
                new Code()
                        .name(module)
                        .name(name)
                        .raw(0)
                        .unsigned(type(parameters, results))
                        .bytes());
        return imports.size() - 1;
    }

    /// The index that the next function gets.
    public int nextFunction() {
        return imports.size() + bodies.size();
    }

    /// Adds a function and returns its index; the code's last `end` is added.
    public int function(int[] parameters, int[] results, int[] locals, Consumer<Code> body) {
        return function(type(parameters, results), locals, body);
    }

    /// The same with the type's index.
    public int function(int type, int[] locals, Consumer<Code> body) {
        functionTypes.add(type);
        Code code = new Code();
        code.unsigned(locals.length);
        for (int local : locals) {
            code.unsigned(1).raw(local);
        }
        body.accept(code);
        code.end();
        bodies.add(new Code().unsigned(code.bytes().length).raw(code.bytes()).bytes());
        return imports.size() + bodies.size() - 1;
    }

    /// Adds a function with a body of these bytes, locals included.
    public int rawFunction(int type, byte[] body) {
        functionTypes.add(type);
        bodies.add(new Code().unsigned(body.length).raw(body).bytes());
        return imports.size() + bodies.size() - 1;
    }

    /// Adds and exports an update method without locals.
    public WasmBuilder update(String method, Consumer<Code> body) {
        return entry("canister_update " + method, new int[0], body);
    }

    /// Adds and exports a query method without locals.
    public WasmBuilder query(String method, Consumer<Code> body) {
        return entry("canister_query " + method, new int[0], body);
    }

    /// Adds and exports an entry point.
    public WasmBuilder entry(String export, int[] locals, Consumer<Code> body) {
        return export(export, function(new int[0], new int[0], locals, body));
    }

    /// Exports a function.
    public WasmBuilder export(String name, int function) {
        return export(name, 0, function);
    }

    /// Exports anything.
    public WasmBuilder export(String name, int kind, int index) {
        exports.add(new Code().name(name).raw(kind).unsigned(index).bytes());
        return this;
    }

    /// Adds a memory of this many pages, without a maximum.
    public WasmBuilder memory(long min) {
        memories.add(new Code().raw(wide ? 4 : 0).unsigned(min).bytes());
        return this;
    }

    /// Adds a memory with a maximum.
    public WasmBuilder memory(long min, long max) {
        memories.add(new Code().raw(wide ? 5 : 1).unsigned(min).unsigned(max).bytes());
        return this;
    }

    /// Adds a table of functions and returns its index.
    public int table(long min, long max) {
        return table(FUNCREF, min, max);
    }

    /// Adds a table and returns its index.
    public int table(int elementType, long min, long max) {
        tables.add(
                new Code().raw(elementType).raw(wide ? 5 : 1).unsigned(min).unsigned(max).bytes());
        return tables.size() - 1;
    }

    /// Adds a global with its initial value as bits and returns its index.
    public int global(int type, boolean mutable, long bits) {
        Code out = new Code().raw(type).raw(mutable ? 1 : 0);
        switch (type) {
            case I32 -> out.i32((int) bits);
            case I64 -> out.i64(bits);
            case F32 -> out.f32(Float.intBitsToFloat((int) bits));
            case F64 -> out.f64(Double.longBitsToDouble(bits));
            default -> {
                if (bits < 0) {
                    out.raw(0xd0).raw(type);
                } else {
                    out.raw(0xd2).unsigned(bits);
                }
            }
        }
        globals.add(out.end().bytes());
        return globals.size() - 1;
    }

    /// Adds elements of table 0 at an offset.
    public WasmBuilder elements(long offset, int... functions) {
        Code out = new Code().unsigned(0);
        (wide ? out.i64(offset) : out.i32((int) offset)).end().unsigned(functions.length);
        for (int function : functions) {
            out.unsigned(function);
        }
        elements.add(out.bytes());
        return this;
    }

    /// Adds a passive element segment and returns its index.
    public int passiveElements(int... functions) {
        Code out = new Code().unsigned(1).raw(0).unsigned(functions.length);
        for (int function : functions) {
            out.unsigned(function);
        }
        elements.add(out.bytes());
        return elements.size() - 1;
    }

    /// Adds a data segment at an address.
    public WasmBuilder data(long offset, String text) {
        return data(offset, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Adds a data segment at an address.
    public WasmBuilder data(long offset, byte[] bytes) {
        Code out = new Code().unsigned(0);
        (wide ? out.i64(offset) : out.i32((int) offset)).end();
        segments.add(out.unsigned(bytes.length).raw(bytes).bytes());
        return this;
    }

    /// Adds a passive data segment and returns its index.
    public int passiveData(byte[] bytes) {
        segments.add(new Code().unsigned(1).unsigned(bytes.length).raw(bytes).bytes());
        return segments.size() - 1;
    }

    /// Sets the start function.
    public WasmBuilder start(int function) {
        start = function;
        return this;
    }

    /// Adds a custom section.
    public WasmBuilder custom(String name, byte[] content) {
        customs.add(new Code().name(name).raw(content).bytes());
        return this;
    }

    /// The module's bytes.
    public byte[] build() {
        Code out = new Code().raw(0, 'a', 's', 'm', 1, 0, 0, 0);
        section(out, 1, types);
        section(out, 2, imports);
        if (!functionTypes.isEmpty()) {
            Code list = new Code().unsigned(functionTypes.size());
            for (int type : functionTypes) {
                list.unsigned(type);
            }
            section(out, 3, list);
        }
        section(out, 4, tables);
        section(out, 5, memories);
        section(out, 6, globals);
        section(out, 7, exports);
        if (start >= 0) {
            section(out, 8, new Code().unsigned(start));
        }
        section(out, 9, elements);
        if (!segments.isEmpty()) {
            section(out, 12, new Code().unsigned(segments.size()));
        }
        section(out, 10, bodies);
        section(out, 11, segments);
        for (byte[] custom : customs) {
            section(out, 0, new Code().raw(custom));
        }
        return out.bytes();
    }

    private static void section(Code out, int id, List<byte[]> items) {
        if (items.isEmpty()) {
            return;
        }
        Code list = new Code().unsigned(items.size());
        for (byte[] item : items) {
            list.raw(item);
        }
        section(out, id, list);
    }

    private static void section(Code out, int id, Code content) {
        byte[] bytes = content.bytes();
        out.raw(id).unsigned(bytes.length).raw(bytes);
    }

    /// Instructions, one after the other.
    public static final class Code {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        /// What was written.
        public byte[] bytes() {
            return out.toByteArray();
        }

        /// Instructions without immediates, or any bytes.
        public Code raw(int... bytes) {
            for (int value : bytes) {
                out.write(value);
            }
            return this;
        }

        /// Any bytes.
        public Code raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        /// An unsigned number.
        public Code unsigned(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
            return this;
        }

        /// A signed number.
        public Code signed(long value) {
            long rest = value;
            while (rest < -64 || rest > 63) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>= 7;
            }
            out.write((int) (rest & 0x7f));
            return this;
        }

        /// A name with its length.
        public Code name(String name) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            return unsigned(bytes.length).raw(bytes);
        }

        /// Types with their count.
        public Code vector(int[] list) {
            unsigned(list.length);
            for (int type : list) {
                raw(type);
            }
            return this;
        }

        /// i32.const
        public Code i32(int value) {
            return raw(0x41).signed(value);
        }

        /// i64.const
        public Code i64(long value) {
            return raw(0x42).signed(value);
        }

        /// f32.const
        public Code f32(float value) {
            int bits = Float.floatToRawIntBits(value);
            raw(0x43);
            for (int i = 0; i < 4; i++) {
                raw(bits >>> (8 * i));
            }
            return this;
        }

        /// f64.const
        public Code f64(double value) {
            long bits = Double.doubleToRawLongBits(value);
            raw(0x44);
            for (int i = 0; i < 8; i++) {
                raw((int) (bits >>> (8 * i)));
            }
            return this;
        }

        /// local.get
        public Code get(int local) {
            return raw(0x20).unsigned(local);
        }

        /// local.set
        public Code set(int local) {
            return raw(0x21).unsigned(local);
        }

        /// local.tee
        public Code tee(int local) {
            return raw(0x22).unsigned(local);
        }

        /// global.get
        public Code globalGet(int global) {
            return raw(0x23).unsigned(global);
        }

        /// global.set
        public Code globalSet(int global) {
            return raw(0x24).unsigned(global);
        }

        /// A load or store by its code, with an offset and alignment 1.
        public Code memory(int instruction, long offset) {
            return raw(instruction, 0).unsigned(offset);
        }

        /// call
        public Code call(int function) {
            return raw(0x10).unsigned(function);
        }

        /// call_indirect through table 0.
        public Code callIndirect(int type) {
            return raw(0x11).unsigned(type).raw(0);
        }

        /// block with a type: 0x40 for none, or a value type.
        public Code block(int type) {
            return raw(0x02, type);
        }

        /// loop
        public Code loop(int type) {
            return raw(0x03, type);
        }

        /// if
        public Code ifs(int type) {
            return raw(0x04, type);
        }

        /// else
        public Code elses() {
            return raw(0x05);
        }

        /// end
        public Code end() {
            return raw(0x0b);
        }

        /// br
        public Code br(int label) {
            return raw(0x0c).unsigned(label);
        }

        /// br_if
        public Code brIf(int label) {
            return raw(0x0d).unsigned(label);
        }

        /// br_table; the last label is the default.
        public Code brTable(int... labels) {
            raw(0x0e).unsigned(labels.length - 1);
            for (int label : labels) {
                unsigned(label);
            }
            return this;
        }

        /// return
        public Code ret() {
            return raw(0x0f);
        }

        /// unreachable
        public Code unreachable() {
            return raw(0x00);
        }

        /// drop
        public Code drop() {
            return raw(0x1a);
        }

        /// An instruction behind the prefix 0xfc, with immediates.
        public Code bulk(int instruction, int... immediates) {
            raw(0xfc).unsigned(instruction);
            for (int immediate : immediates) {
                unsigned(immediate);
            }
            return this;
        }

        /// Applies a part of a body.
        public Code with(Consumer<Code> part) {
            part.accept(this);
            return this;
        }
    }
}
