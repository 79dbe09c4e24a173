package icj.execution.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.execution.wasm.engine.RuntimeSettings.Engine;
import icj.types.Blob;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The class cache on disk and the compiler in a process of its own.
final class ClassCacheTest {
    @TempDir Path directory;

    private RuntimeSettings settings(boolean process) {
        return settings(process, 256);
    }

    private RuntimeSettings settings(boolean process, int heapMegabytes) {
        return new RuntimeSettings(
                directory.resolve("cache"),
                directory,
                process,
                heapMegabytes,
                Engine.COMPILED,
                8,
                10_000,
                1 << 20);
    }

    private List<Path> classes() throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            return files.filter(file -> file.toString().endsWith(".classes")).toList();
        }
    }

    private static MessageResult run(ChicoryRuntime runtime, long seed) throws Exception {
        return TestCanister.onLane(() -> {
            TestCanister canister = new TestCanister(runtime, RandomModule.of(seed));
            assertNull(canister.install().trap());
            canister.instructionLimit = 400_000;
            return canister.update("canister_update run");
        });
    }

    @Test
    void theCompilerProcessMakesWhatThisProcessMakes() throws Exception {
        MessageResult here;
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(false))) {
            here = run(runtime, 3);
        }
        byte[] compiledHere = Files.readAllBytes(classes().get(0));
        Files.delete(classes().get(0));
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(true))) {
            MessageResult there = run(runtime, 3);
            assertEquals(here.instructions(), there.instructions());
            assertEquals(here.trap(), there.trap());
        }
        assertArrayEquals(compiledHere, Files.readAllBytes(classes().get(0)));
    }

    @Test
    void aCompilerWithoutMemoryDecidesNothing() throws Exception {
        // No Java starts with a heap of a megabyte.
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(true, 1))) {
            runtime.prepare(Blob.of(RandomModule.of(3)));
            assertEquals(0, classes().size());
            run(runtime, 3);
            assertEquals(1, classes().size());
        }
    }

    @Test
    void elementsAreHeldAsNumbersAndCounted() throws Exception {
        int count = 900_000;
        WasmBuilder wasm = new WasmBuilder();
        wasm.table(count, count);
        int[] functions = new int[count];
        Arrays.fill(functions, wasm.function(new int[0], new int[0], new int[0], body -> {}));
        wasm.elements(0, functions);
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(false))) {
            runtime.load(Blob.of(wasm.build()));
            long held = 0;
            for (WasmRuntime.Kept kept : runtime.kept()) {
                held += kept.what() == WasmRuntime.Keeps.CODE_BYTES ? kept.amount() : 0;
            }
            assertTrue(held >= 4L * count, "" + held);
        }
        assertTrue(Files.size(classes().get(0)) < 100_000);
    }

    @Test
    void aDamagedFileIsCompiledAnew() throws Exception {
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(false))) {
            run(runtime, 3);
        }
        Path file = classes().get(0);
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[good.length / 2] ^= 1;
        Files.write(file, bad);
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(false))) {
            run(runtime, 3);
        }
        assertArrayEquals(good, Files.readAllBytes(file));
    }

    @Test
    void onlyTheOwnerCanReadIt() throws Exception {
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(false))) {
            run(runtime, 3);
        }
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("cache"))));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(classes().get(0))));
    }

    @Test
    void refusalsAreKeptToo() throws Exception {
        WasmBuilder wasm = new WasmBuilder();
        wasm.update(
                "x",
                body -> {
                    for (int i = 0; i < 15_000; i++) {
                        body.f64(i).f64(i).raw(0xa0).drop();
                    }
                });
        for (int i = 0; i < 2; i++) {
            try (ChicoryRuntime runtime = new ChicoryRuntime(settings(true))) {
                String refusal =
                        assertThrows(
                                        InvalidModuleException.class,
                                        () -> runtime.load(Blob.of(wasm.build())))
                                .getMessage();
                assertTrue(refusal.startsWith("Function 0 is too large"), refusal);
            }
            assertEquals(1, classes().size());
        }
    }

    @Test
    void codeIsUnloadedAndLoadedAgain() throws Exception {
        // A budget of a megabyte holds a few of these modules at most.
        try (ChicoryRuntime runtime = new ChicoryRuntime(settings(false))) {
            List<String> first = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                for (long seed = 1; seed <= 30; seed++) {
                    MessageResult result = run(runtime, seed);
                    String outcome = result.trap() + " " + result.instructions();
                    if (round == 0) {
                        first.add(outcome);
                    } else {
                        assertEquals(first.get((int) seed - 1), outcome);
                    }
                }
            }
        }
    }
}
