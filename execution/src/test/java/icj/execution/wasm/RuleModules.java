package icj.execution.wasm;

import static icj.execution.wasm.WasmBuilder.I64;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.execution.wasm.WasmBuilder.Code;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/// Modules written by hand, each for one rule of the runtime, in both engines.
final class RuleModules implements AfterAllCallback {
    /// No parameters, results or locals.
    static final int[] NONE = {};

    private final ChicoryRuntime compiler = TestCanister.runtime(Engine.COMPILED);
    private final ChicoryRuntime interpreter = TestCanister.runtime(Engine.INTERPRETED);
    private long nextId = 100;

    @Override
    public void afterAll(ExtensionContext context) {
        compiler.close();
        interpreter.close();
    }

    /// A canister of its own id, whose module is loaded and not instantiated yet.
    TestCanister loaded(Engine engine, WasmBuilder wasm) throws Exception {
        ChicoryRuntime runtime = engine == Engine.COMPILED ? compiler : interpreter;
        return new TestCanister(runtime, wasm.build(), nextId++);
    }

    TestCanister installed(Engine engine, WasmBuilder wasm) throws Exception {
        TestCanister canister = loaded(engine, wasm);
        assertNull(canister.install().trap());
        return canister;
    }

    /// Imports `msg_reply_data_append` as 0 and `msg_reply` as 1; has no memory yet.
    static WasmBuilder replying(boolean wide) {
        WasmBuilder wasm = new WasmBuilder(wide);
        wasm.ic0("msg_reply_data_append");
        wasm.ic0("msg_reply");
        return wasm;
    }

    /// Pushes an address of the module's memory.
    static Code address(WasmBuilder wasm, Code code, long value) {
        return wasm.address() == I64 ? code.i64(value) : code.i32((int) value);
    }

    /// Replies with the eight bytes at address 0.
    static void reply(WasmBuilder wasm, Code code) {
        address(wasm, code, 0);
        address(wasm, code, 8);
        code.call(0).call(1);
    }

    /// Stores the `i64` that `value` makes and replies with it.
    static void answering(WasmBuilder wasm, String method, Consumer<Code> value) {
        wasm.update(
                method,
                code -> {
                    address(wasm, code, 0);
                    value.accept(code);
                    code.memory(0x37, 0);
                    reply(wasm, code);
                });
    }

    /// What an [#answering] method replies.
    static long answer(TestCanister canister, String method) {
        MessageResult result = canister.update("canister_update " + method);
        assertNull(result.trap(), method);
        return ByteBuffer.wrap(canister.host.reply).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /// Code and text of the trap that ends a method.
    static String trap(TestCanister canister, String method) {
        Trap trap = canister.update("canister_update " + method).trap();
        assertNotNull(trap, method);
        return trap.errorCode() + " " + trap.message();
    }
}
