package icj.execution.wasm;

/// The System API behind a running message: one object for each execution, not shared.
public interface Ic0Host {
    /// Calls one function of `ic0`. The runtime has charged the function's [Ic0#cost] before; bytes
    /// are charged here by [Guest#charge].
    ///
    /// @param arguments zero-extended when they are `i32`, pointer-sized ones in both kinds of
    ///   memory unsigned; valid during the call only
    /// @return the result, of which the low 32 bits count where the type is `i32`; ignored for
    ///   functions without a result
    /// @throws GuestTrap to end the message
    long call(Ic0 function, long[] arguments, Guest guest);

    /// The message grows its heap within [MessageCall#heapPagesMax]; the host may refuse with a
    /// trap (memory limits of settings and subnet). Both sizes are in pages of 64 KiB.
    ///
    /// @throws GuestTrap to end the message
    default void growsHeap(long pagesBefore, long pagesAfter) {}
}
