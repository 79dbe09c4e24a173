package icj.replica.p2p;

import icj.crypto.tls.PeerTls;
import icj.replica.metrics.Counter;
import icj.replica.metrics.Metrics;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.NodeId;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLSession;

/// The connections of this node to the other members of its subnet: one for each, over mutual TLS
/// 1.3 with certificates pinned to the registry (crypto.md 6).
///
/// Of two nodes the one with the lower id dials; a lost connection is dialled again at once and
/// then with a back-off. A newer connection of a peer replaces the older one. All state belongs to
/// one event loop; [#send], [#broadcast] and [#resume] may be called on any thread.
public final class PeerNetwork implements AutoCloseable {
    static final int PROTOCOL_VERSION = 1;
    private static final int GREETING_BYTES = 2 + Digest.LENGTH;
    private static final Logger LOG = LoggerFactory.getLogger(PeerNetwork.class);
    private static final PeerFrame PING = new PeerFrame(FrameKind.PING, Blob.EMPTY);

    private final NodeId self;
    private final Map<NodeId, PeerAddress> addresses = new LinkedHashMap<>();
    private final PeerTls tls;
    private final String host;
    private final int wantedPort;
    private final PeerLimits limits;
    private final PeerEvents events;
    private final Metrics metrics;
    private final EventLoop loop;
    private final Blob greeting;
    private final Map<NodeId, PeerLink> links = new ConcurrentHashMap<>();
    private final Map<NodeId, Long> backOffs = new ConcurrentHashMap<>();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final Counter framesSent;
    private final Counter framesReceived;
    private final Counter framesDropped;
    private final Counter framesRefused;
    private final Counter throttles;
    private @Nullable Channel listener;
    private @Nullable ScheduledFuture<?> ticker;
    private volatile boolean closed;

    /// Connects nothing yet: [#start] does.
    ///
    /// @param peers the other members
    /// @param network the network's id: peers of another network are refused
    /// @param port 0 takes any free one, see [#port]
    /// @param tls with this node's key and certificate and the registry's pins
    /// @param group of which one event loop is used
    public PeerNetwork(
            NodeId self,
            List<PeerAddress> peers,
            String host,
            int port,
            Digest network,
            PeerTls tls,
            PeerLimits limits,
            PeerEvents events,
            EventLoopGroup group,
            Metrics metrics) {
        this.self = self;
        this.host = host;
        wantedPort = port;
        this.tls = tls;
        this.limits = limits;
        this.events = events;
        this.metrics = metrics;
        for (PeerAddress peer : peers) {
            addresses.put(peer.node(), peer);
        }
        greeting =
                Blob.owning(
                        ByteBuffer.allocate(GREETING_BYTES)
                                .putShort((short) PROTOCOL_VERSION)
                                .put(network.shared())
                                .array());
        framesSent = metrics.counter("ic_p2p_frames_sent_total", "Messages queued for peers");
        framesReceived = metrics.counter("ic_p2p_frames_received_total", "Messages of peers");
        framesDropped =
                metrics.counter("ic_p2p_frames_dropped_total", "Messages lost to full queues");
        framesRefused =
                metrics.counter("ic_p2p_frames_refused_total", "Messages of peers not taken");
        throttles =
                metrics.counter(
                        "ic_p2p_throttled_total", "Times a peer was made to wait for its rate");
        metrics.bounded("ic_p2p_peers", "Connected peers", links::size, peers.size());
        metrics.bounded(
                "ic_p2p_queued_bytes",
                "Bytes waiting for peers",
                this::queuedBytes,
                (double) limits.queueBytesMax() * peers.size());
        metrics.bounded(
                "ic_p2p_handshakes",
                "Connections that have not shown yet who they are",
                handshakes::get,
                limits.handshakesMax() + (double) peers.size());
        loop = group.next();
    }

    /// Listens and dials.
    ///
    /// @throws BindException when the port is taken
    public void start() throws BindException {
        listener = listen(host, wantedPort);
        ticker =
                loop.scheduleWithFixedDelay(
                        this::tick,
                        limits.pingMillis(),
                        limits.pingMillis(),
                        TimeUnit.MILLISECONDS);
        for (PeerAddress peer : addresses.values()) {
            if (self.compareTo(peer.node()) < 0) {
                loop.execute(() -> dial(peer));
            }
        }
    }

    private Channel listen(String host, int port) throws BindException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(256 * 1024, 1024 * 1024))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        prepare(child, null);
                                    }
                                })
                        .bind(new InetSocketAddress(host, port))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            BindException failure = new BindException(host + ":" + port + " is taken or not ours");
            failure.initCause(bound.cause());
            throw failure;
        }
        return bound.channel();
    }

    /// The port that is listened on, 0 before [#start].
    public int port() {
        Channel listening = listener;
        return listening == null ? 0 : ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /// How many peers are connected.
    public int connectedCount() {
        return links.size();
    }

    /// Whether this peer is connected.
    public boolean isConnected(NodeId peer) {
        return links.containsKey(peer);
    }

    private double queuedBytes() {
        long sum = 0;
        for (PeerLink link : links.values()) {
            sum += link.queuedBytes();
        }
        return sum;
    }

    /// Sends to one peer, if it is connected.
    ///
    /// @param droppable whether the message may be lost when the peer is slow
    /// @return whether it was taken: false when the peer is not connected or its queue is full
    public boolean send(NodeId peer, FrameKind kind, Blob payload, boolean droppable) {
        PeerLink link = links.get(peer);
        return link != null && send(link, new PeerFrame(kind, payload), droppable);
    }

    /// Sends to all connected peers.
    public void broadcast(FrameKind kind, Blob payload, boolean droppable) {
        PeerFrame frame = new PeerFrame(kind, payload);
        for (PeerLink link : links.values()) {
            send(link, frame, droppable);
        }
    }

    private boolean send(PeerLink link, PeerFrame frame, boolean droppable) {
        boolean taken = link.send(frame, droppable);
        count(taken);
        return taken;
    }

    private void count(boolean sent) {
        (sent ? framesSent : framesDropped).increment();
    }

    /// Queues a message that must not be lost for one peer, until [#flush].
    public void queue(NodeId peer, FrameKind kind, Blob payload) {
        PeerLink link = links.get(peer);
        if (link != null) {
            count(link.queue(new PeerFrame(kind, payload), false));
        }
    }

    /// Queues a message that must not be lost for all connected peers, until [#flush]. What is
    /// queued together arrives together: one record, one wake-up of the peer.
    public void queue(FrameKind kind, Blob payload) {
        PeerFrame frame = new PeerFrame(kind, payload);
        for (PeerLink link : links.values()) {
            count(link.queue(frame, false));
        }
    }

    /// Has written what was queued.
    public void flush() {
        for (PeerLink link : links.values()) {
            link.flush();
        }
    }

    /// Reads again of a peer whose message was answered with [PeerEvents.Outcome#TAKEN_PAUSE].
    public void resume(NodeId peer) {
        PeerLink link = links.get(peer);
        if (link != null) {
            loop.execute(() -> link.pause(false));
        }
    }

    private void dial(PeerAddress peer) {
        if (closed || links.containsKey(peer.node())) {
            return;
        }
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2_000)
                        .option(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(256 * 1024, 1024 * 1024))
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        prepare(child, peer.node());
                                    }
                                })
                        .connect(new InetSocketAddress(peer.host(), peer.port()));
        var _ =
                connecting.addListener(done -> {
                    if (!done.isSuccess()) {
                        dialLater(peer);
                    }
                });
    }

    private void dialLater(PeerAddress peer) {
        if (closed) {
            return;
        }
        long wait = backOffs.getOrDefault(peer.node(), limits.backOffMillisMin());
        backOffs.put(peer.node(), Math.min(limits.backOffMillisMax(), wait * 2));
        var _ = loop.schedule(() -> dial(peer), wait, TimeUnit.MILLISECONDS);
    }

    /// Sets up a connection: TLS first, then messages.
    ///
    /// @param dialled the peer that we meant to reach, null for inbound ones
    private void prepare(Channel child, @Nullable NodeId dialled) {
        if (dialled == null && handshakes.get() >= limits.handshakesMax()) {
            count("crowded");
            var _ = child.close();
            return;
        }
        SslHandler handler =
                new SslHandler(dialled == null ? tls.serverEngine() : tls.clientEngine());
        handler.setHandshakeTimeoutMillis(limits.handshakeMillisMax());
        FrameDecoder decoder = new FrameDecoder(limits);
        child.pipeline()
                .addLast("tls", handler)
                .addLast("frames", decoder)
                .addLast("session", new PeerSession(this, dialled, handler, decoder));
    }

    /// The three below are called by [PeerSession] on the event loop.
    void handshakeBegan() {
        handshakes.incrementAndGet();
    }

    void handshakeEnded() {
        handshakes.decrementAndGet();
    }

    /// The member of this subnet at the other end, null for anyone else.
    @Nullable NodeId peerOf(SSLSession session) {
        NodeId peer = tls.peer(session);
        return peer == null || !addresses.containsKey(peer) ? null : peer;
    }

    boolean isExpectedToDial(NodeId peer) {
        return peer.compareTo(self) < 0;
    }

    Blob greeting() {
        return greeting;
    }

    PeerLimits limits() {
        return limits;
    }

    /// The peer has greeted: its connection takes the place of an older one.
    PeerLink join(NodeId peer, Channel channel) {
        PeerLink link = new PeerLink(peer, channel, limits, System.nanoTime());
        PeerLink older = links.put(peer, link);
        if (older != null) {
            older.close("replaced");
            events.disconnected(peer);
        }
        backOffs.remove(peer);
        LOG.info("Peer {} is connected", peer);
        events.connected(peer);
        return link;
    }

    /// A connection has ended, before or after its greeting.
    void left(@Nullable NodeId dialled, @Nullable PeerLink link, String reason) {
        if (link != null && links.remove(link.peer, link)) {
            LOG.info("Peer {} is gone: {}", link.peer, reason);
            events.disconnected(link.peer);
        }
        PeerAddress address = dialled == null ? null : addresses.get(dialled);
        if (address != null) {
            dialLater(address);
        }
        count(reason);
    }

    private void count(String reason) {
        metrics.counter(
                        "ic_p2p_disconnections_total",
                        "Connections of peers that ended or never began, by reason",
                        "reason",
                        reason)
                .increment();
    }

    /// Hands a message on.
    ///
    /// @return false when the connection must be closed
    boolean receive(PeerLink link, PeerFrame frame) {
        framesReceived.increment();
        long now = System.nanoTime();
        link.lastReceivedNanos = now;
        PeerEvents.Reception reception = events.received(link.peer, frame.kind(), frame.payload());
        long wait = link.spend(reception.cost(), now);
        if (wait > 0 && link.throttle(now + wait)) {
            throttles.increment();
            resumeIn(link, wait);
        }
        switch (reception.outcome()) {
            case TAKEN -> {}
            case TAKEN_PAUSE -> link.pause(true);
            case REFUSED, MALFORMED -> framesRefused.increment();
        }
        return reception.outcome() != PeerEvents.Outcome.MALFORMED;
    }

    /// One task for each connection that waits, however many messages came before its socket was no
    /// longer read: each of them makes the wait longer.
    private void resumeIn(PeerLink link, long nanos) {
        var _ =
                loop.schedule(
                        () -> {
                            long left = link.endThrottle(System.nanoTime());
                            if (left > 0) {
                                resumeIn(link, left);
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        for (PeerLink link : links.values()) {
            link.tick(now, PING);
        }
    }

    /// Closes the listener and all connections; nothing is dialled any more.
    @Override
    public void close() {
        closed = true;
        ScheduledFuture<?> ticking = ticker;
        if (ticking != null) {
            ticking.cancel(false);
        }
        Channel listening = listener;
        if (listening != null) {
            listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        for (PeerLink link : links.values()) {
            link.close("stopping");
        }
    }
}
