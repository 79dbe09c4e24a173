package icj.crypto.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.KeyFormatException;
import icj.crypto.NodeSigner;
import icj.types.Blob;
import icj.types.NodeId;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

final class PeerTlsTest {
    private static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");
    private static final int TURNS_MAX = 100;
    private static final int BUFFER = 1 << 17;

    /// A node with its TLS key and certificate.
    private record Node(NodeId id, Ed25519SigningKey key, Blob certificate) {
        static Node fresh() {
            NodeId id = NodeSigner.generate(new SecureRandom()).nodeId();
            Ed25519SigningKey key = Ed25519SigningKey.generate(new SecureRandom());
            return new Node(id, key, NodeCertificate.create(key, id, NOT_BEFORE));
        }

        PeerTls tls(Map<Blob, NodeId> registry) {
            try {
                return PeerTls.of(key, certificate, registry::get);
            } catch (KeyFormatException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Map<Blob, NodeId> registry(Node... nodes) {
        Map<Blob, NodeId> registry = new TreeMap<>();
        for (Node node : nodes) {
            registry.put(node.certificate, node.id);
        }
        return registry;
    }

    /// Passes bytes between both engines until nothing moves. Throws what an engine throws.
    private static final class Wire {
        private final SSLEngine client;
        private final SSLEngine server;
        private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
        private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER);

        Wire(SSLEngine client, SSLEngine server) {
            this.client = client;
            this.server = server;
        }

        void handshake() throws SSLException {
            client.beginHandshake();
            server.beginHandshake();
            for (int turn = 0; turn < TURNS_MAX; turn++) {
                boolean moved = turn(client, toServer, toClient);
                moved |= turn(server, toClient, toServer);
                if (!moved) {
                    return;
                }
            }
        }

        private static boolean turn(SSLEngine engine, ByteBuffer out, ByteBuffer in)
                throws SSLException {
            for (Runnable task = engine.getDelegatedTask();
                    task != null;
                    task = engine.getDelegatedTask()) {
                task.run();
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), out);
                return true;
            }
            in.flip();
            int before = in.remaining();
            if (before > 0) {
                engine.unwrap(in, ByteBuffer.allocate(BUFFER));
            }
            int after = in.remaining();
            in.compact();
            return after < before || engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
        }

        String send(String text) throws SSLException {
            ByteBuffer net = ByteBuffer.allocate(BUFFER);
            client.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), net);
            net.flip();
            ByteBuffer received = ByteBuffer.allocate(BUFFER);
            server.unwrap(net, received);
            received.flip();
            return StandardCharsets.UTF_8.decode(received).toString();
        }
    }

    @Test
    void registeredPeersMeetAndKnowEachOther() throws Exception {
        Node one = Node.fresh();
        Node two = Node.fresh();
        PeerTls client = one.tls(registry(one, two));
        PeerTls server = two.tls(registry(one, two));
        Wire wire = new Wire(client.clientEngine(), server.serverEngine());
        wire.handshake();
        assertEquals("TLSv1.3", wire.client.getSession().getProtocol());
        assertEquals(two.id, client.peer(wire.client.getSession()));
        assertEquals(one.id, server.peer(wire.server.getSession()));
        assertEquals("a block", wire.send("a block"));
    }

    @Test
    void anUnknownClientIsRefused() {
        Node known = Node.fresh();
        Node stranger = Node.fresh();
        PeerTls client = stranger.tls(registry(known, stranger));
        PeerTls server = known.tls(registry(known));
        Wire wire = new Wire(client.clientEngine(), server.serverEngine());
        assertThrows(SSLException.class, wire::handshake);
        assertNull(server.peer(wire.server.getSession()));
    }

    @Test
    void anUnknownServerIsRefused() {
        Node known = Node.fresh();
        Node stranger = Node.fresh();
        PeerTls client = known.tls(registry(known));
        PeerTls server = stranger.tls(registry(known, stranger));
        Wire wire = new Wire(client.clientEngine(), server.serverEngine());
        assertThrows(SSLException.class, wire::handshake);
        assertNull(client.peer(wire.client.getSession()));
    }

    @Test
    void aNameInAnotherCertificateHelpsNobody() {
        Node known = Node.fresh();
        Ed25519SigningKey key = Ed25519SigningKey.generate(new SecureRandom());
        Node impostor = new Node(known.id, key, NodeCertificate.create(key, known.id, NOT_BEFORE));
        Node server = Node.fresh();
        Wire wire =
                new Wire(
                        impostor.tls(registry(known, server)).clientEngine(),
                        server.tls(registry(known, server)).serverEngine());
        assertThrows(SSLException.class, wire::handshake);
    }

    @Test
    void aRegisteredCertificateWithoutItsKeyHelpsNobody() throws Exception {
        Node known = Node.fresh();
        Node server = Node.fresh();
        SSLContext thief = SSLContext.getInstance("TLSv1.3");
        X509Certificate stolen =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(known.certificate.toBytes()));
        byte[] other = Ed25519SigningKey.generate(new SecureRandom()).toPkcs8();
        thief.init(
                new KeyManager[] {
                    new icj.crypto.provider.SingleKey(
                            KeyFactory.getInstance("Ed25519")
                                    .generatePrivate(new PKCS8EncodedKeySpec(other)),
                            stolen)
                },
                new javax.net.ssl.TrustManager[] {new icj.crypto.provider.PinnedTrust(_ -> true)},
                null);
        SSLEngine client = thief.createSSLEngine();
        client.setUseClientMode(true);
        Wire wire = new Wire(client, server.tls(registry(known, server)).serverEngine());
        assertThrows(SSLException.class, wire::handshake);
    }

    @Test
    void aClientWithoutCertificateIsRefused() throws Exception {
        Node server = Node.fresh();
        SSLContext bare = SSLContext.getInstance("TLSv1.3");
        bare.init(
                new KeyManager[0],
                new javax.net.ssl.TrustManager[] {new icj.crypto.provider.PinnedTrust(_ -> true)},
                null);
        SSLEngine client = bare.createSSLEngine();
        client.setUseClientMode(true);
        PeerTls tls = server.tls(registry(server));
        Wire wire = new Wire(client, tls.serverEngine());
        assertThrows(SSLException.class, wire::handshake);
        assertNull(tls.peer(wire.server.getSession()));
    }

    @Test
    void olderVersionsAreRefused() {
        Node one = Node.fresh();
        Node two = Node.fresh();
        SSLEngine client = one.tls(registry(one, two)).clientEngine();
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        Wire wire = new Wire(client, two.tls(registry(one, two)).serverEngine());
        assertThrows(SSLException.class, wire::handshake);
    }

    @Test
    void aPeerThatLeftTheRegistryIsNoLongerOne() throws Exception {
        Node one = Node.fresh();
        Node two = Node.fresh();
        Map<Blob, NodeId> registry = registry(one, two);
        PeerTls server = two.tls(registry);
        Wire wire = new Wire(one.tls(registry(one, two)).clientEngine(), server.serverEngine());
        wire.handshake();
        assertEquals(one.id, server.peer(wire.server.getSession()));
        registry.remove(one.certificate);
        assertNull(server.peer(wire.server.getSession()));
    }

    @Test
    void theCertificateIsAsTheReferenceSays() throws Exception {
        Node node = Node.fresh();
        assertNull(NodeCertificate.problem(node.certificate, node.id));
        X509Certificate certificate =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(node.certificate.toBytes()));
        assertEquals(3, certificate.getVersion());
        assertEquals("CN=" + node.id, certificate.getSubjectX500Principal().getName());
        assertEquals("CN=" + node.id, certificate.getIssuerX500Principal().getName());
        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(NOT_BEFORE, certificate.getNotBefore().toInstant());
        assertEquals(Instant.parse("9999-12-31T23:59:59Z"), certificate.getNotAfter().toInstant());
        certificate.verify(certificate.getPublicKey());
        assertTrue(certificate.getSerialNumber().signum() > 0);
        assertEquals(node.certificate, NodeCertificate.create(node.key, node.id, NOT_BEFORE));
    }

    @Test
    void otherCertificatesAreNamedForWhatIsWrong() {
        Node node = Node.fresh();
        Node other = Node.fresh();
        assertProblem("does not name", node.certificate, other.id);
        assertProblem("malformed", Blob.of(new byte[] {1, 2}), node.id);
        byte[] damaged = node.certificate.toBytes();
        damaged[damaged.length - 1] ^= 1;
        assertProblem("not signed", Blob.of(damaged), node.id);
        byte[] longer =
                java.util.Arrays.copyOf(node.certificate.toBytes(), node.certificate.length() + 1);
        assertNotNull(NodeCertificate.problem(Blob.of(longer), node.id));
        assertThrows(
                KeyFormatException.class, () -> PeerTls.of(other.key, node.certificate, _ -> null));
        assertThrows(
                KeyFormatException.class,
                () -> PeerTls.of(node.key, Blob.of(new byte[] {1}), _ -> null));
    }

    private static void assertProblem(String fragment, Blob certificate, NodeId node) {
        String problem = NodeCertificate.problem(certificate, node);
        assertTrue(
                problem != null && problem.contains(fragment),
                List.of(String.valueOf(problem)).toString());
    }
}
