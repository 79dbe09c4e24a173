package icj.execution.wasm;

import static icj.execution.wasm.RuleModules.address;
import static icj.execution.wasm.RuleModules.answer;
import static icj.execution.wasm.RuleModules.answering;
import static icj.execution.wasm.RuleModules.replying;
import static icj.execution.wasm.RuleModules.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.execution.wasm.WasmBuilder.Code;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.function.Consumer;

/// Addresses of 32 and 64 bits (R-E3, R-E4), and how much memory a message may take and write.
final class AddressRulesTest {
    @RegisterExtension static final RuleModules MODULES = new RuleModules();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allFourGibibytesCanBeAddressed(boolean wide) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(wide).memory(65_536);
            wasm.data(0xffff_fffcL, new byte[] {1, 2, 3, 4});
            Consumer<Code> high =
                    code -> {
                        address(wasm, code, 0x8000_0000L);
                        code.i64(77).memory(0x37, 0);
                        address(wasm, code, 0x7fff_ff00L);
                        code.memory(0x29, 0x100);
                    };
            answering(wasm, "high", high);
            answering(
                    wasm,
                    "last",
                    code -> {
                        address(wasm, code, 0xffff_0000L);
                        code.memory(0x35, 0xfffc);
                    });
            answering(
                    wasm,
                    "largeOffset",
                    code -> {
                        address(wasm, code, 12);
                        code.memory(0x35, 0xffff_fff0L);
                    });
            answering(
                    wasm,
                    "across",
                    code -> {
                        address(wasm, code, 0xffff_fffeL);
                        code.memory(0x35, 0);
                    });
            answering(
                    wasm,
                    "sum",
                    code -> {
                        address(wasm, code, 0xffff_ffffL);
                        code.memory(0x31, 1);
                    });
            answering(
                    wasm,
                    "copied",
                    code -> {
                        address(wasm, code, 0xffff_0ffeL);
                        address(wasm, code, 0xffff_fffcL);
                        address(wasm, code, 4);
                        code.bulk(10, 0, 0);
                        address(wasm, code, 0xffff_0ffeL);
                        code.memory(0x35, 0);
                    });
            TestCanister canister = MODULES.installed(Engine.COMPILED, wasm);
            assertEquals(77, answer(canister, "high"));
            assertEquals(0x04030201, answer(canister, "last"));
            assertEquals(0x04030201, answer(canister, "largeOffset"));
            assertEquals(0x04030201, answer(canister, "copied"));
            assertEquals("IC0502 heap out of bounds", trap(canister, "across"));
            assertEquals("IC0502 heap out of bounds", trap(canister, "sum"));
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void wideAddressesBeyondFourGibibytesTrap(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(true).memory(2, 5);
            answering(wasm, "load", code -> code.i64(1L << 32).memory(0x29, 0));
            answering(wasm, "offset", code -> code.i64(0).memory(0x29, 1L << 32));
            answering(wasm, "negative", code -> code.i64(-1).memory(0x30, 0));
            wasm.update("store", code -> code.i64(1L << 33).i64(1).memory(0x37, 0));
            wasm.update("fill", code -> code.i64(1L << 32).i32(0).i64(0).bulk(11, 0));
            wasm.update("copy", code -> code.i64(0).i64(1L << 32).i64(0).bulk(10, 0, 0));
            wasm.update("edge", code -> code.i64(2 << 16).i32(0).i64(0).bulk(11, 0));
            wasm.update("beyondEdge", code -> code.i64((2 << 16) + 1).i32(0).i64(0).bulk(11, 0));
            answering(wasm, "grow", code -> code.i64(1L << 32).raw(0x40, 0));
            answering(wasm, "growTooFar", code -> code.i64(4).raw(0x40, 0));
            answering(wasm, "growFits", code -> code.i64(3).raw(0x40, 0));
            answering(wasm, "size", code -> code.raw(0x3f, 0));
            TestCanister canister = MODULES.installed(engine, wasm);
            String bounds = "IC0502 heap out of bounds";
            for (String method : List.of("load", "offset", "negative", "store", "fill", "copy")) {
                assertEquals(bounds, trap(canister, method), method);
            }
            assertNull(canister.update("canister_update edge").trap());
            assertEquals(bounds, trap(canister, "beyondEdge"));
            assertEquals(-1, answer(canister, "grow"));
            assertEquals(-1, answer(canister, "growTooFar"));
            assertEquals(2, answer(canister, "growFits"));
            assertEquals(5, answer(canister, "size"));
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void growthStopsAtTheMessagesLimit(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            answering(wasm, "grow", code -> code.i32(2).raw(0x40, 0, 0xac));
            TestCanister canister = MODULES.installed(engine, wasm);
            canister.heapPagesMax = 4;
            assertEquals(1, answer(canister, "grow"));
            assertEquals(-1, answer(canister, "grow"));
            assertEquals(3, canister.state().heapPages());
            return null;
        });
    }

    @Test
    void tooManyWrittenPagesTrap() throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder().memory(3000);
            wasm.update("touch", code -> code.i32(0).i32(1).i32(3000 << 16).bulk(11, 0));
            TestCanister canister = MODULES.installed(Engine.COMPILED, wasm);
            assertEquals("IC0524", trap(canister, "touch").substring(0, 6));
            return null;
        });
    }
}
