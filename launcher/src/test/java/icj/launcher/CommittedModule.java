package icj.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.testing.WatAssembler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// A module of ours that is committed beside its text.
public final class CommittedModule {
    private CommittedModule() {}

    /// Asserts that `NAME.wasm` is what `NAME.wat` gives; `-Dexamples.rewrite=true` writes it anew.
    ///
    /// @return the module
    public static byte[] check(Path folder, String name) throws IOException {
        byte[] module = WatAssembler.assemble(Files.readString(folder.resolve(name + ".wat")));
        Path file = folder.resolve(name + ".wasm");
        if (Boolean.getBoolean("examples.rewrite")) {
            Files.write(file, module);
        }
        assertEquals(
                HexFormat.of().formatHex(module),
                HexFormat.of().formatHex(Files.readAllBytes(file)),
                "rewrite it with -Dexamples.rewrite=true");
        return module;
    }
}
