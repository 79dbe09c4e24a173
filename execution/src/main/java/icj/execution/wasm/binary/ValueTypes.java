package icj.execution.wasm.binary;

/// The value types' codes in the binary format.
public final class ValueTypes {
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

    /// Any type: the operand of unreachable code.
    static final int ANY = 0;

    private ValueTypes() {}

    static boolean isNumber(int type) {
        return type >= F64 && type <= I32;
    }

    static boolean isReference(int type) {
        return type == FUNCREF || type == EXTERNREF;
    }

    static String name(int type) {
        return switch (type) {
            case I32 -> "i32";
            case I64 -> "i64";
            case F32 -> "f32";
            case F64 -> "f64";
            case FUNCREF -> "funcref";
            case EXTERNREF -> "externref";
            default -> "any";
        };
    }
}
