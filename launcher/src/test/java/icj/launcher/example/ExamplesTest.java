package icj.launcher.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.CommittedModule;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The committed modules are what their text gives, and small.
final class ExamplesTest {
    private static final int BYTES_MAX = 5_000;

    @ParameterizedTest
    @ValueSource(strings = {"counter", "log"})
    void theModuleIsWhatItsTextGives(String name) throws Exception {
        Path folder = Path.of(System.getProperty("icj.root"), "examples", name);
        byte[] module = CommittedModule.check(folder, name);
        assertTrue(module.length < BYTES_MAX);
        String did = Files.readString(folder.resolve(name + ".did"));
        assertTrue(
                new String(module, StandardCharsets.ISO_8859_1)
                        .contains("icp:public candid:service" + did),
                "the text's custom section is the .did file");
    }
}
