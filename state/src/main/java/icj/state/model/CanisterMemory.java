package icj.state.model;

import java.util.List;

/// The bytes that a canister computes with (R-E1).
///
/// @param heap its linear memory
/// @param heapPages size in Wasm pages of 64 KiB
/// @param stable its stable memory
/// @param stablePages size in Wasm pages of 64 KiB
/// @param globals the mutable globals' bits, in the module's order
public record CanisterMemory(
        PageMap heap, long heapPages, PageMap stable, long stablePages, List<Long> globals) {
    public CanisterMemory {
        globals = List.copyOf(globals);
    }

    /// Bytes in a Wasm page.
    public static final long WASM_PAGE = 65_536;

    /// Nothing at all.
    ///
    /// @param heapKind [MemoryKind#HEAP] or [MemoryKind#HEAP64]
    public static CanisterMemory empty(MemoryKind heapKind) {
        return new CanisterMemory(
                PageMap.empty(heapKind), 0, PageMap.empty(MemoryKind.STABLE), 0, List.of());
    }

    /// Bytes of the heap.
    public long heapBytes() {
        return heapPages * WASM_PAGE;
    }

    /// Bytes of stable memory.
    public long stableBytes() {
        return stablePages * WASM_PAGE;
    }
}
