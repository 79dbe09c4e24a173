package icj.execution.wasm;

import static icj.execution.wasm.WasmBuilder.F32;
import static icj.execution.wasm.WasmBuilder.F64;
import static icj.execution.wasm.WasmBuilder.FUNCREF;
import static icj.execution.wasm.WasmBuilder.I32;
import static icj.execution.wasm.WasmBuilder.I64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.execution.wasm.WasmBuilder.Code;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;

/// The rules of R-E1 to R-E10 on modules written by hand.
final class RuntimeRulesTest {
    private static final ChicoryRuntime COMPILER = TestCanister.runtime(Engine.COMPILED);
    private static final ChicoryRuntime INTERPRETER = TestCanister.runtime(Engine.INTERPRETED);
    private static final int[] NONE = {};

    private static long nextId = 100;

    @AfterAll
    static void close() {
        COMPILER.close();
        INTERPRETER.close();
    }

    private static ChicoryRuntime runtime(Engine engine) {
        return engine == Engine.COMPILED ? COMPILER : INTERPRETER;
    }

    private static TestCanister installed(Engine engine, WasmBuilder wasm) throws Exception {
        TestCanister canister = new TestCanister(runtime(engine), wasm.build(), nextId++);
        assertNull(canister.install().trap());
        return canister;
    }

    /// Imports `msg_reply_data_append` as 0 and `msg_reply` as 1 and has a memory of a page.
    private static WasmBuilder replying(boolean wide) {
        WasmBuilder wasm = new WasmBuilder(wide);
        wasm.ic0("msg_reply_data_append");
        wasm.ic0("msg_reply");
        return wasm;
    }

    private static Code address(WasmBuilder wasm, Code code, long value) {
        return wasm.address() == I64 ? code.i64(value) : code.i32((int) value);
    }

    /// Replies with the eight bytes at address 0.
    private static void reply(WasmBuilder wasm, Code code) {
        address(wasm, code, 0);
        address(wasm, code, 8);
        code.call(0).call(1);
    }

    /// Stores the `i64` that `value` makes and replies with it.
    private static WasmBuilder answering(WasmBuilder wasm, String method, Consumer<Code> value) {
        return wasm.update(
                method,
                code -> {
                    address(wasm, code, 0);
                    value.accept(code);
                    code.memory(0x37, 0);
                    reply(wasm, code);
                });
    }

    private static long answer(TestCanister canister, String method) {
        MessageResult result = canister.update("canister_update " + method);
        assertNull(result.trap(), method);
        return ByteBuffer.wrap(canister.host.reply).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static String trap(TestCanister canister, String method) {
        Trap trap = canister.update("canister_update " + method).trap();
        assertNotNull(trap, method);
        return trap.errorCode() + " " + trap.message();
    }

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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(Engine.COMPILED, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
            canister.heapPagesMax = 4;
            assertEquals(1, answer(canister, "grow"));
            assertEquals(-1, answer(canister, "grow"));
            assertEquals(3, canister.state().heapPages());
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
                TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
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
            TestCanister canister = installed(engine, wasm);
            assertEquals("IC0502 integer division by 0", trap(canister, "zero"));
            assertEquals("IC0502 integer division by 0", trap(canister, "remainder"));
            assertEquals("IC0502 integer overflow", trap(canister, "overflow"));
            assertEquals("IC0502 integer overflow", trap(canister, "truncate"));
            assertEquals("IC0502 invalid conversion to integer", trap(canister, "nan"));
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
                TestCanister canister = installed(engine, wasm);
                assertEquals(List.of(-1L), canister.state().globals());
                assertEquals("IC0502 uninitialized element", trap(canister, "call"));
                canister.update("canister_update keep");
                assertEquals(List.of((long) nine), canister.state().globals());
                assertEquals(9, answer(canister, "call"));
            }
            return null;
        });
    }

    @Test
    void dataThatDoesNotFitTrapsWhenInstantiated() throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder().memory(1);
            wasm.data(65_535, new byte[2]);
            TestCanister canister = new TestCanister(COMPILER, wasm.build(), nextId++);
            assertEquals("heap out of bounds", canister.install().trap().message());
            WasmBuilder table = new WasmBuilder();
            table.table(1, 1);
            int function = table.function(NONE, NONE, NONE, code -> {});
            table.elements(1, function);
            canister = new TestCanister(COMPILER, table.build(), nextId++);
            assertEquals("table out of bounds", canister.install().trap().message());
            return null;
        });
    }

    @Test
    void tooManyWrittenPagesTrap() throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = new WasmBuilder().memory(3000);
            wasm.update("touch", code -> code.i32(0).i32(1).i32(3000 << 16).bulk(11, 0));
            TestCanister canister = installed(Engine.COMPILED, wasm);
            assertEquals("IC0524", trap(canister, "touch").substring(0, 6));
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void manyParametersResultsAndLocalsWork(Engine engine) throws Exception {
        TestCanister.onLane(() -> {
            WasmBuilder wasm = replying(false).memory(1);
            int[] parameters = new int[120];
            java.util.Arrays.fill(parameters, I64);
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
            TestCanister canister = installed(engine, wasm);
            assertEquals(119, answer(canister, "run"));
            return null;
        });
    }
}
