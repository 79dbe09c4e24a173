/// The runtime behind [icj.execution.wasm.WasmRuntime]: Chicory as the engine, with memories,
/// tables and support code of our own, compiled classes kept on disk.
@NullMarked
package icj.execution.wasm.engine;

import org.jspecify.annotations.NullMarked;
