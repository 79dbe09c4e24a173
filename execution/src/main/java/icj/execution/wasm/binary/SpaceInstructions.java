package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.Opcodes.DATA_DROP;
import static icj.execution.wasm.binary.Opcodes.ELEM_DROP;
import static icj.execution.wasm.binary.Opcodes.FIRST_LOAD;
import static icj.execution.wasm.binary.Opcodes.LAST_STORE;
import static icj.execution.wasm.binary.Opcodes.MEMORY_COPY;
import static icj.execution.wasm.binary.Opcodes.MEMORY_FILL;
import static icj.execution.wasm.binary.Opcodes.MEMORY_GROW;
import static icj.execution.wasm.binary.Opcodes.MEMORY_INIT;
import static icj.execution.wasm.binary.Opcodes.MEMORY_SIZE;
import static icj.execution.wasm.binary.Opcodes.TABLE_COPY;
import static icj.execution.wasm.binary.Opcodes.TABLE_GET;
import static icj.execution.wasm.binary.Opcodes.TABLE_GROW;
import static icj.execution.wasm.binary.Opcodes.TABLE_INIT;
import static icj.execution.wasm.binary.Opcodes.TABLE_SET;
import static icj.execution.wasm.binary.Opcodes.TABLE_SIZE;
import static icj.execution.wasm.binary.Opcodes.accessType;
import static icj.execution.wasm.binary.Opcodes.isStore;
import static icj.execution.wasm.binary.Opcodes.naturalAlignment;
import static icj.execution.wasm.binary.ValueTypes.I32;
import static icj.execution.wasm.binary.ValueTypes.I64;

import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.binary.DecodedModule.TableType;

/// Validates the instructions that work on memories, tables and segments. The operands in the code
/// of the last one are kept for the rewriter.
final class SpaceInstructions {
    private final DecodedModule module;
    private final ValidationStack stack;
    private WasmReader reader;
    private long first;
    private long second;
    private boolean changesTables;

    /// @param stack of the function that is validated
    SpaceInstructions(DecodedModule module, ValidationStack stack) {
        this.module = module;
        this.stack = stack;
        this.reader = new WasmReader(module.bytes(), 0, 0);
    }

    /// Whether this opcode is one of them, loads and stores included.
    static boolean has(int code) {
        return code >= FIRST_LOAD && code <= MEMORY_GROW
                || code == TABLE_GET
                || code == TABLE_SET
                || code >= MEMORY_INIT;
    }

    /// Validates the instruction.
    ///
    /// @param code for which [#has] is true
    /// @param from stands behind the opcode
    void check(int code, WasmReader from) throws InvalidModuleException {
        reader = from;
        first = 0;
        second = 0;
        if (code >= FIRST_LOAD && code <= LAST_STORE) {
            access(code);
        } else {
            other(code);
        }
    }

    /// The first operand in the code: alignment, segment or table.
    long first() {
        return first;
    }

    /// The second one: offset or table.
    long second() {
        return second;
    }

    /// Whether one of those seen changes tables, or drops segments.
    boolean changesTables() {
        return changesTables;
    }

    private int addressType() throws InvalidModuleException {
        if (module.memory() == null) {
            throw new InvalidModuleException("there is no memory");
        }
        return module.memory64() ? I64 : I32;
    }

    private void access(int code) throws InvalidModuleException {
        int address = addressType();
        int alignment = reader.u32();
        if ((alignment & 0x40) != 0) {
            throw ModuleDecoder.refused("More than one memory");
        }
        if (alignment > naturalAlignment(code)) {
            throw new InvalidModuleException("an alignment is larger than natural");
        }
        first = alignment;
        second = reader.unsigned(module.memory64() ? 64 : 32);
        if (isStore(code)) {
            stack.pop(accessType(code));
            stack.pop(address);
        } else {
            stack.pop(address);
            stack.push(accessType(code));
        }
    }

    private void other(int code) throws InvalidModuleException {
        switch (code) {
            case TABLE_GET -> {
                int table = tableImmediate();
                stack.pop(indexType(table));
                stack.push(table(table).elementType());
            }
            case TABLE_SET -> {
                int table = tableImmediate();
                stack.pop(table(table).elementType());
                stack.pop(indexType(table));
                changesTables = true;
            }
            case MEMORY_SIZE -> {
                zeroByte();
                stack.push(addressType());
            }
            case MEMORY_GROW -> {
                zeroByte();
                stack.pop(addressType());
                stack.push(addressType());
            }
            case MEMORY_INIT -> {
                dataIndex();
                zeroByte();
                stack.pop(I32);
                stack.pop(I32);
                stack.pop(addressType());
            }
            case DATA_DROP -> {
                dataIndex();
                changesTables = true;
            }
            case MEMORY_COPY -> {
                zeroByte();
                zeroByte();
                stack.pop(addressType());
                stack.pop(addressType());
                stack.pop(addressType());
            }
            case MEMORY_FILL -> {
                zeroByte();
                stack.pop(addressType());
                stack.pop(I32);
                stack.pop(addressType());
            }
            case TABLE_INIT -> {
                int segment = elementIndex();
                int table = reader.u32();
                second = table;
                if (table(table).elementType() != module.elements().get(segment).elementType()) {
                    throw new InvalidModuleException("table.init of another type");
                }
                stack.pop(I32);
                stack.pop(I32);
                stack.pop(indexType(table));
                changesTables = true;
            }
            case ELEM_DROP -> {
                elementIndex();
                changesTables = true;
            }
            case TABLE_COPY -> {
                int target = tableImmediate();
                int source = reader.u32();
                second = source;
                if (table(target).elementType() != table(source).elementType()) {
                    throw new InvalidModuleException("table.copy of another type");
                }
                boolean wide = table(target).index64() && table(source).index64();
                stack.pop(wide ? I64 : I32);
                stack.pop(indexType(source));
                stack.pop(indexType(target));
                changesTables = true;
            }
            case TABLE_GROW -> {
                int table = tableImmediate();
                stack.pop(indexType(table));
                stack.pop(table(table).elementType());
                stack.push(indexType(table));
                changesTables = true;
            }
            case TABLE_SIZE -> stack.push(indexType(tableImmediate()));
            default -> {
                int table = tableImmediate();
                stack.pop(indexType(table));
                stack.pop(table(table).elementType());
                stack.pop(indexType(table));
                changesTables = true;
            }
        }
    }

    private void zeroByte() throws InvalidModuleException {
        addressType();
        if (reader.u8() != 0) {
            throw ModuleDecoder.refused("More than one memory");
        }
    }

    private void dataIndex() throws InvalidModuleException {
        int segment = reader.u32();
        if (module.dataCount() < 0) {
            throw new InvalidModuleException("a data segment is named without a data count");
        }
        if (segment >= module.dataCount()) {
            throw new InvalidModuleException("data segment " + segment + " is not declared");
        }
        first = segment;
    }

    private int elementIndex() throws InvalidModuleException {
        int segment = reader.u32();
        if (segment >= module.elements().size()) {
            throw new InvalidModuleException("element segment " + segment + " is not declared");
        }
        first = segment;
        return segment;
    }

    /// The type of a table that an instruction names.
    TableType table(int table) throws InvalidModuleException {
        if (table >= module.tables().size()) {
            throw new InvalidModuleException("table " + table + " is not declared");
        }
        return module.tables().get(table);
    }

    private int tableImmediate() throws InvalidModuleException {
        int table = reader.u32();
        table(table);
        first = table;
        return table;
    }

    /// The type of its indices.
    int indexType(int table) throws InvalidModuleException {
        return table(table).index64() ? I64 : I32;
    }
}
