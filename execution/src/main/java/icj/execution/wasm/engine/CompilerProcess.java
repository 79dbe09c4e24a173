package icj.execution.wasm.engine;

import icj.execution.wasm.binary.RewrittenModule;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs [CompilerMain] with the same Java and class path as this process.
final class CompilerProcess {
    /// A module within the limits compiles in a fraction of this on a slow machine.
    private static final long SECONDS_MAX = 300;

    private CompilerProcess() {}

    /// Compiles in a new process.
    ///
    /// @param work a directory of our own for the files between the two
    static CompiledModule compile(RewrittenModule module, Path work, int heapMegabytes) {
        Path in = null;
        Path out = null;
        try {
            in = Files.createTempFile(work, "compile", ".in");
            out = in.resolveSibling(in.getFileName() + ".out");
            CompilerMain.writeInput(in, module);
            Process process =
                    new ProcessBuilder(command(in, out, heapMegabytes))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            return outcome(process, out);
        } catch (IOException e) {
            throw Traps.violation("The compiler process can't be used: " + e.getMessage(), e);
        } finally {
            delete(in);
            delete(out);
        }
    }

    private static List<String> command(Path in, Path out, int heapMegabytes) {
        String java = ProcessHandle.current().info().command().orElse("java");
        return List.of(
                java,
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                CompilerMain.class.getName(),
                in.toString(),
                out.toString());
    }

    private static CompiledModule outcome(Process process, Path out) throws IOException {
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return CompiledModule.takesTooMuch("long");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new Invariant.Violation("Interrupted while a module was compiled");
        }
        int code = process.exitValue();
        if (code == 3) {
            // -XX:+ExitOnOutOfMemoryError
            return CompiledModule.takesTooMuch("much memory");
        }
        if (code != 0) {
            throw new IOException("it ended with code " + code);
        }
        return CompiledModule.decode(Files.readAllBytes(out));
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The directory is cleaned when the cache is opened.
            return;
        }
    }
}
