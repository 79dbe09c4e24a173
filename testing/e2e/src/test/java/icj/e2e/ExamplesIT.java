package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import icj.agent.Agent;
import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.CertificateVerdict;
import icj.crypto.certificate.CertificateVerifier;
import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The examples in Motoko on one network: what their modules promise, and that the modules are what
/// their sources give.
@Tag("e2e")
@Timeout(300)
final class ExamplesIT {
    private static final List<String> MOTOKO =
            List.of("keyvalue", "certified", "publisher", "subscriber");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;

    private static Network network;

    @BeforeAll
    static void start() {
        // An NNS node beside, so that certificates carry a delegation.
        network = Network.start(home, 1, 1);
    }

    @AfterAll
    static void stop() {
        network.close();
    }

    @Test
    void theKeyValueStoreKeepsItsEntriesOverAnUpgrade() {
        network.deploy("examples/keyvalue");
        assertEquals("(null)", call("keyvalue", "put", "(\"b\", \"two\")"));
        assertEquals("(null)", call("keyvalue", "put", "(\"a\", \"one\")"));
        assertEquals("(opt \"two\")", call("keyvalue", "put", "(\"b\", \"zwei\")"));
        assertEquals("(null)", call("keyvalue", "put", "(\"c\", \"three\")"));
        assertEquals("(opt \"three\")", call("keyvalue", "remove", "(\"c\")"));
        network.deploy("examples/keyvalue");
        assertEquals("(opt \"zwei\")", call("keyvalue", "get", "(\"b\")", "--query"));
        assertEquals("(null)", call("keyvalue", "get", "(\"c\")", "--query"));
        assertEquals("(2 : nat)", call("keyvalue", "size", "()", "--query"));
        assertEquals(
                "(vec { record { \"a\"; \"one\" } })",
                call("keyvalue", "list", "(\"\", 1)", "--query"));
    }

    @Test
    void theCertifiedValueIsProvedToAClientThatTrustsNoNode() throws Exception {
        CanisterId canister = network.deploy("examples/certified");
        call("certified", "set", "(\"grüezi\")");
        byte[] cbor;
        try (Agent agent =
                Agent.builder(network.node("1").http()).rootKey(network.rootKey()).build()) {
            Blob reply =
                    agent.query(
                            canister, "get", Blob.owning(Candid.encode(List.<CandidValue>of())));
            CandidValue.Record answer =
                    (CandidValue.Record) Candid.decode(reply.toBytes()).values().getFirst();
            assertEquals(new CandidValue.Text("grüezi"), answer.get("value"));
            cbor =
                    ((CandidValue.Blob) ((CandidValue.Opt) answer.get("certificate")).value())
                            .toBytes();
        }
        Certificate certificate = Certificate.decode(Blob.of(cbor));
        CertificateVerifier verifier = CertificateVerifier.of(network.rootKey());
        CertificateVerdict.Valid verdict =
                assertInstanceOf(
                        CertificateVerdict.Valid.class,
                        verifier.verify(certificate, System.currentTimeMillis() * 1_000_000));
        assertTrue(verdict.covers(canister.principal()));
        assertArrayEquals(
                "grüezi".getBytes(StandardCharsets.UTF_8),
                certificate
                        .tree()
                        .value(
                                List.of(
                                        HashTree.label("canister"),
                                        Blob.of(canister.principal().toBytes()),
                                        HashTree.label("certified_data")))
                        .toBytes());
        byte[] forged =
                new String(cbor, StandardCharsets.ISO_8859_1)
                        .replace(latin("grüezi"), latin("grüizi"))
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertInstanceOf(
                CertificateVerdict.Invalid.class,
                verifier.verifyTimeless(Certificate.decode(Blob.of(forged))));
    }

    @Test
    void aLongerValueThanACertificateTakesIsRefused() {
        network.deploy("examples/certified");
        Shell.Outcome outcome =
                network.ic("call", "certified", "set", "(\"" + "x".repeat(33) + "\")");
        assertEquals(4, outcome.exit(), outcome.output());
    }

    @Test
    void publisherAndSubscriberCallOneAnother() {
        CanisterId publisher = network.deploy("examples/publisher");
        network.ic(
                        "deploy",
                        Network.ROOT.resolve("examples/subscriber").toString(),
                        "--arg",
                        "(principal \"" + publisher + "\")")
                .expect(0);
        call("subscriber", "listen", "()");
        assertEquals("(1 : nat)", call("publisher", "publish", "(\"first\")"));
        assertEquals("(1 : nat)", call("publisher", "publish", "(\"second\")"));
        assertEquals(
                "(vec { \"first\"; \"second\" })", call("subscriber", "news", "()", "--query"));
        Shell.Outcome stranger = network.ic("call", "subscriber", "receive", "(\"false\")");
        assertEquals(4, stranger.exit(), stranger.output());
    }

    @Test
    @Tag("node")
    void theModulesAreWhatTheirSourcesGive() throws Exception {
        assumeTrue(Npm.isPresent("rebuild of the examples"), "no Node");
        ClientsIT.NPM.install();
        Path copy = home.resolve("examples");
        Reader.copy(Network.ROOT.resolve("examples"), copy);
        Path packages =
                Files.createSymbolicLink(
                        copy.resolve("motoko/node_modules"),
                        ClientsIT.NPM.folder().resolve("node_modules"));
        for (String name : MOTOKO) {
            Path folder = copy.resolve(name);
            Path module = folder.resolve(name + ".wasm");
            Path did = folder.resolve(name + ".did");
            Files.delete(module);
            Files.delete(did);
            Shell.run(
                            folder,
                            Map.of(),
                            Duration.ofSeconds(120),
                            List.of("sh", "../motoko/build.sh", name))
                    .expect(0);
            Path committed = Network.ROOT.resolve("examples").resolve(name);
            assertEquals(Files.readString(committed.resolve(name + ".did")), Files.readString(did));
            assertTrue(
                    Files.mismatch(committed.resolve(name + ".wasm"), module) < 0,
                    name
                            + ".wasm is not what its source gives: run examples/motoko/build.sh in"
                            + " it");
        }
        Files.delete(packages);
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String call(String canister, String method, String arguments, String... more) {
        String[] command = new String[4 + more.length];
        command[0] = "call";
        command[1] = canister;
        command[2] = method;
        command[3] = arguments;
        System.arraycopy(more, 0, command, 4, more.length);
        String output = network.ic(command).expect(0).output().strip();
        return output.substring(output.lastIndexOf('\n') + 1);
    }
}
