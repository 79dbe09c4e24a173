package icj.replica.p2p;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.NodeSigner;
import icj.crypto.tls.NodeCertificate;
import icj.crypto.tls.PeerTls;
import icj.replica.metrics.Metrics;
import icj.testing.Await;
import icj.testing.FreePort;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.NodeId;
import icj.wire.Sha256;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Two and more nodes over real sockets and TLS: who gets in, who doesn't and what is counted.
@Timeout(60)
final class PeerNetworkTest {
    private static final Digest NETWORK = Sha256.of(new byte[] {1});

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SecureRandom random = new SecureRandom();
    private final Map<Blob, NodeId> registered = new TreeMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        group.shutdownGracefully().awaitUninterruptibly();
    }

    /// A node's keys, and its place in the network once it is started.
    private final class Node implements PeerEvents {
        private final NodeId id = NodeSigner.generate(random).nodeId();
        private final Ed25519SigningKey key = Ed25519SigningKey.generate(random);
        private final Blob certificate =
                NodeCertificate.create(key, id, Instant.now().minusSeconds(60));
        private final int port = FreePort.next();
        private final Metrics metrics = new Metrics();
        private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final AtomicInteger received = new AtomicInteger();
        private volatile Outcome outcome = Outcome.TAKEN;
        private volatile int cost = 1;
        private PeerNetwork network;

        PeerTls tls() throws Exception {
            return PeerTls.of(key, certificate, registered::get);
        }

        void start(Digest networkId, PeerLimits limits, Node... peers) throws Exception {
            List<PeerAddress> addresses = new ArrayList<>();
            for (Node peer : peers) {
                addresses.add(new PeerAddress(peer.id, "127.0.0.1", peer.port));
            }
            network =
                    new PeerNetwork(
                            id,
                            addresses,
                            "127.0.0.1",
                            port,
                            networkId,
                            tls(),
                            limits,
                            this,
                            group,
                            metrics);
            open.add(network);
            network.start();
        }

        long disconnections(String reason) {
            return metrics.counter("ic_p2p_disconnections_total", "", "reason", reason).value();
        }

        void awaitDisconnection(String reason) throws Exception {
            Await.until("disconnected for " + reason, () -> disconnections(reason) > 0);
        }

        @Override
        public void connected(NodeId peer) {
            events.add("connected " + peer);
        }

        @Override
        public void disconnected(NodeId peer) {
            events.add("disconnected " + peer);
        }

        @Override
        public Reception received(NodeId peer, FrameKind kind, Blob payload) {
            received.incrementAndGet();
            if (payload.length() < 100) {
                events.add(kind + " " + payload);
            }
            return new Reception(outcome, cost);
        }
    }

    private Node register(Node node) {
        registered.put(node.certificate, node.id);
        return node;
    }

    /// Two registered nodes, the one that dials first.
    private Node[] pair() {
        Node one = register(new Node());
        Node two = register(new Node());
        return one.id.compareTo(two.id) < 0 ? new Node[] {one, two} : new Node[] {two, one};
    }

    /// Two nodes that have heard of one another.
    private Node[] connectedPair(PeerLimits limits) throws Exception {
        Node[] pair = pair();
        pair[0].start(NETWORK, limits, pair[1]);
        pair[1].start(NETWORK, limits, pair[0]);
        pair[0].events.take();
        pair[1].events.take();
        return pair;
    }

    @Test
    void peersFindEachOtherAndTalkInBothDirections() throws Exception {
        Node[] pair = pair();
        pair[0].start(NETWORK, PeerLimits.STANDARD, pair[1]);
        pair[1].start(NETWORK, PeerLimits.STANDARD, pair[0]);
        assertEquals("connected " + pair[1].id, pair[0].events.take());
        assertEquals("connected " + pair[0].id, pair[1].events.take());
        pair[0].network.broadcast(FrameKind.ARTIFACT, Blob.fromHex("0a0b"), false);
        assertEquals("ARTIFACT 0a0b", pair[1].events.take());
        pair[1].network.send(pair[0].id, FrameKind.INGRESS, Blob.fromHex("0c"), true);
        assertEquals("INGRESS 0c", pair[0].events.take());
    }

    @Test
    void aPeerThatReturnsIsConnectedAgain() throws Exception {
        Node[] pair = pair();
        pair[0].start(NETWORK, PeerLimits.STANDARD, pair[1]);
        pair[1].start(NETWORK, PeerLimits.STANDARD, pair[0]);
        pair[0].events.take();
        pair[1].network.close();
        assertEquals("disconnected " + pair[1].id, pair[0].events.take());
        pair[1].start(NETWORK, PeerLimits.STANDARD, pair[0]);
        assertEquals("connected " + pair[1].id, pair[0].events.take());
    }

    @Test
    void anUnregisteredCertificateIsRefusedAndCounted() throws Exception {
        Node inside = register(new Node());
        Node outside = new Node();
        while (outside.id.compareTo(inside.id) >= 0) {
            outside = new Node();
        }
        Node member = register(new Node());
        inside.start(NETWORK, PeerLimits.STANDARD, member);
        outside.start(NETWORK, PeerLimits.STANDARD, inside);
        inside.awaitDisconnection("handshake");
        assertEquals(0, inside.network.connectedCount());
        assertEquals(0, outside.network.connectedCount());
    }

    @Test
    void aRegisteredNodeOfAnotherSubnetIsRefused() throws Exception {
        Node inside = register(new Node());
        Node stranger = register(new Node());
        while (stranger.id.compareTo(inside.id) >= 0) {
            stranger = register(new Node());
        }
        inside.start(NETWORK, PeerLimits.STANDARD, register(new Node()));
        stranger.start(NETWORK, PeerLimits.STANDARD, inside);
        inside.awaitDisconnection("unregistered");
        assertEquals(0, inside.network.connectedCount());
    }

    @Test
    void anotherNodeAtThePeersAddressIsRefused() throws Exception {
        Node[] pair = pair();
        Node impostor = register(new Node());
        // The dialler believes that pair[1] listens where the impostor does.
        List<PeerAddress> addresses =
                List.of(new PeerAddress(pair[1].id, "127.0.0.1", impostor.port));
        impostor.start(NETWORK, PeerLimits.STANDARD, pair[0]);
        pair[0].network =
                new PeerNetwork(
                        pair[0].id,
                        addresses,
                        "127.0.0.1",
                        pair[0].port,
                        NETWORK,
                        pair[0].tls(),
                        PeerLimits.STANDARD,
                        pair[0],
                        group,
                        pair[0].metrics);
        open.add(pair[0].network);
        pair[0].network.start();
        Await.until(
                "the stranger is disconnected",
                () ->
                        pair[0].disconnections("unregistered")
                                        + pair[0].disconnections("other node")
                                > 0);
        assertEquals(0, pair[0].network.connectedCount());
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        Node inside = register(new Node());
        inside.start(NETWORK, PeerLimits.STANDARD, register(new Node()));
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new TrustsAll()}, random);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", inside.port)) {
            socket.setSoTimeout(30_000);
            byte[] greeting = new byte[39];
            ByteBuffer.wrap(greeting).putInt(35).put((byte) 1);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            boolean closed;
            try {
                // In TLS 1.3 the refusal may come before or after the client's first write.
                out.write(greeting);
                out.flush();
                closed = in.read() < 0;
            } catch (java.io.IOException e) {
                closed = true;
            }
            assertTrue(closed);
        }
        Await.until(
                "the client is disconnected",
                () ->
                        inside.disconnections("no certificate") + inside.disconnections("handshake")
                                > 0);
        assertEquals(0, inside.network.connectedCount());
    }

    @Test
    void aPeerOfAnotherNetworkIsRefused() throws Exception {
        Node[] pair = pair();
        pair[0].start(NETWORK, PeerLimits.STANDARD, pair[1]);
        pair[1].start(Sha256.of(new byte[] {2}), PeerLimits.STANDARD, pair[0]);
        pair[0].awaitDisconnection("other network");
        assertEquals(0, pair[0].network.connectedCount());
    }

    @Test
    void aPeerThatSendsGarbageIsDisconnectedAndCounted() throws Exception {
        Node[] pair = connectedPair(PeerLimits.STANDARD);
        pair[1].outcome = PeerEvents.Outcome.MALFORMED;
        pair[0].network.broadcast(FrameKind.ARTIFACT, Blob.fromHex("ff"), false);
        pair[1].awaitDisconnection("garbage");
    }

    @Test
    void aFloodIsSlowedDownAndNothingOfItIsLost() throws Exception {
        PeerLimits limits =
                new PeerLimits(
                        1 << 20, 256, 24L << 20, 6L << 20, 2_000_000, 1_000, 8, 5_000, 1_000,
                        10_000, 50, 1_000);
        Node[] pair = connectedPair(limits);
        pair[1].cost = 100;
        for (int i = 0; i < 20_000; i++) {
            pair[0].network.broadcast(FrameKind.ARTIFACT, Blob.of(new byte[200]), false);
        }
        Await.until("all have come", () -> pair[1].received.get() >= 20_000);
        assertTrue(
                pair[1].metrics.counter("ic_p2p_throttled_total", "").value() > 0,
                "the peer was made to wait");
        assertEquals(1, pair[1].network.connectedCount());
    }

    @Test
    void aPausedPeerIsReadAgainWhenTold() throws Exception {
        Node[] pair = connectedPair(PeerLimits.STANDARD);
        pair[1].outcome = PeerEvents.Outcome.TAKEN_PAUSE;
        pair[0].network.broadcast(FrameKind.ARTIFACT, Blob.fromHex("01"), false);
        assertEquals("ARTIFACT 01", pair[1].events.take());
        pair[1].outcome = PeerEvents.Outcome.TAKEN;
        pair[1].network.resume(pair[0].id);
        pair[0].network.broadcast(FrameKind.ARTIFACT, Blob.fromHex("02"), false);
        assertEquals("ARTIFACT 02", pair[1].events.take());
    }

    @Test
    void aQueueBeyondItsBoundClosesTheConnectionButDroppableMessagesAreJustLost() {
        PeerLimits limits =
                new PeerLimits(
                        1_000, 256, 2_000, 1_000, 1_000, 1_000, 8, 5_000, 1_000, 10_000, 50, 1_000);
        io.netty.channel.embedded.EmbeddedChannel channel =
                new io.netty.channel.embedded.EmbeddedChannel();
        NodeId peer = NodeSigner.generate(random).nodeId();
        PeerLink link = new PeerLink(peer, channel, limits, System.nanoTime());
        PeerFrame frame = new PeerFrame(FrameKind.INGRESS, Blob.of(new byte[595]));
        assertTrue(link.send(frame, true));
        assertFalse(link.send(frame, true), "a droppable message beyond the first bound");
        assertTrue(link.send(frame, false));
        assertTrue(link.send(frame, false));
        assertFalse(link.send(frame, false), "beyond the queue");
        assertTrue(link.queuedBytes() <= limits.queueBytesMax());
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
        assertEquals("slow", link.closeReason);
    }

    /// Whatever the server shows: it is the server that must refuse.
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
