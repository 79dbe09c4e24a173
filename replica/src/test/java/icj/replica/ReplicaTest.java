package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.CertificateVerdict;
import icj.crypto.certificate.CertificateVerifier;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.types.Blob;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// Whole nodes in this process: real stores, sockets, keys and loops.
@Timeout(120)
final class ReplicaTest {
    @TempDir Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Replica> running = new ArrayList<>();
    private final AtomicReference<String> died = new AtomicReference<>();

    @AfterEach
    void stop() {
        for (Replica replica : running) {
            replica.close();
        }
        assertEquals(null, died.get());
    }

    private Replica start(TestNetwork network, String name) throws Exception {
        NodeConfig config = network.config(name);
        Replica replica =
                Replica.start(
                        config,
                        network.registry,
                        new ChicoryRuntime(
                                RuntimeSettings.inProcess(RuntimeSettings.Engine.COMPILED)),
                        (sentence, cause) -> {
                            cause.printStackTrace();
                            died.compareAndSet(null, sentence + ": " + cause);
                        });
        running.add(replica);
        return replica;
    }

    private void awaitReady(Replica replica) throws Exception {
        while (replica.readiness().firstReason() != null) {
            assertEquals(null, died.get());
            Thread.onSpinWait();
            Thread.sleep(5);
        }
    }

    private HttpResponse<byte[]> get(int port, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(int port, String path, Blob body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/cbor")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toBytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Blob readTime() {
        return Envelope.unsigned(
                        new RequestContent.ReadState(
                                Principal.ANONYMOUS,
                                System.currentTimeMillis() * 1_000_000L + 60_000_000_000L,
                                null,
                                List.of(List.of(Blob.of("time".getBytes(StandardCharsets.UTF_8))))))
                .bytes();
    }

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
    void fourNodesAndTheirRootCertifyWithADelegation() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1, 4);
        List<Replica> nodes = new ArrayList<>();
        for (NodeConfig config : network.configs()) {
            nodes.add(start(network, config.name()));
        }
        for (Replica node : nodes) {
            awaitReady(node);
        }
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
}
