package icj.execution.wasm;

/// Why an execution ended early: the interface's error code as a number (502 stands for "IC0502")
/// and a text.
public record Trap(int code, String message) {
    /// The Wasm trapped by itself: out of bounds, unreachable, division by zero and so on.
    public static final int TRAPPED = 502;

    /// The canister called `ic0.trap`.
    public static final int CALLED_TRAP = 503;

    /// The canister broke a rule of the System API.
    public static final int CONTRACT_VIOLATION = 504;

    /// No memory is left for the canister.
    public static final int OUT_OF_MEMORY = 507;

    /// A callback's table index or type is wrong.
    public static final int FUNCTION_NOT_FOUND = 513;

    /// More instructions than the message may take.
    public static final int INSTRUCTION_LIMIT = 522;

    /// More memory touched than a message may touch.
    public static final int MEMORY_ACCESS_LIMIT = 524;

    /// The canister's own `wasm_memory_limit`.
    public static final int WASM_MEMORY_LIMIT = 539;

    /// The code as the interface writes it, such as `IC0502`.
    public String errorCode() {
        return "IC" + (code < 1000 ? "0" : "") + code;
    }
}
