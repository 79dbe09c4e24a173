package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Node.js and the packages of a lock file: what client tests need beside the JDK.
final class Npm {
    private static final Duration INSTALL_DEADLINE = Duration.ofMinutes(5);
    private static final Duration RUN_DEADLINE = Duration.ofMinutes(3);

    private final Path sources;
    private final Path folder;
    private final List<String> files;

    /// Packages of `sources/package.json`, installed into `folder`.
    ///
    /// @param files what is copied from the sources; a change of one installs anew
    Npm(Path sources, Path folder, List<String> files) {
        this.sources = sources;
        this.folder = folder;
        this.files = List.copyOf(files);
    }

    /// Whether there is Node. Without it a line says what is not run, and with `-Dnode.required`
    /// the test fails.
    static boolean isPresent(String what) {
        boolean present;
        try {
            present = new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (!present) {
            System.out.println("NOT RUN: " + what + " (no Node)");
            assertTrue(
                    System.getProperty("node.required").equals("absent"),
                    "-Dnode.required is set and there is no Node: install nodejs and npm");
        }
        return present;
    }

    Path folder() {
        return folder;
    }

    /// Installs what the lock file says, once for each change of the sources; whether it did.
    synchronized boolean install() {
        try {
            Path stamp = folder.resolve("stamp");
            String state = fingerprint();
            if (Files.exists(stamp) && Files.readString(stamp).equals(state)) {
                return false;
            }
            Files.createDirectories(folder);
            for (String file : files) {
                Path target = folder.resolve(file);
                Files.createDirectories(target.toAbsolutePath().getParent());
                Files.copy(sources.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
            }
            Shell.run(
                            folder,
                            Map.of(),
                            INSTALL_DEADLINE,
                            List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
                    .expect(0);
            Files.writeString(stamp, state);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a script of the folder.
    Shell.Outcome node(String... arguments) {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        return Shell.run(folder, Map.of(), RUN_DEADLINE, command);
    }

    private String fingerprint() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(file).append('\n').append(Files.readString(sources.resolve(file)));
        }
        return Integer.toHexString(all.toString().hashCode());
    }
}
