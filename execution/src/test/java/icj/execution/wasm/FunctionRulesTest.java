package icj.execution.wasm;

import static icj.execution.wasm.RuleModules.NONE;
import static icj.execution.wasm.RuleModules.address;
import static icj.execution.wasm.RuleModules.answer;
import static icj.execution.wasm.RuleModules.answering;
import static icj.execution.wasm.RuleModules.reply;
import static icj.execution.wasm.RuleModules.replying;
import static icj.execution.wasm.RuleModules.trap;
import static icj.execution.wasm.WasmBuilder.F32;
import static icj.execution.wasm.WasmBuilder.F64;
import static icj.execution.wasm.WasmBuilder.FUNCREF;
import static icj.execution.wasm.WasmBuilder.I32;
import static icj.execution.wasm.WasmBuilder.I64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.execution.wasm.WasmBuilder.Code;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Functions, and references to them, in tables, globals and callbacks (R-E1, R-E4).
final class FunctionRulesTest {
    @RegisterExtension static final RuleModules MODULES = new RuleModules();

    /// table.grow by so many nulls.
    private static Code grow(Code code, int table, int count) {
        return code.raw(0xd0, WasmBuilder.FUNCREF).i32(count).bulk(15, table);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void tablesGrowToOneBoundTogetherAndPayForEachElement(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            wasm.table(7, 1_000_000);
            wasm.table(3, 1_000_000);
            // 0xac widens the answer.
            answering(
                    wasm,
                    "beyond",
                    code -> grow(grow(code, 0, 600_000).drop(), 1, 399_991).raw(0xac));
            answering(
                    wasm,
                    "within",
                    code -> grow(grow(code, 0, 600_000).drop(), 1, 399_990).raw(0xac));
            wasm.update("nothing", code -> {});
            wasm.update("by0", code -> grow(code, 0, 0).drop());
            wasm.update("by1000", code -> grow(code, 0, 1000).drop());
            TestCanister canister = MODULES.installed(engine, wasm);
            assertEquals(-1, answer(canister, "beyond"));
            assertEquals(3, answer(canister, "within"));
            // New tables for each message have their price too.
            assertEquals(10, canister.update("canister_update nothing").instructions());
            long none = canister.update("canister_update by0").instructions();
            assertEquals(none + 1000, canister.update("canister_update by1000").instructions());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void tablesAndDroppedSegmentsAreNewForEachMessage(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            for (boolean wide : new boolean[] {false, true}) {
                WasmBuilder wasm = replying(wide).memory(1);
                wasm.table(4, 8);
                int one = wasm.function(NONE, new int[] {I64}, NONE, code -> code.i64(1));
                int two = wasm.function(NONE, new int[] {I64}, NONE, code -> code.i64(2));
                wasm.elements(0, one);
                int passive = wasm.passiveElements(two);
                int data = wasm.passiveData(new byte[] {5});
                int type = wasm.type(NONE, new int[] {I64});
                Consumer<Code> indirect =
                        code -> {
                            address(wasm, code, 0);
                            code.callIndirect(type);
                        };
                answering(wasm, "call", indirect);
                answering(
                        wasm,
                        "replaced",
                        code -> {
                            address(wasm, code, 0);
                            code.i32(0).i32(1).bulk(12, passive, 0).bulk(13, passive);
                            code.bulk(9, data);
                            indirect.accept(code);
                        });
                answering(
                        wasm,
                        "init",
                        code -> {
                            address(wasm, code, 8);
                            code.i32(0).i32(1).bulk(8, data, 0);
                            address(wasm, code, 8);
                            code.memory(0x31, 0);
                        });
                answering(
                        wasm,
                        "grown",
                        code -> {
                            code.raw(0xd0, FUNCREF);
                            address(wasm, code, 2);
                            code.bulk(15, 0).drop().bulk(16, 0);
                            if (!wide) {
                                code.raw(0xad);
                            }
                        });
                wasm.update(
                        "beyond",
                        code -> {
                            address(wasm, code, wide ? 1L << 32 : 9);
                            code.callIndirect(type).drop();
                        });
                wasm.update(
                        "null",
                        code -> {
                            address(wasm, code, 2);
                            code.callIndirect(type).drop();
                        });
                wasm.update(
                        "setBeyond",
                        code -> {
                            address(wasm, code, wide ? 1L << 40 : 4);
                            code.raw(0xd0, FUNCREF, 0x26, 0);
                        });
                TestCanister canister = MODULES.installed(engine, wasm);
                for (int i = 0; i < 2; i++) {
                    assertEquals(1, answer(canister, "call"));
                    assertEquals(2, answer(canister, "replaced"));
                    assertEquals(5, answer(canister, "init"));
                    assertEquals(6, answer(canister, "grown"));
                }
                assertEquals("IC0502 undefined element", trap(canister, "beyond"));
                assertEquals("IC0502 uninitialized element", trap(canister, "null"));
                assertEquals("IC0502 table out of bounds", trap(canister, "setBeyond"));
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void callbacksAreElementsOfTheRightType(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(true).memory(1);
            wasm.table(5, 5);
            int right =
                    wasm.function(
                            new int[] {I64},
                            NONE,
                            NONE,
                            code -> {
                                code.i64(0).get(0).memory(0x37, 0);
                                reply(wasm, code);
                            });
            int wrong = wasm.function(new int[] {I32}, NONE, NONE, code -> {});
            wasm.elements(1, right, wrong);
            TestCanister canister = MODULES.installed(engine, wasm);
            MessageResult result =
                    canister.run(
                            Instantiation.NONE,
                            new EntryPoint.TableFunction(1, 0x1234567890L),
                            true);
            assertNull(result.trap());
            assertArrayEquals(
                    new byte[] {(byte) 0x90, 0x78, 0x56, 0x34, 0x12, 0, 0, 0}, canister.host.reply);
            for (long index : new long[] {0, 2, 5, -1, 1L << 32}) {
                Trap trap =
                        canister.run(
                                        Instantiation.NONE,
                                        new EntryPoint.TableFunction(index, 0),
                                        true)
                                .trap();
                assertEquals("IC0513", trap.errorCode());
            }
            return null;
        });
    }

    @Test
    void functionReferencesInGlobalsAreKeptAsOriginalIndices() throws Exception {
        TestCanister.onLane(() -> {
            for (Engine engine : Engine.values()) {
                WasmBuilder wasm = replying(false).memory(1);
                wasm.table(2, 2);
                int nine = wasm.function(NONE, new int[] {I64}, NONE, code -> code.i64(9));
                wasm.export("nine", nine);
                int reference = wasm.global(FUNCREF, true, -1);
                int type = wasm.type(NONE, new int[] {I64});
                wasm.update("keep", code -> code.raw(0xd2).unsigned(nine).globalSet(reference));
                answering(
                        wasm,
                        "call",
                        code ->
                                code.i32(1)
                                        .globalGet(reference)
                                        .raw(0x26, 0)
                                        .i32(1)
                                        .callIndirect(type));
                TestCanister canister = MODULES.installed(engine, wasm);
                assertEquals(List.of(-1L), canister.state().globals());
                assertEquals("IC0502 uninitialized element", trap(canister, "call"));
                canister.update("canister_update keep");
                assertEquals(List.of((long) nine), canister.state().globals());
                assertEquals(9, answer(canister, "call"));
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void manyParametersResultsAndLocalsWork(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            int[] parameters = new int[120];
            Arrays.fill(parameters, I64);
            int[] results = {I64, F64, I32, F32};
            int last =
                    wasm.function(
                            parameters,
                            results,
                            new int[] {F32, I64},
                            code -> code.get(119).f64(1).i32(2).get(120));
            answering(
                    wasm,
                    "run",
                    code -> {
                        for (int i = 0; i < parameters.length; i++) {
                            code.i64(i);
                        }
                        code.call(last).drop().drop().drop();
                    });
            TestCanister canister = MODULES.installed(engine, wasm);
            assertEquals(119, answer(canister, "run"));
            return null;
        });
    }
}
