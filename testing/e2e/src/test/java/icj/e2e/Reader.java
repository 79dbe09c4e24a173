package icj.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Somebody who reads a document from top to bottom and runs each block, in a folder that looks
/// like a checkout, with a home of their own.
final class Reader {
    private static final Duration BLOCK_DEADLINE = Duration.ofSeconds(180);

    private final Path home;
    private final Path checkout;
    private int count;

    /// A reader with an empty home.
    Reader(Path home) {
        this.home = home;
        this.checkout = home.resolve("checkout");
    }

    /// Makes the folder: the command is a link to the repository's; the examples are copied, since
    /// their builds write beside the sources. Their times stay, or a build would think them
    /// changed.
    Reader checkOut(Path root) {
        try {
            Files.createDirectories(checkout);
            link("ic", root.resolve("ic"));
            copy(root.resolve("examples"), checkout.resolve("examples"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a block and compares what it prints with what the document shows.
    void run(Document.Block block) {
        Path script = home.resolve("block-" + ++count + "." + block.language());
        try {
            Files.createDirectories(checkout);
            if (block.language().equals("js")) {
                script = checkout.resolve("block-" + count + ".mjs");
            }
            Files.writeString(script, block.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command =
                block.language().equals("js")
                        ? List.of("node", script.toString())
                        : List.of("sh", "-eu", script.toString());
        Shell.Outcome outcome;
        try {
            outcome = Shell.run(checkout, environment(), BLOCK_DEADLINE, command);
        } catch (AssertionError e) {
            throw new AssertionError(block.place() + ": " + e.getMessage(), e);
        }
        if (outcome.exit() != 0) {
            throw new AssertionError(
                    block.place()
                            + ": the block ended with "
                            + outcome.exit()
                            + ":\n"
                            + block.text()
                            + "It printed:\n"
                            + outcome.output());
        }
        String missing = block.missing(outcome.output());
        if (missing != null) {
            throw new AssertionError(
                    block.place()
                            + ": the document shows a line that was not printed: "
                            + missing
                            + "\nIt printed:\n"
                            + outcome.output());
        }
    }

    /// Makes packages known to scripts of this reader, as `npm install` would.
    void use(Path packages) {
        if (!Files.exists(checkout.resolve("node_modules"))) {
            link("node_modules", packages);
        }
    }

    private void link(String name, Path target) {
        try {
            Files.createSymbolicLink(checkout.resolve(name), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops every network that the blocks left running, and takes the links away.
    void leave() {
        stopAll();
        try {
            Files.deleteIfExists(checkout.resolve("ic"));
            Files.deleteIfExists(checkout.resolve("node_modules"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stopAll() {
        Path networks = home.resolve("data/ic/networks");
        if (!Files.isDirectory(networks)) {
            return;
        }
        try (Stream<Path> entries = Files.list(networks)) {
            for (Path network : entries.sorted().toList()) {
                List<String> stop =
                        List.of("./ic", "stop", "--network", network.getFileName().toString());
                Shell.run(checkout, environment(), BLOCK_DEADLINE, stop).expect(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ports that are free, so that two readers don't meet; and no place outside this home.
    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("IC_PORT", "auto");
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        environment.put("XDG_DATA_HOME", home.resolve("data").toString());
        environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        return environment;
    }

    Path checkout() {
        return checkout;
    }

    /// Copies a folder with the times of its files, without what builds put there.
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) throws IOException {
                        if (directory.getFileName().toString().equals("node_modules")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(to.resolve(from.relativize(directory)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file)),
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
