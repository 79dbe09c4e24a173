package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;

import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.EntryPoint;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Instantiation;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.MessageCall;
import icj.execution.wasm.MessageResult;
import icj.execution.wasm.Trap;
import icj.execution.wasm.WasmState;
import icj.execution.wasm.binary.DecodedModule.GlobalType;
import icj.execution.wasm.binary.ValueTypes;
import icj.state.model.PageMap;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One instance, which runs one message at a time and is brought to any state before.
final class EngineInstance {
    /// R-E5: bytes of frames.
    private static final long DEPTH_BYTES_MAX = 64L << 20;

    private static final long[] NO_ARGUMENTS = {};
    private static final byte[] NO_BYTES = {};

    private final EngineModule module;
    private final PagedMemory memory;
    private final Instance instance;
    private final Machine machine;

    /// What memory and globals show now, or null if that is no state.
    private @Nullable WasmState shown;

    EngineInstance(EngineModule module, Path spillDirectory) {
        this.module = module;
        this.memory = new PagedMemory(module, PageMap.empty(module.memoryKind()), spillDirectory);
        Invariant.check(module.elementTrap() == null, "A module without instances has one");
        int[] next = {0};
        Instance.Builder builder =
                Instance.builder(module.engine())
                        .withImportValues(module.imports())
                        .withMemoryFactory(limits -> memory)
                        .withTableFactory((table, initial) -> {
                            int index = next[0]++;
                            return new EngineTable(
                                    table,
                                    module.elementsOf(index),
                                    module.tables().get(index).max());
                        })
                        .withStart(false);
        if (module.machines() != null) {
            builder.withMachineFactory(module.machines());
        }
        this.instance = builder.build();
        this.machine = instance.getMachine();
    }

    EngineModule module() {
        return module;
    }

    int pagesHeld() {
        return memory.pagesHeld();
    }

    int spillsHeld() {
        return memory.spillsHeld();
    }

    /// Whether a message on this state finds everything in place.
    boolean shows(WasmState state) {
        WasmState now = shown;
        return now != null
                && now.heap() == state.heap()
                && now.heapPages() == state.heapPages()
                && now.globals().equals(state.globals());
    }

    /// Whether it may serve another message: R-E1 wants new tables where they may have changed, and
    /// the interpreter keeps operands of a message that trapped.
    boolean reusable() {
        return shown != null && !module.freshTables();
    }

    MessageResult run(MessageCall call) {
        Trap trap = null;
        WasmState after = call.before();
        int dirtyPages;
        memory.begin(
                call.instructionLimit(),
                DEPTH_BYTES_MAX,
                call.heapPagesMax(),
                call.writtenBytesMax(),
                call.host());
        try {
            memory.chargeLong(module.ownElements());
            prepare(call);
            if (call.instantiation() != Instantiation.NONE) {
                instantiate(call);
            }
            enter(call.entry());
        } catch (RuntimeException | StackOverflowError thrown) {
            trap = Traps.of(thrown);
        } finally {
            memory.end();
        }
        dirtyPages = memory.dirtyPages();
        long instructions = memory.instructionsUsed();
        if (trap != null) {
            undo(call);
        } else if (call.keep()) {
            after = capture(memory.commit(), call.before());
            shown = after;
        } else {
            after = peek(call);
        }
        memory.leaveSpills();
        return new MessageResult(trap, instructions, after, dirtyPages);
    }

    // Before.

    private void prepare(MessageCall call) {
        WasmState before = call.before();
        switch (call.instantiation()) {
            case NONE -> {
                if (!shows(before)) {
                    shown = null;
                    memory.attach(before.heap(), before.heapPages());
                    restoreGlobals(before.globals());
                    shown = before;
                }
            }
            case FRESH -> {
                shown = null;
                memory.attach(PageMap.empty(module.memoryKind()), module.heapPagesMin());
                initialGlobals();
            }
            case KEEP_HEAP -> {
                shown = null;
                if (before.heap().kind() != module.memoryKind()) {
                    throw new GuestTrap(
                            Trap.CONTRACT_VIOLATION,
                            "the heap can't be kept: one module's memory is 64-bit, the other's is"
                                    + " not");
                }
                memory.attach(before.heap(), Math.max(before.heapPages(), module.heapPagesMin()));
                initialGlobals();
            }
        }
        if (memory.wasmPages() > call.heapPagesMax()
                && call.instantiation() != Instantiation.NONE) {
            throw new GuestTrap(
                    Trap.OUT_OF_MEMORY, "the module's memory is larger than it is allowed to be");
        }
    }

    private void instantiate(MessageCall call) {
        if (call.instantiation() == Instantiation.FRESH) {
            String problem = module.dataTrap();
            byte[] binary = module.activeData().isEmpty() ? NO_BYTES : binary(call.module());
            for (EngineModule.ActiveData data : module.activeData()) {
                memory.copyIn(data.offset(), binary, data.from(), data.to() - data.from());
            }
            if (problem != null) {
                throw Traps.trap(problem);
            }
        }
        if (module.start() >= 0) {
            machine.call(module.start(), NO_ARGUMENTS);
        }
    }

    /// The module as it was decoded: unpacked again, since its data are only needed here.
    private static byte[] binary(CanisterModule module) {
        try {
            return Unpacking.unpack(module.wasm());
        } catch (InvalidModuleException e) {
            throw Traps.violation("A module that was loaded once can be unpacked again", e);
        }
    }

    private void enter(EntryPoint entry) {
        switch (entry) {
            case EntryPoint.Export(String name) -> {
                int function = module.export(name);
                if (function >= 0) {
                    machine.call(function, NO_ARGUMENTS);
                }
            }
            case EntryPoint.TableFunction(long index, long environment) -> {
                int function = callback(index);
                machine.call(function, new long[] {environment});
            }
            case EntryPoint.OnlyStart() -> {}
        }
    }

    private int callback(long index) {
        if (module.tables().isEmpty()
                || module.tables().get(0).elementType() != ValueTypes.FUNCREF) {
            throw new GuestTrap(Trap.FUNCTION_NOT_FOUND, "the module has no table of functions");
        }
        EngineTable table = (EngineTable) instance.table(0);
        int function =
                Long.compareUnsigned(index, table.size()) < 0 ? table.get(index) : EngineTable.NULL;
        if (function == EngineTable.NULL) {
            throw new GuestTrap(
                    Trap.FUNCTION_NOT_FOUND,
                    "table element " + Long.toUnsignedString(index) + " is no function");
        }
        if (!module.isCallback(function)) {
            throw new GuestTrap(
                    Trap.FUNCTION_NOT_FOUND,
                    "table element "
                            + Long.toUnsignedString(index)
                            + " is a function of a type that callbacks don't have");
        }
        return function;
    }

    // After.

    private void undo(MessageCall call) {
        memory.rollback();
        memory.closeSpills();
        if (machine instanceof InterpreterMachine) {
            // Its stacks still hold what the message left.
            shown = null;
        } else if (call.instantiation() == Instantiation.NONE && shown != null) {
            restoreGlobals(call.before().globals());
        } else {
            shown = null;
        }
    }

    /// The state that a message without effect reached; the instance goes back to the one before.
    private WasmState peek(MessageCall call) {
        WasmState reached = null;
        if (memory.dirtyPages() > 0
                || memory.wasmPages() != call.before().heapPages()
                || call.instantiation() != Instantiation.NONE) {
            PageMap base = memory.base();
            PageMap heap = memory.written();
            reached = capture(heap, call.before());
            Invariant.check(memory.base() == base, "Looking at a memory changes nothing");
            memory.rollback();
        } else {
            reached = capture(memory.base(), call.before());
        }
        if (call.instantiation() == Instantiation.NONE) {
            if (!reached.globals().equals(call.before().globals())) {
                restoreGlobals(call.before().globals());
            }
        } else {
            shown = null;
        }
        return reached;
    }

    private WasmState capture(PageMap heap, WasmState before) {
        int[] mutable = module.mutableGlobals();
        List<Long> old = before.globals();
        boolean same = old.size() == mutable.length;
        for (int i = 0; same && i < mutable.length; i++) {
            same = old.get(i) == global(mutable[i]);
        }
        List<Long> values = old;
        if (!same) {
            values = new ArrayList<>(mutable.length);
            for (int index : mutable) {
                values.add(global(index));
            }
        }
        if (same && heap == before.heap() && memory.wasmPages() == before.heapPages()) {
            return before;
        }
        return new WasmState(heap, memory.wasmPages(), values);
    }

    // Globals.

    private long global(int index) {
        long value = instance.global(index).getValue();
        return switch (module.globals().get(index).type()) {
            case ValueTypes.I32, ValueTypes.F32 -> value & 0xffffffffL;
            case ValueTypes.FUNCREF ->
                    (int) value == EngineTable.NULL ? -1 : module.inOriginal((int) value);
            case ValueTypes.EXTERNREF -> -1;
            default -> value;
        };
    }

    private void setGlobal(int index, long bits) {
        GlobalType type = module.globals().get(index);
        long value =
                switch (type.type()) {
                    case ValueTypes.FUNCREF ->
                            bits < 0 ? EngineTable.NULL : module.inEngine((int) bits);
                    case ValueTypes.I32, ValueTypes.F32 -> (int) bits;
                    default -> bits;
                };
        instance.global(index).setValue(value);
    }

    private void restoreGlobals(List<Long> values) {
        int[] mutable = module.mutableGlobals();
        Invariant.check(values.size() == mutable.length, "A state has globals of another module");
        for (int i = 0; i < mutable.length; i++) {
            setGlobal(mutable[i], values.get(i));
        }
    }

    private void initialGlobals() {
        for (int index : module.mutableGlobals()) {
            setGlobal(index, module.globals().get(index).initial());
        }
    }
}
