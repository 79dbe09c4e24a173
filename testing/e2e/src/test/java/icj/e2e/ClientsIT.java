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
import java.util.List;

/// Both npm agents, unmodified, with canisters of both Motoko lines, through each node (R-I1), all
/// checks of theirs on.
@Tag("e2e")
@Tag("node")
final class ClientsIT {
    static final Npm NPM =
            new Npm(
                    Network.ROOT.resolve("testing/e2e/npm"),
                    Network.ROOT.resolve("testing/e2e/target/npm"),
                    List.of(
                            "package.json",
                            "package-lock.json",
                            ".npmrc",
                            "build.mjs",
                            "clients.mjs",
                            "canisters/Counter.mo"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(600)
    void motokoCanistersLiveThroughEveryNodeAndEveryClient() throws Exception {
        prepare();
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
        prepare();
        try (Network network = Network.start(home, 1, 0)) {
            for (String library : List.of("icp-sdk", "dfinity")) {
                life(network, network.node("1"), library, "motoko4");
            }
        }
    }

    private static void life(Network network, Network.Node node, String library, String line) {
        Shell.Outcome outcome =
                NPM.node(
                        "clients.mjs",
                        "--library",
                        library,
                        "--wasm",
                        "wasm/counter-" + line + ".wasm",
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

    /// The packages, and the canisters compiled once for each change of them.
    private static synchronized void prepare() throws IOException {
        assumeTrue(Npm.isPresent("client tests"), "no Node");
        Path wasm = NPM.folder().resolve("wasm");
        if (NPM.install() || !Files.exists(wasm)) {
            NPM.node("build.mjs", "wasm").expect(0);
        }
    }
}
