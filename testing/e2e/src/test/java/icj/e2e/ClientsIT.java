package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Both npm agents, unmodified, with canisters of both Motoko lines, through each node (R-I1), all
/// checks of theirs on.
@Tag("e2e")
@Tag("node")
final class ClientsIT {
    private static final Path SOURCES = Network.ROOT.resolve("testing/e2e/npm");
    private static final Path BUILT = Network.ROOT.resolve("testing/e2e/target/npm");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(600)
    void motokoCanistersLiveThroughEveryNodeAndEveryClient() throws Exception {
        needNode();
        install();
        try (Network network = Network.start(home, 4, 1)) {
            for (Network.Node node : network.nodes()) {
                for (String library : List.of("icp-sdk", "dfinity")) {
                    for (String line : List.of("motoko4", "motoko3")) {
                        life(network, node, library, line);
                    }
                }
            }
        }
    }

    @Test
    @Timeout(300)
    void motokoCanistersLiveOnOneNode() throws Exception {
        needNode();
        install();
        try (Network network = Network.start(home, 1, 0)) {
            for (String library : List.of("icp-sdk", "dfinity")) {
                life(network, network.node("1"), library, "motoko4");
            }
        }
    }

    private static void life(Network network, Network.Node node, String library, String line) {
        Shell.Outcome outcome =
                node(
                        BUILT.resolve("clients.mjs").toString(),
                        "--library",
                        library,
                        "--wasm",
                        BUILT.resolve("wasm/counter-" + line + ".wasm").toString(),
                        "--url",
                        node.http().toString(),
                        "--ecid",
                        network.defaultEffectiveCanisterId());
        assertTrue(
                outcome.exit() == 0 && outcome.output().contains("PASSED"),
                () ->
                        library
                                + " with "
                                + line
                                + " through node "
                                + node.name()
                                + ":\n"
                                + outcome.output());
    }

    /// Without Node the client tests are skipped and say so, unless -Dnode.required forbids it.
    private static void needNode() {
        boolean present;
        try {
            present = new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (!present) {
            System.out.println("NOT RUN: client tests (no Node)");
            assertTrue(
                    System.getProperty("node.required").equals("absent"),
                    "-Dnode.required is set and there is no Node: install nodejs and npm");
        }
        assumeTrue(present, "no Node");
    }

    /// Installs the packages of the lock file and compiles the canisters, once for each change of
    /// the sources.
    private static synchronized void install() throws IOException {
        Path stamp = BUILT.resolve("stamp");
        String state = fingerprint();
        if (Files.exists(stamp) && Files.readString(stamp).equals(state)) {
            return;
        }
        Files.createDirectories(BUILT);
        for (String file : files()) {
            Path target = BUILT.resolve(file);
            Files.createDirectories(target.resolveSibling("x").getParent());
            Files.copy(
                    SOURCES.resolve(file),
                    target,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Shell.run(
                        BUILT,
                        Map.of(),
                        Duration.ofMinutes(5),
                        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
                .expect(0);
        node(BUILT.resolve("build.mjs").toString(), BUILT.resolve("wasm").toString()).expect(0);
        Files.writeString(stamp, state);
    }

    private static Shell.Outcome node(String... arguments) {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        return Shell.run(BUILT, Map.of(), Duration.ofMinutes(3), command);
    }

    private static List<String> files() {
        return List.of(
                "package.json",
                "package-lock.json",
                ".npmrc",
                "build.mjs",
                "clients.mjs",
                "canisters/Counter.mo");
    }

    private static String fingerprint() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String file : files()) {
            all.append(file).append('\n').append(Files.readString(SOURCES.resolve(file)));
        }
        return Integer.toHexString(all.toString().hashCode());
    }
}
