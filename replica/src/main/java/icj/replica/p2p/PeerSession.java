package icj.replica.p2p;

import icj.types.Blob;
import icj.types.NodeId;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/// One connection from its first byte: handshake, whose certificate it is, greeting, messages.
final class PeerSession extends SimpleChannelInboundHandler<PeerFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSession.class);

    private final PeerNetwork network;
    private final @Nullable NodeId dialled;
    private final SslHandler tls;
    private final FrameDecoder decoder;
    private @Nullable NodeId peer;
    private @Nullable PeerLink link;
    private String reason = "closed by peer";
    private boolean pending;

    PeerSession(
            PeerNetwork network, @Nullable NodeId dialled, SslHandler tls, FrameDecoder decoder) {
        this.network = network;
        this.dialled = dialled;
        this.tls = tls;
        this.decoder = decoder;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        network.handshakeBegan();
        pending = true;
        var _ =
                context.executor()
                        .schedule(
                                () -> {
                                    if (link == null && context.channel().isActive()) {
                                        fail(context, "no greeting");
                                    }
                                },
                                network.limits().handshakeMillisMax(),
                                TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                identify(context);
            } else {
                fail(context, handshakeReason(handshake.cause()));
            }
        }
        context.fireUserEventTriggered(event);
    }

    /// Whose certificate it is. The trust manager has already refused those that aren't registered;
    /// this looks again, since a connection without a known owner must never get further.
    private void identify(ChannelHandlerContext context) {
        NodeId owner = network.peerOf(tls.engine().getSession());
        if (owner == null) {
            fail(context, "unregistered");
        } else if (dialled != null && !dialled.equals(owner)) {
            fail(context, "other node");
        } else if (dialled == null && !network.isExpectedToDial(owner)) {
            fail(context, "wrong direction");
        } else {
            peer = owner;
            Blob greeting = network.greeting();
            ByteBuf bytes = Unpooled.buffer(PeerFrame.HEADER_BYTES + greeting.length());
            bytes.writeInt(1 + greeting.length()).writeByte(FrameKind.GREETING.code());
            bytes.writeBytes(greeting.shared());
            var _ = context.writeAndFlush(bytes);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, PeerFrame frame) {
        NodeId from = peer;
        PeerLink joined = link;
        if (from == null) {
            fail(context, "message before handshake");
        } else if (joined == null) {
            if (frame.kind() != FrameKind.GREETING) {
                fail(context, "no greeting");
            } else if (!frame.payload().equals(network.greeting())) {
                fail(context, "other network");
            } else {
                decoder.greeted();
                settle();
                link = network.join(from, context.channel());
            }
        } else {
            switch (frame.kind()) {
                case PING -> joined.lastReceivedNanos = System.nanoTime();
                case GREETING -> fail(context, "second greeting");
                case ARTIFACT, INGRESS -> {
                    if (!network.receive(joined, frame)) {
                        fail(context, "garbage");
                    }
                }
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        PeerLink joined = link;
        if (joined != null && context.channel().isWritable()) {
            joined.drain();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        settle();
        PeerLink joined = link;
        String closing = joined == null ? null : joined.closeReason;
        network.left(dialled, joined, closing == null ? reason : closing);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case CorruptedFrameException frame -> fail(context, String.valueOf(frame.getMessage()));
            case DecoderException decoding
                    when decoding.getCause() instanceof SSLException tlsCause ->
                    fail(context, handshakeReason(tlsCause));
            case IOException io -> {
                LOG.debug("A peer's connection failed", io);
                fail(context, "connection failed");
            }
            default -> {
                LOG.warn("A peer's connection failed", cause);
                fail(context, "internal error");
            }
        }
    }

    private void settle() {
        if (pending) {
            pending = false;
            network.handshakeEnded();
        }
    }

    private void fail(ChannelHandlerContext context, String why) {
        if (reason.equals("closed by peer")) {
            reason = why;
        }
        var _ = context.close();
    }

    /// The counter's label for a failed handshake: few fixed words, since a peer chooses the text.
    private static String handshakeReason(Throwable cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("empty client certificate") || text.contains("empty server cert")) {
            return "no certificate";
        }
        return cause instanceof SSLException ? "handshake" : "connection failed";
    }
}
