package icj.execution.wasm;

import static icj.execution.wasm.WasmBuilder.I32;
import static icj.execution.wasm.WasmBuilder.I64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.wasm.WasmBuilder.Code;
import icj.execution.wasm.binary.DecodedModule;
import icj.execution.wasm.binary.ModuleDecoder;
import icj.execution.wasm.binary.ModuleRewriter;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings.Engine;
import icj.testing.Prng;
import icj.types.Blob;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/// Whatever is uploaded is a module or an [InvalidModuleException] with a sentence, nothing else.
final class HostileModulesTest {
    private static final ChicoryRuntime RUNTIME = TestCanister.runtime(Engine.COMPILED);
    private static final int[] NONE = {};

    @AfterAll
    static void close() {
        RUNTIME.close();
    }

    private static String refusal(byte[] wasm) {
        return assertThrows(InvalidModuleException.class, () -> RUNTIME.load(Blob.of(wasm)))
                .getMessage();
    }

    private static WasmBuilder module() {
        return new WasmBuilder().memory(1);
    }

    private static byte[] code(Consumer<Code> body) {
        return module().update("x", body).build();
    }

    private static byte[] many(int count, Consumer<WasmBuilder> add) {
        WasmBuilder wasm = module();
        for (int i = 0; i < count; i++) {
            add.accept(wasm);
        }
        return wasm.build();
    }

    private static byte[] methods(int count, int nameBytes) {
        WasmBuilder wasm = module();
        int function = wasm.function(NONE, NONE, NONE, body -> {});
        for (int i = 0; i < count; i++) {
            String name = String.format("%0" + nameBytes + "d", i);
            wasm.export("canister_query " + name, function);
        }
        return wasm.build();
    }

    private static byte[] exporting(String... names) {
        WasmBuilder wasm = module();
        int function = wasm.function(NONE, NONE, NONE, body -> {});
        for (String name : names) {
            wasm.export(name, function);
        }
        return wasm.build();
    }

    private static byte[] imports(String module, String name, int[] parameters, int[] results) {
        WasmBuilder wasm = new WasmBuilder();
        wasm.importFunction(module, name, parameters, results);
        return wasm.build();
    }

    private static byte[] wideImport(String name, int[] parameters, int[] results) {
        WasmBuilder wasm = new WasmBuilder(true).memory(1);
        wasm.importFunction("ic0", name, parameters, results);
        return wasm.build();
    }

    private static byte[] flagged(int flags) {
        return new Code().raw(0, 'a', 's', 'm', 1, 0, 0, 0).raw(5, 4, 1, flags, 1, 2).bytes();
    }

    private static byte[] sections(int count) {
        WasmBuilder wasm = module();
        for (int i = 0; i < count; i++) {
            wasm.custom("icp:private " + i, new byte[1]);
        }
        return wasm.build();
    }

    private static byte[] nops(int functions, int instructions) {
        byte[] body = new byte[instructions];
        Arrays.fill(body, (byte) 1);
        return many(
                functions,
                wasm -> {
                    wasm.function(NONE, NONE, NONE, code -> code.raw(body));
                });
    }

    /// A custom section makes it too large.
    private static byte[] large() {
        return module().custom("x", new byte[64 << 20]).build();
    }

    private static Arguments row(String sentence, byte[] wasm) {
        return Arguments.of(sentence, wasm);
    }

    static List<Arguments> modules() {
        WasmBuilder twoMemories = module().memory(1);
        WasmBuilder wrongEntry = module();
        wrongEntry.export(
                "canister_init", wrongEntry.function(new int[] {I32}, NONE, NONE, body -> {}));
        WasmBuilder startWithResult = module();
        startWithResult.start(
                startWithResult.function(NONE, new int[] {I32}, NONE, body -> body.i32(1)));
        return List.of(
                row("too short", new byte[0]),
                row("magic number", "no module".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                row("version 1", new byte[] {0, 'a', 's', 'm', 2, 0, 0, 0}),
                row("More than one memory", twoMemories.build()),
                row("Threads are not supported", flagged(3)),
                row("more than the 65536", new WasmBuilder(true).memory(65_537).build()),
                row("SIMD is not supported", code(body -> body.raw(0xfd, 12))),
                row("Threads are not supported", code(body -> body.raw(0xfe, 0))),
                row("Tail calls are not supported", code(body -> body.raw(0x12, 0))),
                row("Exception handling is not supported", code(body -> body.raw(0x08, 0))),
                row("Garbage collection", code(body -> body.raw(0xfb, 0))),
                row("is not a function of 'ic0'", imports("env", "x", NONE, NONE)),
                row("is not a function of 'ic0'", imports("ic0", "nothing", NONE, NONE)),
                row("has the wrong type", imports("ic0", "msg_reply", new int[] {I32}, NONE)),
                row("has the wrong type", wideImport("msg_reject", new int[] {I32, I32}, NONE)),
                row("32-bit memories only", wideImport("stable_size", NONE, new int[] {I32})),
                row("no known entry point", exporting("canister_surprise")),
                row("no known entry point", exporting("canister_update")),
                row("two kinds", exporting("canister_update a", "canister_query a")),
                row("parameters or results", wrongEntry.build()),
                row("parameters or results", startWithResult.build()),
                row("methods, more than", methods(1001, 4)),
                row("bytes together", methods(500, 41)),
                row("icp:public <name>", module().custom("icp:x", new byte[1]).build()),
                row(
                        "Two custom sections",
                        module().custom("icp:public a", new byte[1])
                                .custom("icp:private a", new byte[1])
                                .build()),
                row("larger than", module().custom("icp:public a", new byte[1 << 20]).build()),
                row("sections are more than 16", sections(17)),
                row("67108864", large()),
                row("10485760", nops(11, 990_000)),
                row("allowed 1000000 instructions", nops(1, 1_000_001)),
                row("globals, more than", many(1001, wasm -> wasm.global(I32, true, 0))),
                row(
                        "functions, more than",
                        many(
                                50_001,
                                wasm -> {
                                    wasm.function(NONE, NONE, NONE, body -> {});
                                })),
                row("an operand is missing", code(body -> body.drop())),
                row("an operand is i64", code(body -> body.i64(1).i32(1).raw(0x6a).drop())),
                row("values are left", code(body -> body.i32(1))),
                row("branch leaves", code(body -> body.br(5))),
                row("not declared", code(body -> body.call(99))),
                row("not declared", code(body -> body.get(3))),
                row("alignment", code(body -> body.i32(0).raw(0x28, 5, 0).drop())),
                row("no memory", new WasmBuilder().update("x", body -> body.raw(0x3f, 0)).build()),
                row(
                        "too large for this replica",
                        code(body -> {
                            for (int i = 0; i < 30_000; i++) {
                                body.i32(i).i32(i).raw(0x6a).drop();
                            }
                        })),
                row(
                        "too large for this replica",
                        code(body -> {
                            body.block(0x40).i32(0).brTable(new int[60_000]).end();
                        })),
                row(
                        "nested blocks",
                        code(body -> {
                            for (int i = 0; i < 20_000; i++) {
                                body.block(0x40);
                            }
                        })),
                row(
                        "locals",
                        new WasmBuilder()
                                .update("y", body -> {})
                                .entry("canister_init", locals(21_000), body -> {})
                                .build()));
    }

    private static int[] locals(int count) {
        int[] locals = new int[count];
        Arrays.fill(locals, I64);
        return locals;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void areRefusedWithASentence(String sentence, byte[] wasm) {
        String refusal = refusal(wasm);
        assertTrue(refusal.contains(sentence), refusal);
    }

    @Test
    void whatIsAtTheLimitsIsTaken() throws Exception {
        WasmBuilder wasm = module();
        for (int i = 0; i < 1000; i++) {
            wasm.global(I64, true, i);
        }
        for (int i = 0; i < 16; i++) {
            wasm.custom("icp:public " + i, new byte[100]);
        }
        int first = 0;
        for (int i = 0; i < 50_000; i++) {
            int made = wasm.function(NONE, NONE, NONE, body -> {});
            first = i == 0 ? made : first;
        }
        for (int i = 0; i < 1000; i++) {
            wasm.export("canister_update " + i, first + 49 * i);
        }
        CanisterModule module = RUNTIME.load(Blob.of(wasm.build()));
        assertEquals(MethodKind.UPDATE, module.method("999"));
        assertEquals(16, module.customSections().size());
    }

    @Test
    void blocksAreCompiledAsDeepAsTheyMayBeNested() throws Exception {
        byte[] wasm =
                code(body -> {
                    for (int i = 0; i < 9_990; i++) {
                        body.block(0x40);
                    }
                    for (int i = 0; i < 9_990; i++) {
                        body.end();
                    }
                });
        assertEquals(1, TestCanister.onLane(() -> RUNTIME.load(Blob.of(wasm))).methods().size());
    }

    @Test
    void namesTheFunctionThatIsTooLarge() {
        WasmBuilder wasm = module();
        wasm.function(NONE, NONE, NONE, body -> {});
        wasm.function(
                NONE,
                NONE,
                NONE,
                body -> {
                    for (int i = 0; i < 15_000; i++) {
                        body.f64(i).f64(i).raw(0xa0).drop();
                    }
                });
        String refusal = refusal(wasm.build());
        assertTrue(refusal.startsWith("Function 1 is too large"), refusal);
    }

    @Test
    void gzipIsUnpackedAndBombsAreNot() throws Exception {
        byte[] wasm = RandomModule.of(1);
        CanisterModule module = RUNTIME.load(Blob.of(gzip(wasm, 0)));
        assertEquals(MethodKind.UPDATE, module.method("run"));
        assertTrue(refusal(gzip(wasm, 200 << 20)).contains("unpacked module"));
        byte[] cut = gzip(wasm, 0);
        assertTrue(refusal(Arrays.copyOf(cut, cut.length - 9)).contains("gzip"));
    }

    private static byte[] gzip(byte[] head, int zeros) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(head);
            byte[] part = new byte[1 << 20];
            for (int i = 0; i < zeros; i += part.length) {
                out.write(part);
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void damagedModulesAreRefusedOrRewritten() throws Exception {
        Prng random = Prng.of(11);
        int rewritten = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] wasm = RandomModule.of(1 + i % 40);
            int changes = 1 + random.below(3);
            for (int j = 0; j < changes; j++) {
                wasm[random.below(wasm.length)] = (byte) random.bits();
            }
            if (random.chance(0.1)) {
                wasm = Arrays.copyOf(wasm, random.below(wasm.length));
            }
            try {
                DecodedModule decoded = ModuleDecoder.decode(wasm);
                ModuleRewriter.rewrite(decoded);
                rewritten++;
                if (rewritten % 20 == 0) {
                    // The engine must take what the rewriter gives.
                    RUNTIME.load(Blob.of(wasm));
                }
            } catch (InvalidModuleException e) {
                assertTrue(e.getMessage().length() > 5);
            }
        }
        assertTrue(rewritten > 100, "only " + rewritten);
    }
}
