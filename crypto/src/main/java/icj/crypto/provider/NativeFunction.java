package icj.crypto.provider;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A function of the native library whose parameters are pointers and words.
///
/// All functions are called through one handle of seven words, since the JVM generates a dozen
/// classes for each shape of a call, at each start of a process. The C calling conventions of the
/// supported platforms (System V on x86-64, AAPCS64) let a caller pass more arguments than a
/// function takes, and leave undefined what a result does not fill: [#test] reads the low byte
/// alone.
///
/// @param address where its code is
record NativeFunction(MemorySegment address) {
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(
                                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                    JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final long BOOL = 0xff;

    /// Calls a function of one pointer; its result, if any.
    long call(MemorySegment first) {
        return call(first.address(), 0, 0, 0, 0, 0, 0);
    }

    /// Calls a function of two pointers; its result, if any.
    long call(MemorySegment first, MemorySegment second) {
        return call(first.address(), second.address(), 0, 0, 0, 0, 0);
    }

    /// Calls a function of three pointers; its result, if any.
    long call(MemorySegment first, MemorySegment second, MemorySegment third) {
        return call(first.address(), second.address(), third.address(), 0, 0, 0, 0);
    }

    /// Calls a predicate of one pointer.
    boolean test(MemorySegment first) {
        return isTrue(call(first));
    }

    /// Whether the result of a predicate is true.
    static boolean isTrue(long result) {
        return (result & BOOL) != 0;
    }

    /// Calls a function of at most seven words; its result, if any. The memory behind a pointer
    /// must live until this returns.
    long call(long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) CALL.invokeExact(address, a, b, c, d, e, f, g);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException("A native function failed", failure);
        }
    }
}
