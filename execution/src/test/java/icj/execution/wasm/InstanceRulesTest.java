package icj.execution.wasm;

import static icj.execution.wasm.RuleModules.NONE;
import static icj.execution.wasm.RuleModules.answer;
import static icj.execution.wasm.RuleModules.answering;
import static icj.execution.wasm.RuleModules.replying;
import static icj.execution.wasm.RuleModules.trap;
import static icj.execution.wasm.WasmBuilder.I64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/// What a message finds and what it leaves behind, also when it traps (R-E1).
final class InstanceRulesTest {
    @RegisterExtension static final RuleModules MODULES = new RuleModules();

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aTrapRestoresPagesSizeAndGlobals(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            int global = wasm.global(I64, true, 5);
            wasm.update(
                    "spoil",
                    code ->
                            code.i64(9)
                                    .globalSet(global)
                                    .i32(3)
                                    .raw(0x40, 0)
                                    .drop()
                                    .i32(0x20000)
                                    .i64(1)
                                    .memory(0x37, 0)
                                    .i32(100)
                                    .i64(1)
                                    .memory(0x37, 0)
                                    .unreachable());
            answering(wasm, "size", code -> code.raw(0x3f, 0, 0xac));
            answering(wasm, "global", code -> code.globalGet(global));
            answering(wasm, "byte", code -> code.i32(100).memory(0x29, 0));
            answering(
                    wasm,
                    "grown",
                    code -> code.i32(3).raw(0x40, 0).drop().i32(0x20000).memory(0x29, 0));
            TestCanister canister = MODULES.installed(engine, wasm);
            for (int i = 0; i < 2; i++) {
                assertEquals("IC0502 unreachable", trap(canister, "spoil"));
                assertEquals(1, answer(canister, "size"));
                assertEquals(5, answer(canister, "global"));
                assertEquals(0, answer(canister, "byte"));
            }
            assertEquals(0, answer(canister, "grown"));
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void integerTrapsHaveOneTextEach(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder();
            wasm.update("zero", code -> code.i32(1).i32(0).raw(0x6e).drop());
            wasm.update("remainder", code -> code.i64(1).i64(0).raw(0x81).drop());
            wasm.update("overflow", code -> code.i64(Long.MIN_VALUE).i64(-1).raw(0x7f).drop());
            wasm.update("truncate", code -> code.f64(1e20).raw(0xaa).drop());
            wasm.update("nan", code -> code.f32(Float.NaN).raw(0xae).drop());
            TestCanister canister = MODULES.installed(engine, wasm);
            assertEquals("IC0502 integer division by 0", trap(canister, "zero"));
            assertEquals("IC0502 integer division by 0", trap(canister, "remainder"));
            assertEquals("IC0502 integer overflow", trap(canister, "overflow"));
            assertEquals("IC0502 integer overflow", trap(canister, "truncate"));
            assertEquals("IC0502 invalid conversion to integer", trap(canister, "nan"));
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void startRunsWhenInstantiatedAndKeepKeepsPagesOnly(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            wasm.data(32, new byte[] {7});
            int global = wasm.global(I64, true, 1);
            int started =
                    wasm.function(
                            NONE,
                            NONE,
                            NONE,
                            code ->
                                    code.i32(40)
                                            .i32(40)
                                            .memory(0x29, 0)
                                            .i64(1)
                                            .raw(0x7c)
                                            .memory(0x37, 0));
            wasm.start(started);
            answering(wasm, "starts", code -> code.i32(40).memory(0x29, 0));
            answering(wasm, "data", code -> code.i32(32).memory(0x31, 0));
            answering(wasm, "global", code -> code.globalGet(global));
            wasm.update(
                    "change",
                    code ->
                            code.i32(32)
                                    .i32(9)
                                    .memory(0x3a, 0)
                                    .i64(2)
                                    .globalSet(global)
                                    .i32(1)
                                    .raw(0x40, 0)
                                    .drop());
            TestCanister canister = MODULES.installed(engine, wasm);
            assertEquals(1, answer(canister, "starts"));
            assertEquals(7, answer(canister, "data"));
            canister.update("canister_update change");
            assertEquals(1, answer(canister, "starts"));
            MessageResult kept =
                    canister.run(Instantiation.KEEP_HEAP, new EntryPoint.OnlyStart(), true);
            assertNull(kept.trap());
            assertEquals(2, answer(canister, "starts"));
            assertEquals(9, answer(canister, "data"));
            assertEquals(1, answer(canister, "global"));
            assertEquals(2, canister.state().heapPages());
            canister.run(Instantiation.FRESH, new EntryPoint.OnlyStart(), true);
            assertEquals(1, answer(canister, "starts"));
            assertEquals(7, answer(canister, "data"));
            assertEquals(1, canister.state().heapPages());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aQueryShowsWhatItReachedAndLeavesNothing(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            int global = wasm.global(I64, true, 0);
            answering(
                    wasm,
                    "count",
                    code ->
                            code.globalGet(global)
                                    .i64(1)
                                    .raw(0x7c)
                                    .globalSet(global)
                                    .globalGet(global)
                                    .i32(64)
                                    .i32(64)
                                    .memory(0x29, 0)
                                    .i64(1)
                                    .raw(0x7c)
                                    .memory(0x37, 0)
                                    .i32(64)
                                    .memory(0x29, 0)
                                    .raw(0x7c));
            TestCanister canister = MODULES.installed(engine, wasm);
            WasmState before = canister.state();
            WasmState reached = null;
            for (int i = 0; i < 3; i++) {
                reached = canister.query("canister_update count").after();
                assertEquals(2, canister.host.reply[0]);
                assertEquals(List.of(1L), reached.globals());
            }
            assertEquals(before, canister.state());
            canister.setState(reached);
            assertEquals(4, answer(canister, "count"));
            canister.setState(before);
            assertEquals(2, answer(canister, "count"));
            return null;
        });
    }

    @Test
    void dataThatDoesNotFitTrapsWhenInstantiated() throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder().memory(1);
            wasm.data(65_535, new byte[2]);
            TestCanister canister = MODULES.loaded(Engine.COMPILED, wasm);
            assertEquals("heap out of bounds", canister.install().trap().message());
            WasmBuilder table = new WasmBuilder();
            table.table(1, 1);
            int function = table.function(NONE, NONE, NONE, code -> {});
            table.elements(1, function);
            canister = MODULES.loaded(Engine.COMPILED, table);
            assertEquals("table out of bounds", canister.install().trap().message());
            return null;
        });
    }
}
