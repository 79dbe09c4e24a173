package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.DataSegment;

/// The engine's interface of a memory, as its interpreter uses it, by what [PagedMemory] does for
/// generated code: addresses are unsigned (R-E3), an atomic write of 32 bits takes instructions and
/// one of 64 bits counts depth (ADR 4).
///
/// Public for generated code only.
public abstract class EngineMemory implements Memory {
    private static final long UNSIGNED = 0xffffffffL;

    EngineMemory() {}

    /// Takes instructions.
    public abstract void charge(int cost);

    /// Enters a frame of so many bytes, or leaves it when negative (R-E5).
    public abstract void frame(long bytes);

    /// Loads 8 bits.
    public abstract byte loadByte(int base, int offset);

    /// Loads 16 bits.
    public abstract short loadShort(int base, int offset);

    /// Loads 32 bits.
    public abstract int loadInt(int base, int offset);

    /// Loads 64 bits.
    public abstract long loadLong(int base, int offset);

    /// Stores 8 bits.
    public abstract void storeByte(int base, byte value, int offset);

    /// Stores 16 bits.
    public abstract void storeShort(int base, short value, int offset);

    /// Stores 32 bits.
    public abstract void storeInt(int base, int value, int offset);

    /// Stores 64 bits.
    public abstract void storeLong(int base, long value, int offset);

    abstract byte[] copyOut(long address, int size);

    abstract void copyIn(long address, byte[] from, int offset, int size);

    @Override
    public int initialPages() {
        return 0;
    }

    @Override
    public int maximumPages() {
        return 1 << 16;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        // The runtime copies active data itself.
    }

    @Override
    public void zero() {
        // Attached memories have their content already.
    }

    @Override
    public void atomicWriteInt(int addr, int value) {
        charge(value);
    }

    @Override
    public void atomicWriteLong(int addr, long value) {
        frame(value);
    }

    @Override
    public void write(int addr, byte[] data, int offset, int size) {
        copyIn(addr & UNSIGNED, data, offset, size);
    }

    @Override
    public byte[] readBytes(int addr, int len) {
        return copyOut(addr & UNSIGNED, len);
    }

    @Override
    public byte read(int addr) {
        return loadByte(addr, 0);
    }

    @Override
    public short readShort(int addr) {
        return loadShort(addr, 0);
    }

    @Override
    public long readU16(int addr) {
        return loadShort(addr, 0) & 0xffff;
    }

    @Override
    public int readInt(int addr) {
        return loadInt(addr, 0);
    }

    @Override
    public long readLong(int addr) {
        return loadLong(addr, 0);
    }

    @Override
    public long readF32(int addr) {
        return loadInt(addr, 0) & UNSIGNED;
    }

    @Override
    public float readFloat(int addr) {
        return Float.intBitsToFloat(loadInt(addr, 0));
    }

    @Override
    public long readF64(int addr) {
        return loadLong(addr, 0);
    }

    @Override
    public double readDouble(int addr) {
        return Double.longBitsToDouble(loadLong(addr, 0));
    }

    @Override
    public void writeByte(int addr, byte data) {
        storeByte(addr, data, 0);
    }

    @Override
    public void writeShort(int addr, short data) {
        storeShort(addr, data, 0);
    }

    @Override
    public void writeI32(int addr, int data) {
        storeInt(addr, data, 0);
    }

    @Override
    public void writeLong(int addr, long data) {
        storeLong(addr, data, 0);
    }

    @Override
    public void writeF32(int addr, float data) {
        storeInt(addr, Float.floatToRawIntBits(data), 0);
    }

    @Override
    public void writeF64(int addr, double data) {
        storeLong(addr, Double.doubleToRawLongBits(data), 0);
    }

    private static UnsupportedOperationException noThreads() {
        return new UnsupportedOperationException("Threads are refused before (R-E11)");
    }

    @SuppressWarnings("removal") // The interface still declares it.
    @Override
    public Object lock(int address) {
        throw noThreads();
    }

    @SuppressWarnings("removal") // The interface still declares it.
    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw noThreads();
    }

    @SuppressWarnings("removal") // The interface still declares it.
    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw noThreads();
    }

    @SuppressWarnings("removal") // The interface still declares it.
    @Override
    public int notify(int address, int maxThreads) {
        throw noThreads();
    }
}
