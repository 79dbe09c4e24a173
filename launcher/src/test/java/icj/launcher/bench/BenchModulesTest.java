package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.CommittedModule;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/// The committed modules of the benches are what their text gives.
final class BenchModulesTest {
    private static final Path FOLDER =
            Path.of(
                    System.getProperty("icj.root"),
                    "launcher/src/main/resources/icj/launcher/bench");

    @ParameterizedTest
    @ValueSource(strings = {"load", "pages", "kernels"})
    void theModuleIsWhatItsTextGives(String name) throws Exception {
        assertTrue(CommittedModule.check(FOLDER, name).length > 0);
    }
}
