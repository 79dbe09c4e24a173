/// Running canister modules: the only package that knows Chicory and ASM. A module is decoded and
/// checked by our own code, rewritten (64-bit lowering, metering, depth, NaN: R-E2 to R-E6),
/// compiled to JVM classes and run on paged memories shared with the replicated state (R-E8).
@NullMarked
package icj.execution.wasm;

import org.jspecify.annotations.NullMarked;
