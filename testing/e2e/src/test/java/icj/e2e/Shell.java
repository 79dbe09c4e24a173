package icj.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs one command to its end, with a deadline, and keeps what it printed.
final class Shell {
    private Shell() {}

    /// What a command did.
    ///
    /// @param exit its exit code
    /// @param output what it wrote to standard output and standard error
    record Outcome(List<String> command, int exit, String output) {
        /// This outcome, or a failed test when the exit code is another one.
        Outcome expect(int code) {
            if (exit != code) {
                throw new AssertionError(
                        command + " ended with " + exit + " instead of " + code + ":\n" + output);
            }
            return this;
        }
    }

    static Outcome run(
            Path folder, Map<String, String> environment, Duration deadline, List<String> command) {
        try {
            Path output = Files.createTempFile("icj-e2e", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                            .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        command + " ran beyond " + deadline + ":\n" + Files.readString(output));
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Outcome(command, process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
