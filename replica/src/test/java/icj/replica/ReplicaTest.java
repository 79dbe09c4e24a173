package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.CertificateVerdict;
import icj.crypto.certificate.CertificateVerifier;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.testing.Await;
import icj.types.Blob;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Whole nodes in this process: real stores, sockets, keys and loops.
@Timeout(120)
final class ReplicaTest extends WholeNodes {
    private static Certificate certificateIn(byte[] body) throws Exception {
        return Certificate.decode(
                CborFields.of(Cbor.decode(Blob.of(body), CborLimits.CERTIFICATE), "answer")
                        .bytes("certificate", Integer.MAX_VALUE));
    }

    @Test
    void aSingleNodeCertifiesItsState() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1);
        Replica node = start(network, "1");
        awaitReady(node);
        assertEquals(200, get(node.metricsPort(), "/health/ready").statusCode());
        assertEquals(200, get(node.httpPort(), "/api/v2/status").statusCode());
        String first = network.registry.root().ranges().getFirst().first().toString();
        HttpResponse<byte[]> answer =
                post(node.httpPort(), "/api/v3/canister/" + first + "/read_state", readTime());
        assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
        CertificateVerdict verdict =
                CertificateVerifier.of(network.registry.rootKeyDer())
                        .verify(
                                certificateIn(answer.body()),
                                System.currentTimeMillis() * 1_000_000L);
        assertTrue(verdict instanceof CertificateVerdict.Valid, verdict::toString);
    }

    @Test
    void eachFinalBlockIsCountedOnce() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1);
        Replica node = start(network, "1");
        awaitReady(node);
        String maker = network.config("1").node().toString();
        Await.until(
                "as many final blocks as executed ones, between two blocks of an idle subnet",
                () -> {
                    double blocks = metric(node, "ic_blocks_total{maker=\"" + maker + "\"}");
                    return blocks > 0 && blocks == metric(node, "ic_execution_batches_total");
                });
    }

    @Test
    void fourNodesAndTheirRootCertifyWithADelegation() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1, 4);
        List<Replica> nodes = startAll(network);
        String first = network.registry.defaultSubnet().ranges().getFirst().first().toString();
        CertificateVerifier verifier = CertificateVerifier.of(network.registry.rootKeyDer());
        for (Replica node : nodes) {
            // The node of the root subnet relays (R-I1).
            HttpResponse<byte[]> answer =
                    post(node.httpPort(), "/api/v3/canister/" + first + "/read_state", readTime());
            assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
            Certificate certificate = certificateIn(answer.body());
            CertificateVerdict verdict =
                    verifier.verify(certificate, System.currentTimeMillis() * 1_000_000L);
            assertTrue(verdict instanceof CertificateVerdict.Valid, verdict::toString);
            assertTrue(
                    ((CertificateVerdict.Valid) verdict).covers(Principal.fromText(first)),
                    "the delegation covers the canister");
        }
    }

    @Test
    void aNodeThatWasAwayCatchesUpAndServesAgain() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 4);
        List<Replica> nodes = startAll(network);
        String first = network.registry.root().ranges().getFirst().first().toString();
        String path = "/api/v3/canister/" + first + "/call";
        Replica away = nodes.get(3);
        close(away);
        for (int i = 0; i < 12; i++) {
            HttpResponse<byte[]> answer = post(nodes.get(i % 3).httpPort(), path, call(first));
            assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
        }
        Replica back = start(network, "4");
        awaitReady(back);
        HttpResponse<byte[]> answer = post(back.httpPort(), path, call(first));
        assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
    }

    @Test
    void aNodeWhoseDiskWasEmptyIsSilentAndSaysSo() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 4);
        List<Replica> nodes = startAll(network);
        String first = network.registry.root().ranges().getFirst().first().toString();
        String path = "/api/v3/canister/" + first + "/call";
        for (int i = 0; i < 12; i++) {
            assertEquals(200, post(nodes.get(i % 4).httpPort(), path, call(first)).statusCode());
        }
        // Without the third there is no quorum, so that no height ends the silence of the fourth.
        close(nodes.get(2));
        close(nodes.get(3));
        NodeConfig config = network.config("4");
        NodeImage.delete(config.journal());
        NodeImage.delete(config.state());
        Files.delete(config.journal().resolveSibling("journal.mark"));
        Replica empty = start(network, "4");
        Await.until(
                () -> "silent, but " + empty.readiness().toJson(),
                () ->
                        empty.readiness()
                                .toJson()
                                .contains(
                                        "\"silent\":{\"ready\":false,\"reason\":\"the disk of"
                                                + " this node was empty"));
        assertEquals(1, metric(empty, "ic_silent"));
        assertEquals(503, get(empty.metricsPort(), "/health/ready").statusCode());
        awaitReady(start(network, "3"));
        awaitReady(empty);
        assertEquals(200, post(empty.httpPort(), path, call(first)).statusCode());
    }

    @Test
    void withoutAQuorumCallsGetAReasonAndReadsAreStillAnswered() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 4);
        List<Replica> nodes = startAll(network);
        for (int i = 2; i < 4; i++) {
            close(nodes.get(i));
        }
        String first = network.registry.root().ranges().getFirst().first().toString();
        int port = nodes.getFirst().httpPort();
        HttpResponse<byte[]> refused =
                post(port, "/api/v3/canister/" + first + "/call", call(first));
        while (refused.statusCode() != 503) {
            refused = post(port, "/api/v3/canister/" + first + "/call", call(first));
        }
        assertTrue(
                new String(refused.body(), StandardCharsets.UTF_8).contains("quorum"),
                "the reason is named");
        assertEquals(
                200,
                post(port, "/api/v3/canister/" + first + "/read_state", readTime()).statusCode());
        assertEquals(503, get(nodes.getFirst().metricsPort(), "/health/ready").statusCode());
        Replica back = start(network, "3");
        awaitReady(back);
        HttpResponse<byte[]> answer =
                post(back.httpPort(), "/api/v3/canister/" + first + "/call", call(first));
        assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
    }

    @Test
    void aRelayGoesOnToTheNextNodeWhenOneIsDown() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1, 4);
        List<Replica> nodes = startAll(network);
        Replica root = nodes.getFirst();
        Replica down = nodes.getLast();
        close(down);
        String first = network.registry.defaultSubnet().ranges().getFirst().first().toString();
        for (int i = 0; i < 8; i++) {
            HttpResponse<byte[]> answer =
                    post(root.httpPort(), "/api/v3/canister/" + first + "/call", call(first));
            assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
        }
        // R-I2: until streams exist, the root subnet alone can answer for this id.
        HttpResponse<byte[]> refused =
                post(nodes.get(1).httpPort(), "/api/v3/canister/aaaaa-aa/call", call("aaaaa-aa"));
        assertEquals(400, refused.statusCode());
        assertTrue(new String(refused.body(), StandardCharsets.UTF_8).contains(first));
        HttpResponse<byte[]> served =
                post(root.httpPort(), "/api/v3/canister/aaaaa-aa/call", call("aaaaa-aa"));
        assertEquals(200, served.statusCode(), () -> new String(served.body()));
    }

    @Test
    void aDelegationOutlivesARestartUnlessItIsDamaged() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1, 1);
        Replica root = start(network, "nns1");
        Replica node = start(network, "1");
        awaitReady(root);
        awaitReady(node);
        for (Replica replica : List.of(root, node)) {
            replica.close();
            running.remove(replica);
        }
        Replica again = start(network, "1");
        awaitReady(again);
        again.close();
        running.remove(again);
        Path file = network.config("1").journal().resolveSibling("delegation.cbor");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Replica without = start(network, "1");
        awaitReason(without, "delegation");
        Replica rootAgain = start(network, "nns1");
        awaitReady(rootAgain);
        awaitReady(without);
    }

    private NodeFailure refusal(NodeConfig config, TestNetwork network) {
        return assertThrows(
                NodeFailure.class,
                () -> {
                    Replica replica =
                            Replica.start(
                                    config,
                                    network.registry,
                                    new ChicoryRuntime(
                                            RuntimeSettings.inProcess(
                                                    RuntimeSettings.Engine.COMPILED)),
                                    (_, _) -> {});
                    running.add(replica);
                });
    }

    @Test
    void aTakenPortIsNamedAndExitsWithFive() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1);
        NodeConfig config = network.config("1");
        try (ServerSocket taken =
                new ServerSocket(config.http().port(), 1, InetAddress.getByName("127.0.0.1"))) {
            NodeFailure failure = refusal(config, network);
            assertEquals(ExitCode.CONFLICT, failure.exitCode());
            assertTrue(
                    String.valueOf(failure.getMessage())
                            .contains(Integer.toString(taken.getLocalPort())));
        }
        Replica node = start(network, "1");
        awaitReady(node);
    }

    @Test
    void dataOfAnotherNetworkIsRefused() throws Exception {
        TestNetwork network = TestNetwork.create(Files.createDirectory(folder.resolve("a")), 1);
        Replica node = start(network, "1");
        awaitReady(node);
        node.close();
        running.remove(node);
        TestNetwork other = TestNetwork.create(Files.createDirectory(folder.resolve("b")), 1);
        NodeConfig mine = network.config("1");
        NodeConfig theirs = other.config("1");
        NodeConfig mixed =
                new NodeConfig(
                        theirs.network(),
                        theirs.node(),
                        theirs.name(),
                        theirs.genesis(),
                        theirs.keys(),
                        mine.journal(),
                        theirs.state(),
                        theirs.log(),
                        theirs.http(),
                        theirs.p2p(),
                        theirs.metrics(),
                        theirs.classCache(),
                        theirs.nativeCache(),
                        null);
        assertEquals(ExitCode.DAMAGED, refusal(mixed, other).exitCode());
        NodeFailure genesis =
                assertThrows(
                        NodeFailure.class,
                        () ->
                                GenesisCheck.registry(
                                        new NodeConfig(
                                                mine.network(),
                                                mine.node(),
                                                mine.name(),
                                                theirs.genesis(),
                                                mine.keys(),
                                                mine.journal(),
                                                mine.state(),
                                                mine.log(),
                                                mine.http(),
                                                mine.p2p(),
                                                mine.metrics(),
                                                mine.classCache(),
                                                mine.nativeCache(),
                                                null)));
        assertEquals(ExitCode.DAMAGED, genesis.exitCode());
    }

    @Test
    void theKeyOfAnotherNodeIsRefused() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 4);
        NodeConfig one = network.config("1");
        for (String file :
                List.of("signing.pem", "tls.crt", "threshold-low.key", "threshold-high.key")) {
            Path mine = one.keys().resolve(file);
            byte[] kept = Files.readAllBytes(mine);
            Files.write(mine, Files.readAllBytes(network.config("2").keys().resolve(file)));
            NodeFailure failure = refusal(one, network);
            assertEquals(ExitCode.DAMAGED, failure.exitCode());
            assertTrue(String.valueOf(failure.getMessage()).contains(file), failure::getMessage);
            Files.write(mine, kept);
        }
    }

    @Test
    void aLostJournalBesideAStateIsRefused() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1);
        Replica node = start(network, "1");
        awaitReady(node);
        node.close();
        running.remove(node);
        NodeConfig config = network.config("1");
        try (Stream<Path> files = Files.walk(config.journal())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        NodeFailure failure = refusal(config, network);
        assertEquals(ExitCode.DAMAGED, failure.exitCode());
    }
}
