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
///
/// How long that takes and how much memory hangs on the machine, so that it never decides what
/// becomes of a module (R-E9): a first try has bounds, and where execution needs the outcome there
/// is a second one, for which the node waits as long as it takes. When that one has no outcome
/// either, the node ends.
final class CompilerProcess {
    /// A module within the limits compiles in a fraction of this on a slow machine.
    private static final long SECONDS_MAX = 300;

    /// Of the second try: 68 years.
    private static final long SECONDS_UNBOUNDED = Integer.MAX_VALUE;

    /// The heap of the second try: four times what the largest module was seen to take.
    private static final int SECOND_HEAP_MEGABYTES = 2048;

    private CompilerProcess() {}

    /// Compiles in a new process.
    ///
    /// @param work a directory of our own for the files between the two
    /// @param heapMegabytes of the first try
    /// @param effort whether there is a second try
    /// @return null when the only try went beyond its time or memory
    static @Nullable CompiledModule compile(
            RewrittenModule module, Path work, int heapMegabytes, Effort effort) {
        Path in = null;
        Path out = null;
        try {
            in = Files.createTempFile(work, "compile", ".in");
            out = in.resolveSibling(in.getFileName() + ".out");
            CompilerMain.writeInput(in, module);
            int code = run(in, out, heapMegabytes, SECONDS_MAX);
            if (code != 0 && effort == Effort.AHEAD) {
                return null;
            }
            if (code != 0) {
                int heap = Math.max(SECOND_HEAP_MEGABYTES, heapMegabytes);
                code = run(in, out, heap, SECONDS_UNBOUNDED);
                if (code != 0) {
                    throw new Invariant.Violation(
                            "A module can't be compiled on this machine: the compiler ended with"
                                    + " code "
                                    + code
                                    + " although it had "
                                    + heap
                                    + " MiB; make room in its memory and on its disk and start the"
                                    + " node again, nothing is lost");
                }
            }
            return CompiledModule.decode(Files.readAllBytes(out));
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

    /// One try.
    ///
    /// @return 0 when the outcome was written
    private static int run(Path in, Path out, int heapMegabytes, long secondsMax)
            throws IOException {
        Process process =
                new ProcessBuilder(command(in, out, heapMegabytes))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                // The next try writes to the same file.
                process.destroyForcibly().waitFor();
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new Invariant.Violation("Interrupted while a module was compiled");
        }
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
