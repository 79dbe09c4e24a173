package icj.launcher.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.WatAssembler;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// The committed modules are what their text gives. `-Dexamples.rewrite=true` writes them anew.
final class ExamplesTest {
    private static final int BYTES_MAX = 5_000;

    @ParameterizedTest
    @ValueSource(strings = {"counter", "log"})
    void theModuleIsWhatItsTextGives(String name) throws Exception {
        Path folder = Path.of(System.getProperty("icj.root"), "examples", name);
        byte[] module = WatAssembler.assemble(Files.readString(folder.resolve(name + ".wat")));
        Path file = folder.resolve(name + ".wasm");
        if (Boolean.getBoolean("examples.rewrite")) {
            Files.write(file, module);
        }
        assertEquals(
                HexFormat.of().formatHex(module),
                HexFormat.of().formatHex(Files.readAllBytes(file)),
                "rewrite it with -Dexamples.rewrite=true");
        assertTrue(module.length < BYTES_MAX);
        String did = Files.readString(folder.resolve(name + ".did"));
        assertTrue(
                new String(module, StandardCharsets.ISO_8859_1)
                        .contains("icp:public candid:service" + did),
                "the text's custom section is the .did file");
    }
}
