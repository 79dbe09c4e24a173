package icj.execution.wasm;

import icj.state.model.PageMap;

import java.util.List;

/// All of a canister that its Wasm keeps between messages, stable memory apart (R-E1).
///
/// @param heap the pages of the heap
/// @param heapPages the heap's size in pages of 64 KiB
/// @param globals the values of the mutable globals in the order of their indices, as bits (`i32`
///   and `f32` zero-extended; a function reference is its index, null is -1)
public record WasmState(PageMap heap, long heapPages, List<Long> globals) {
    /// Copies the list.
    public WasmState {
        globals = List.copyOf(globals);
    }
}
