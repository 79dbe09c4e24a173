package icj.launcher.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.ExitCode;
import icj.launcher.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.GZIPOutputStream;

final class CanisterProjectTest {
    @TempDir Path folder;

    @Test
    void aFolderSaysWhatItHolds() throws Exception {
        write(
                """
                name: counter
                wasm: out/counter.wasm
                build: [make, "-j", 2]
                did: counter.did
                init: '(5)'
                """);
        CanisterProject project = CanisterProject.of(folder);
        assertEquals("counter", project.name());
        assertEquals(folder.resolve("out/counter.wasm"), project.wasm());
        assertEquals(List.of("make", "-j", "2"), project.build());
        assertEquals(folder.resolve("counter.did"), project.did());
        assertEquals("(5)", project.init());
    }

    @Test
    void aModuleAloneIsNamedByItsFile() throws Exception {
        for (String file : List.of("counter.wasm", "counter.wasm.gz")) {
            Path module = Files.write(folder.resolve(file), new byte[] {0});
            assertEquals("counter", CanisterProject.of(module).name());
        }
        assertEquals(
                ExitCode.USAGE,
                failure(() -> CanisterProject.of(folder.resolve("none.wasm"))).code());
        Path text = Files.writeString(folder.resolve("counter.txt"), "");
        assertEquals(ExitCode.USAGE, failure(() -> CanisterProject.of(text)).code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    name: x                              | "wasm" is missing
                    wasm: x                              | "name" is missing
                    {name: x, wasm: y, wams: z}          | the key "wams" is unknown
                    {name: x, wasm: [y]}                 | "wasm" is not a text
                    {name: x, wasm: y, build: make}      | "build" is a list
                    {name: x, wasm: y, build: []}        | "build" is a list
                    {name: x, wasm: y, build: [{a: b}]}  | an argument of "build"
                    [name]                               | not a list of keys
                    {name                                | no YAML
                    """)
    void whatIsWrongIsNamed(String yaml, String reason) throws Exception {
        write(yaml);
        Failure failure = failure(() -> CanisterProject.of(folder));
        assertEquals(ExitCode.USAGE, failure.code());
        assertTrue(failure.cause().contains(reason), failure.cause());
    }

    @Test
    void aFolderWithoutTheFileIsAUsageError() {
        assertTrue(failure(() -> CanisterProject.of(folder)).cause().contains("canister.yaml"));
    }

    @Test
    void theBuildRunsOnlyWhenASourceIsNewer() throws Exception {
        write(
                """
                name: x
                wasm: x.wasm
                build: [sh, -c, "echo again >> count; touch x.wasm"]
                """);
        Files.writeString(folder.resolve("source.txt"), "1");
        CanisterProject project = CanisterProject.of(folder);
        assertTrue(Build.run(project));
        long built = Files.getLastModifiedTime(project.wasm()).toMillis();
        Files.setLastModifiedTime(folder.resolve("count"), FileTime.fromMillis(built - 1_000));
        Files.setLastModifiedTime(folder.resolve("source.txt"), FileTime.fromMillis(built - 500));
        Files.setLastModifiedTime(
                folder.resolve("canister.yaml"), FileTime.fromMillis(built - 500));
        assertFalse(Build.run(project));
        Files.setLastModifiedTime(folder.resolve("source.txt"), FileTime.fromMillis(built + 1_000));
        assertTrue(Build.run(project));
        assertEquals(2, Files.readAllLines(folder.resolve("count")).size());
    }

    @Test
    void aBuildThatFailsSaysItsExitCode() throws Exception {
        write("{name: x, wasm: x.wasm, build: [sh, -c, exit 3]}");
        Failure failure = failure(() -> build(CanisterProject.of(folder)));
        assertTrue(failure.cause().contains("exit code 3"), failure.cause());
        write("{name: x, wasm: x.wasm, build: [no-such-program-here]}");
        assertTrue(
                failure(() -> build(CanisterProject.of(folder)))
                        .cause()
                        .contains("can't be started"));
    }

    @Test
    void aModuleTellsItsInterfaceAndWhetherItKeepsItsHeap() throws Exception {
        byte[] plain = module("icp:public candid:service", "service : {}");
        ModuleFile module = ModuleFile.read(Files.write(folder.resolve("m.wasm"), plain));
        assertEquals("service : {}", module.candidService());
        assertFalse(module.keepsHeap());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(module("icp:private enhanced-orthogonal-persistence", ""));
        }
        ModuleFile keeping =
                ModuleFile.read(Files.write(folder.resolve("k.wasm.gz"), packed.toByteArray()));
        assertTrue(keeping.keepsHeap());
        assertNull(keeping.candidService());
        ModuleFile actorClass =
                ModuleFile.read(
                        Files.write(
                                folder.resolve("a.wasm"),
                                module("icp:private candid:args", "(nat)")));
        assertEquals("(nat)", actorClass.candidArguments());
        for (String text : List.of("", "no module", "\0asm\2\0\0\0")) {
            Path file = Files.writeString(folder.resolve("bad.wasm"), text);
            assertEquals(ExitCode.FAILURE, failure(() -> ModuleFile.read(file)).code(), text);
        }
    }

    /// Nodes would refuse it after it was sent.
    @Test
    void whatIsTooLargeIsNotSent() throws Exception {
        Path file = Files.write(folder.resolve("large.wasm"), module("icp:public x", ""));
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength((64 << 20) + 1);
        }
        Failure refused = failure(() -> ModuleFile.read(file));
        assertTrue(refused.cause().contains("more than 64 MiB"), refused.cause());
    }

    @Test
    void everyCutModuleIsReadWithoutHarm() throws Exception {
        byte[] whole = module("icp:public candid:service", "service : {}");
        for (int length = 8; length < whole.length; length++) {
            Path file =
                    Files.write(folder.resolve("cut.wasm"), java.util.Arrays.copyOf(whole, length));
            assertNull(ModuleFile.read(file).candidService());
        }
    }

    private static byte[] module(String section, String content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        byte[] name = section.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        out.write(0);
        out.write(1 + name.length + bytes.length);
        out.write(name.length);
        out.writeBytes(name);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private void write(String yaml) throws Exception {
        Files.writeString(folder.resolve(CanisterProject.FILE), yaml);
    }

    private static void build(CanisterProject project) {
        try {
            Build.run(project);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Failure failure(Runnable task) {
        return assertThrows(Failure.class, task::run);
    }
}
