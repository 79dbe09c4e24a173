package icj.execution.wasm;

/// The running instance, as a System API function sees it. Valid only during the call it was given
/// to.
public interface Guest {
    /// Copies bytes out of the heap; address and size are unsigned.
    ///
    /// @throws GuestTrap when the range does not lie in the memory
    byte[] read(long address, long size);

    /// Copies bytes into the heap.
    ///
    /// @throws GuestTrap when the range does not lie in the memory
    void write(long address, byte[] bytes);

    /// Copies `size` bytes of an array, from `offset` on, into the heap.
    ///
    /// @throws GuestTrap when the range does not lie in the memory
    void write(long address, byte[] bytes, int offset, int size);

    /// Traps as [#read] would, but copies nothing.
    void check(long address, long size);

    /// Takes instructions from the message's limit.
    ///
    /// @throws GuestTrap with [Trap#INSTRUCTION_LIMIT] when they are not there; they count as used
    ///   all the same
    void charge(long instructions);

    /// Counts a page of stable memory that the message writes to for the first time; heap and
    /// stable pages have one limit.
    ///
    /// @throws GuestTrap with [Trap#MEMORY_ACCESS_LIMIT] when the message wrote to as many as it
    ///   may
    void takePage();

    /// A file for pages that the message wrote. It is closed if the message traps.
    SpillFile openSpill();

    /// The instructions used by this message so far, never above its limit.
    long instructionsUsed();

    /// The size of the heap in pages of 64 KiB.
    long heapPages();

    /// Whether the module's memory is 64-bit.
    boolean memory64();
}
