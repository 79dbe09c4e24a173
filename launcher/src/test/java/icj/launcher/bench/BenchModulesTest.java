package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.testing.WatAssembler;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// The committed modules of the benches are what their text gives. `-Dexamples.rewrite=true` writes
/// them anew.
final class BenchModulesTest {
    private static final Path FOLDER =
            Path.of(
                    System.getProperty("icj.root"),
                    "launcher/src/main/resources/icj/launcher/bench");

    @ParameterizedTest
    @ValueSource(strings = {"load", "pages", "kernels"})
    void theModuleIsWhatItsTextGives(String name) throws Exception {
        byte[] module = WatAssembler.assemble(Files.readString(FOLDER.resolve(name + ".wat")));
        Path file = FOLDER.resolve(name + ".wasm");
        if (Boolean.getBoolean("examples.rewrite")) {
            Files.write(file, module);
        }
        assertEquals(
                HexFormat.of().formatHex(module),
                HexFormat.of().formatHex(Files.readAllBytes(file)),
                "rewrite it with -Dexamples.rewrite=true");
    }
}
