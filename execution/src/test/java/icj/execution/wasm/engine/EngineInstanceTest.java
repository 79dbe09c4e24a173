package icj.execution.wasm.engine;

import static icj.execution.wasm.WasmBuilder.I32;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.execution.wasm.EntryPoint;
import icj.execution.wasm.FakeHost;
import icj.execution.wasm.Instantiation;
import icj.execution.wasm.MessageCall;
import icj.execution.wasm.MessageResult;
import icj.execution.wasm.TestCanister;
import icj.execution.wasm.WasmBuilder;
import icj.execution.wasm.WasmState;
import icj.state.model.MemoryKind;
import icj.state.model.PageMap;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/// What an instance keeps between messages.
final class EngineInstanceTest {
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noFileOfWrittenPagesStaysOpen(boolean keep) throws Exception {
        // 32 MiB, of which one half stays in memory.
        WasmBuilder wasm = new WasmBuilder().memory(512);
        wasm.entry(
                "canister_update write",
                new int[] {I32},
                code ->
                        code.loop(0x40)
                                .get(0)
                                .i32(1)
                                .memory(0x36, 0)
                                .get(0)
                                .i32(4096)
                                .raw(0x6a)
                                .tee(0)
                                .i32(32 << 20)
                                .raw(0x49)
                                .brIf(0)
                                .end());
        Blob bytes = Blob.of(wasm.build());
        ModuleLoader.Loaded loaded =
                new ModuleLoader(RuntimeSettings.inProcess(RuntimeSettings.Engine.COMPILED))
                        .load(bytes, ModuleLoader.hash(bytes), Effort.NEEDED);
        EngineInstance instance = new EngineInstance(loaded.engine(), directory);
        MessageCall call =
                new MessageCall(
                        CanisterId.ofNumber(1),
                        loaded.module().readFrom(() -> bytes),
                        new WasmState(PageMap.empty(MemoryKind.HEAP), 0, List.of()),
                        Instantiation.FRESH,
                        new EntryPoint.Export("canister_update write"),
                        1_000_000_000L,
                        65_536,
                        128 << 20,
                        new FakeHost(),
                        keep);
        MessageResult result = TestCanister.onLane(() -> instance.run(call));
        assertNull(result.trap());
        assertEquals(8192, result.dirtyPages());
        assertEquals(0, instance.spillsHeld());
    }
}
