/// Tests of the Wasm runtime and what other packages' tests use of it.
package icj.execution.wasm.engine;
