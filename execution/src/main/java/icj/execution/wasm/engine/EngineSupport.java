package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;

import icj.types.Invariant;

/// What generated code calls. The compiler copies this class under another name into the classes of
/// each module, in place of its own support class (R-E7), so that memory access, fuel and depth are
/// ours and the interrupt polls are gone.
///
/// Names and types of the methods are those that the compiler emits. No lambdas and no string
/// concatenation here: the class is copied alone.
public final class EngineSupport {
    private EngineSupport() {}

    /// R-E2: the marker that takes instructions.
    public static void memoryAtomicIntWrite(int base, int value, int offset, Memory memory) {
        ((PagedMemory) memory).charge(value);
    }

    /// R-E5: the marker that counts depth.
    public static void memoryAtomicLongWrite(int base, long value, int offset, Memory memory) {
        ((PagedMemory) memory).frame(value);
    }

    /// Loads 8 bits.
    public static byte memoryReadByte(int base, int offset, Memory memory) {
        return ((PagedMemory) memory).loadByte(base, offset);
    }

    /// Loads 16 bits.
    public static short memoryReadShort(int base, int offset, Memory memory) {
        return ((PagedMemory) memory).loadShort(base, offset);
    }

    /// Loads 32 bits.
    public static int memoryReadInt(int base, int offset, Memory memory) {
        return ((PagedMemory) memory).loadInt(base, offset);
    }

    /// Loads 64 bits.
    public static long memoryReadLong(int base, int offset, Memory memory) {
        return ((PagedMemory) memory).loadLong(base, offset);
    }

    /// Loads a float by its bits.
    public static float memoryReadFloat(int base, int offset, Memory memory) {
        return Float.intBitsToFloat(((PagedMemory) memory).loadInt(base, offset));
    }

    /// Loads a double by its bits.
    public static double memoryReadDouble(int base, int offset, Memory memory) {
        return Double.longBitsToDouble(((PagedMemory) memory).loadLong(base, offset));
    }

    /// Stores 8 bits.
    public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
        ((PagedMemory) memory).storeByte(base, value, offset);
    }

    /// Stores 16 bits.
    public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
        ((PagedMemory) memory).storeShort(base, value, offset);
    }

    /// Stores 32 bits.
    public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
        ((PagedMemory) memory).storeInt(base, value, offset);
    }

    /// Stores 64 bits.
    public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
        ((PagedMemory) memory).storeLong(base, value, offset);
    }

    /// Stores a float by its bits.
    public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
        ((PagedMemory) memory).storeInt(base, Float.floatToRawIntBits(value), offset);
    }

    /// Stores a double by its bits.
    public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
        ((PagedMemory) memory).storeLong(base, Double.doubleToRawLongBits(value), offset);
    }

    /// memory.copy
    public static void memoryCopy(int destination, int offset, int size, Memory memory) {
        memory.copy(destination, offset, size);
    }

    /// memory.fill
    public static void memoryFill(int offset, byte value, int size, Memory memory) {
        memory.fill(value, offset, offset + size);
    }

    /// memory.init
    public static void memoryInit(
            int destination, int offset, int size, int segmentId, Memory memory) {
        memory.initPassiveSegment(segmentId, destination, offset, size);
    }

    /// memory.grow
    public static int memoryGrow(int size, Memory memory) {
        return memory.grow(size);
    }

    /// memory.size
    public static int memoryPages(Memory memory) {
        return memory.pages();
    }

    /// table.size
    public static int tableSize(int tableIndex, Instance instance) {
        return instance.table(tableIndex).size();
    }

    /// ref.is_null
    public static boolean isRefNull(int ref) {
        return ref == -1;
    }

    /// global.get
    public static long readGlobal(int index, Instance instance) {
        return instance.global(index).getValue();
    }

    /// global.set
    public static void writeGlobal(long value, int index, Instance instance) {
        instance.global(index).setValue(value);
    }

    /// global.get of a reference.
    public static int readGlobalRef(int index, Instance instance) {
        return (int) instance.global(index).getValue();
    }

    /// A call of an imported function.
    public static long[] callHostFunction(Instance instance, int funcId, long[] args) {
        return instance.imports().function(funcId).handle().apply(instance, args);
    }

    /// An indirect call into another module, of which there are none.
    public static long[] callIndirect(long[] args, int typeId, int funcId, Instance instance) {
        throw new Invariant.Violation("Tables hold functions of their own module only");
    }

    /// A comparison that the compiler routes through its support class.
    public static int i32_ge_u(int a, int b) {
        return Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
    }

    /// Interrupts are not for guests: time is counted in instructions.
    public static void checkInterruption() {}

    /// The end of the JVM's stack, which the depth rule keeps away.
    public static RuntimeException throwCallStackExhausted(StackOverflowError e) {
        throw e;
    }

    /// A call of a function of another type.
    public static RuntimeException throwIndirectCallTypeMismatch() {
        throw Traps.trap(Traps.SIGNATURE);
    }

    /// An address that no memory has.
    public static RuntimeException throwOutOfBoundsMemoryAccess() {
        throw Traps.trap(Traps.OUT_OF_BOUNDS);
    }

    /// unreachable
    public static RuntimeException throwTrapException() {
        throw Traps.trap(Traps.UNREACHABLE);
    }

    /// A function index that the module lacks.
    public static RuntimeException throwUnknownFunction(int index) {
        throw new Invariant.Violation("Generated code calls a function that does not exist");
    }
}
