/// WebAssembly binaries without an engine: decoding, validation, the interface's limits and the
/// rewriting of R-E2 to R-E6.
@NullMarked
package icj.execution.wasm.binary;

import org.jspecify.annotations.NullMarked;
