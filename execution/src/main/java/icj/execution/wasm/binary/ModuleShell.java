package icj.execution.wasm.binary;

import icj.execution.wasm.InvalidModuleException;

/// A module without its code: each body is replaced by `unreachable`. The engine needs types,
/// imports, tables and globals of a module whose code it has as classes; parsing the code again
/// would take most of the loading time. The elements, which only declare functions, are left out.
public final class ModuleShell {
    private static final byte[] BODY = {3, 0, 0, 0x0b};

    private ModuleShell() {}

    /// The shell of a rewritten module.
    public static byte[] of(byte[] binary) {
        WasmWriter out = new WasmWriter(binary.length / 4 + 1024);
        out.raw(binary, 0, 8);
        try {
            WasmReader reader = new WasmReader(binary, 8, binary.length);
            while (!reader.atEnd()) {
                int from = reader.at();
                int id = reader.u8();
                WasmReader section = reader.part(reader.u32());
                if (id == 9) {
                    continue;
                }
                if (id != 10) {
                    out.raw(binary, from, reader.at());
                    continue;
                }
                int count = section.u32();
                WasmWriter code = new WasmWriter(count * BODY.length + 8);
                code.unsigned(count);
                for (int i = 0; i < count; i++) {
                    code.raw(BODY);
                }
                out.section(10, code);
            }
        } catch (InvalidModuleException e) {
            throw new IllegalArgumentException("Not a module of the rewriter", e);
        }
        return out.toBytes();
    }
}
