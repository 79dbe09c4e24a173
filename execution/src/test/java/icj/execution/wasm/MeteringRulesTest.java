package icj.execution.wasm;

import static icj.execution.wasm.RuleModules.NONE;
import static icj.execution.wasm.RuleModules.replying;
import static icj.execution.wasm.WasmBuilder.I32;
import static icj.execution.wasm.WasmBuilder.I64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a message is charged (R-E2, R-E10) and how deep its calls may go (R-E5).
final class MeteringRulesTest {
    @RegisterExtension static final RuleModules MODULES = new RuleModules();

    @ParameterizedTest
    @EnumSource(Engine.class)
    void pricesAreThoseOfTheTable(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder().memory(1);
            int time = wasm.ic0("time");
            wasm.update("nothing", code -> {});
            wasm.update("two", code -> code.i32(1).drop());
            wasm.update("divide", code -> code.i32(9).i32(2).raw(0x6d).drop());
            wasm.update("host", code -> code.call(time).drop());
            wasm.update("fill", code -> code.i32(0).i32(7).i32(1000).bulk(11, 0));
            wasm.update(
                    "branches",
                    code ->
                            code.i32(1)
                                    .ifs(0x40)
                                    .i32(1)
                                    .drop()
                                    .elses()
                                    .i32(1)
                                    .drop()
                                    .i32(1)
                                    .drop()
                                    .end());
            wasm.entry(
                    "canister_update loop",
                    new int[] {I32},
                    code ->
                            code.i32(100)
                                    .set(0)
                                    .loop(0x40)
                                    .get(0)
                                    .i32(1)
                                    .raw(0x6b)
                                    .tee(0)
                                    .brIf(0)
                                    .end());
            TestCanister canister = MODULES.installed(engine, wasm);
            assertEquals(0, canister.update("canister_update nothing").instructions());
            assertEquals(2, canister.update("canister_update two").instructions());
            assertEquals(13, canister.update("canister_update divide").instructions());
            assertEquals(5 + 500 + 1, canister.update("canister_update host").instructions());
            assertEquals(3 + 100 + 1000, canister.update("canister_update fill").instructions());
            assertEquals(5, canister.update("canister_update branches").instructions());
            assertEquals(2 + 100 * 6, canister.update("canister_update loop").instructions());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void anEndlessLoopUsesExactlyItsLimit(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder();
            wasm.update("spin", code -> code.loop(0x40).br(0).end());
            wasm.update("trapLate", code -> code.i32(1).drop().unreachable());
            TestCanister canister = MODULES.installed(engine, wasm);
            canister.instructionLimit = 1_000_001;
            MessageResult result = canister.update("canister_update spin");
            assertEquals("IC0522", result.trap().errorCode());
            assertEquals(1_000_001, result.instructions());
            result = canister.update("canister_update trapLate");
            assertEquals("unreachable", result.trap().message());
            assertEquals(3, result.instructions());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void depthEndsAtTheSameFrameEachTime(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            int depth = wasm.global(I64, true, 0);
            int self = wasm.nextFunction();
            wasm.function(
                    new int[] {I64},
                    NONE,
                    new int[] {I64, I64},
                    code -> code.get(0).globalSet(depth).get(0).i64(1).raw(0x7c).call(self));
            wasm.update("recurse", code -> code.i64(0).call(self));
            TestCanister canister = MODULES.installed(engine, wasm);
            for (int i = 0; i < 3; i++) {
                MessageResult result = canister.update("canister_update recurse");
                assertEquals("stack overflow", result.trap().message());
                // 64 MiB in frames of 160 + 8 * (1 + 2 + 2) + 4 * 7 bytes, the entry's
                // aside.
                long frames = ((64L << 20) - 180) / 228;
                assertEquals(6 + frames * 11, result.instructions());
            }
            return null;
        });
    }
}
