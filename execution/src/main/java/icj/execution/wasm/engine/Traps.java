package icj.execution.wasm.engine;

import com.dylibso.chicory.wasm.ChicoryException;

import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Trap;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/// The traps of WebAssembly itself, with one text each, whichever engine found them. Public for
/// generated code only.
public final class Traps {
    static final String OUT_OF_BOUNDS = "heap out of bounds";
    static final String TABLE_OUT_OF_BOUNDS = "table out of bounds";
    static final String UNREACHABLE = "unreachable";
    static final String DIVISION_BY_ZERO = "integer division by 0";
    static final String OVERFLOW = "integer overflow";
    static final String CONVERSION = "invalid conversion to integer";
    static final String SIGNATURE = "indirect call type mismatch";
    static final String UNDEFINED_ELEMENT = "undefined element";
    static final String UNINITIALIZED_ELEMENT = "uninitialized element";
    static final String STACK = "stack overflow";

    private Traps() {}

    /// A trap with one of the texts.
    public static GuestTrap trap(String text) {
        return new GuestTrap(Trap.TRAPPED, text);
    }

    static GuestTrap outOfInstructions() {
        return new GuestTrap(
                Trap.INSTRUCTION_LIMIT, "the message used more instructions than it is allowed to");
    }

    static GuestTrap tooManyPagesWritten(long bytesMax) {
        return new GuestTrap(
                Trap.MEMORY_ACCESS_LIMIT,
                "Canister exceeded the limit of "
                        + bytesMax
                        + " bytes of heap and stable memory written by one message");
    }

    /// The trap that an exception stands for. What is no trap of the guest is a defect of ours and
    /// thrown.
    static Trap of(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; i < 4 && cause != null; i++) {
            if (cause instanceof GuestTrap trap) {
                return trap.trap();
            }
            if (cause instanceof StackOverflowError) {
                throw violation("R-E5: the stack of a lane is too small for the depth rule", cause);
            }
            cause = cause.getCause();
        }
        String text = thrown instanceof ChicoryException ? text(thrown.getMessage()) : null;
        if (text == null) {
            throw violation("The engine failed in a way that is no trap: " + thrown, thrown);
        }
        return new Trap(Trap.TRAPPED, text);
    }

    static Invariant.Violation violation(String promise, Throwable cause) {
        Invariant.Violation violation = new Invariant.Violation(promise);
        violation.initCause(cause);
        return violation;
    }

    private static @Nullable String text(@Nullable String message) {
        if (message == null) {
            return null;
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("out of bounds memory access")) {
            return OUT_OF_BOUNDS;
        } else if (lower.contains("out of bounds table access")) {
            return TABLE_OUT_OF_BOUNDS;
        } else if (lower.contains("unreachable")) {
            return UNREACHABLE;
        } else if (lower.contains("integer divide by zero")) {
            return DIVISION_BY_ZERO;
        } else if (lower.contains("integer overflow")) {
            return OVERFLOW;
        } else if (lower.contains("invalid conversion to integer")) {
            return CONVERSION;
        } else if (lower.contains("indirect call type mismatch")) {
            return SIGNATURE;
        } else if (lower.contains("undefined element")) {
            return UNDEFINED_ELEMENT;
        } else if (lower.contains("uninitialized element")) {
            return UNINITIALIZED_ELEMENT;
        }
        return null;
    }
}
