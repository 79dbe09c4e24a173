package icj.execution.wasm;

import static icj.execution.wasm.RuleModules.NONE;
import static icj.execution.wasm.RuleModules.answer;
import static icj.execution.wasm.RuleModules.answering;
import static icj.execution.wasm.RuleModules.reply;
import static icj.execution.wasm.RuleModules.replying;
import static icj.execution.wasm.WasmBuilder.F64;
import static icj.execution.wasm.WasmBuilder.I32;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.execution.wasm.WasmBuilder.Code;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.function.Consumer;

/// Where a NaN is canonical (R-E6).
final class NanRulesTest {
    @RegisterExtension static final RuleModules MODULES = new RuleModules();

    @ParameterizedTest
    @EnumSource(Engine.class)
    void nansAreCanonicalAfterArithmeticOnly(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            double payload = Double.longBitsToDouble(0xfff8_0000_0000_1234L);
            float small = Float.intBitsToFloat(0x7fa0_0001);
            answering(wasm, "add", code -> code.f64(payload).f64(1).raw(0xa0, 0xbd));
            answering(wasm, "zero", code -> code.f64(0).f64(0).raw(0xa3, 0xbd));
            answering(wasm, "neg", code -> code.f64(payload).raw(0x9a, 0xbd));
            answering(
                    wasm,
                    "chain",
                    code -> code.f64(payload).f64(1).raw(0xa0).f64(2).raw(0xa2, 0xbd));
            answering(wasm, "min", code -> code.f32(small).f32(1).raw(0x96, 0xbc, 0xad));
            answering(wasm, "promote", code -> code.f32(small).raw(0xbb, 0xbd));
            answering(wasm, "ceil", code -> code.f64(payload).raw(0x9b, 0xbd));
            answering(
                    wasm,
                    "stored",
                    code -> {
                        code.i32(16).f64(payload).f64(1).raw(0xa1).memory(0x39, 0);
                        code.i32(16).memory(0x29, 0);
                    });
            TestCanister canister = MODULES.installed(engine, wasm);
            long canonical = 0x7ff8_0000_0000_0000L;
            for (String method : List.of("add", "zero", "chain", "promote", "ceil", "stored")) {
                assertEquals(canonical, answer(canister, method), method);
            }
            assertEquals(0x7ff8_0000_0000_1234L, answer(canister, "neg"));
            assertEquals(0x7fc0_0000L, answer(canister, "min"));
            return null;
        });
    }

    /// Locals hold what arithmetic made as it is, unless that could be seen.
    @ParameterizedTest
    @EnumSource(Engine.class)
    void nansInLocalsAreCanonicalWhereTheyAreSeen(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            long bits = 0xfff8_0000_0000_1234L;
            double payload = Double.longBitsToDouble(bits);
            int keep =
                    wasm.function(
                            new int[] {F64},
                            NONE,
                            NONE,
                            code -> code.i32(0).get(0).memory(0x39, 0));
            int one = wasm.global(F64, true, 0);
            Consumer<Code> sum =
                    code ->
                            code.i32(3)
                                    .set(1)
                                    .loop(0x40)
                                    .get(0)
                                    .f64(payload)
                                    .raw(0xa0)
                                    .set(0)
                                    .get(1)
                                    .i32(1)
                                    .raw(0x6b)
                                    .tee(1)
                                    .brIf(0)
                                    .end();
            locals(wasm, "stored", code -> code.with(sum).i32(0).get(0).memory(0x39, 0));
            locals(wasm, "called", code -> code.with(sum).get(0).call(keep));
            locals(wasm, "cast", code -> code.with(sum).i32(0).get(0).raw(0xbd).memory(0x37, 0));
            locals(wasm, "negated", code -> code.with(sum).i32(0).get(0).raw(0x9a).memory(0x39, 0));
            locals(
                    wasm,
                    "global",
                    code ->
                            code.with(sum)
                                    .get(0)
                                    .globalSet(one)
                                    .i32(0)
                                    .globalGet(one)
                                    .memory(0x39, 0));
            locals(
                    wasm,
                    "copied",
                    code -> code.with(sum).get(0).set(2).i32(0).get(2).memory(0x39, 0));
            locals(
                    wasm,
                    "teed",
                    code ->
                            code.i32(0)
                                    .loop(0x40)
                                    .f64(payload)
                                    .f64(1)
                                    .raw(0xa0)
                                    .tee(0)
                                    .drop()
                                    .end()
                                    .f64(payload)
                                    .f64(2)
                                    .raw(0xa2)
                                    .tee(0)
                                    .memory(0x39, 0));
            locals(
                    wasm,
                    "chosen",
                    code -> code.with(sum).i32(0).get(0).f64(1).i32(1).raw(0x1b).memory(0x39, 0));
            locals(
                    wasm,
                    "compared",
                    code -> code.with(sum).i32(0).get(0).get(0).raw(0x62, 0xad).memory(0x37, 0));
            // The local holds what was loaded, bit by bit, and what was computed, in canonical
            // form.
            locals(
                    wasm,
                    "loaded",
                    code ->
                            code.with(sum)
                                    .i32(0)
                                    .i64(bits)
                                    .memory(0x37, 0)
                                    .i32(0)
                                    .memory(0x2b, 0)
                                    .set(0)
                                    .i32(0)
                                    .get(0)
                                    .memory(0x39, 0));
            locals(
                    wasm,
                    "mixed",
                    code ->
                            code.i32(0)
                                    .memory(0x2b, 0)
                                    .set(0)
                                    .with(sum)
                                    .i32(0)
                                    .get(0)
                                    .memory(0x39, 0));
            TestCanister canister = MODULES.installed(engine, wasm);
            long canonical = 0x7ff8_0000_0000_0000L;
            for (String method :
                    List.of(
                            "stored", "called", "cast", "global", "copied", "teed", "chosen",
                            "mixed")) {
                assertEquals(canonical, answer(canister, method), method);
            }
            assertEquals(0xfff8_0000_0000_0000L, answer(canister, "negated"));
            assertEquals(1, answer(canister, "compared"));
            assertEquals(bits, answer(canister, "loaded"));
            return null;
        });
    }

    /// A method with locals of two `f64` around an `i32` that replies with the bytes at 0.
    private static void locals(WasmBuilder wasm, String method, Consumer<Code> body) {
        wasm.entry(
                "canister_update " + method,
                new int[] {F64, I32, F64},
                code -> {
                    body.accept(code);
                    reply(wasm, code);
                });
    }
}
