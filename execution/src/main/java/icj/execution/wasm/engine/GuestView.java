package icj.execution.wasm.engine;

import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.SpillFile;
import icj.execution.wasm.Trap;

/// A memory as System API functions see it.
final class GuestView implements Guest {
    /// Bytes that one read may ask for: more fits no System API call, and the answer takes heap.
    private static final long READ_BYTES_MAX = 64L << 20;

    private final PagedMemory memory;

    GuestView(PagedMemory memory) {
        this.memory = memory;
    }

    @Override
    public byte[] read(long address, long size) {
        memory.check(address, size);
        if (size > READ_BYTES_MAX) {
            throw new GuestTrap(
                    Trap.MEMORY_ACCESS_LIMIT,
                    "a System API call reads more than " + READ_BYTES_MAX + " bytes");
        }
        return memory.copyOut(address, (int) size);
    }

    @Override
    public void write(long address, byte[] bytes) {
        memory.copyIn(address, bytes, 0, bytes.length);
    }

    @Override
    public void write(long address, byte[] bytes, int offset, int size) {
        if (offset < 0 || size < 0 || size > bytes.length - offset) {
            throw new GuestTrap(
                    Trap.CONTRACT_VIOLATION,
                    "a System API call copies from beyond the end of its source");
        }
        memory.copyIn(address, bytes, offset, size);
    }

    @Override
    public void check(long address, long size) {
        memory.check(address, size);
    }

    @Override
    public void charge(long instructions) {
        memory.chargeLong(instructions);
    }

    @Override
    public void takePage() {
        memory.takePage();
    }

    @Override
    public SpillFile openSpill() {
        return memory.openSpill();
    }

    @Override
    public long instructionsUsed() {
        return memory.instructionsUsed();
    }

    @Override
    public long heapPages() {
        return memory.wasmPages();
    }

    @Override
    public boolean memory64() {
        return memory.module().memory64();
    }
}
