package icj.replica.http;

import icj.replica.metrics.Counter;
import icj.replica.metrics.Metrics;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.GlobalEventExecutor;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// One listening port of HTTP/1.1 with keep-alive. Requests of a connection are read one after
/// another: the next is taken from the socket only when the answer to the one before is written, so
/// that pipelined answers can't be mixed up and a connection holds one body at most.
public final class HttpListener implements AutoCloseable {
    private static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final int BACKLOG = 1_024;

    /// Connections beyond the bound are told so, which keeps them open for a while; at this many
    /// times the bound they are closed without a word.
    private static final int REFUSALS_SHARE = 2;

    private final Channel channel;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final Counter refused;

    /// Listens.
    ///
    /// @param name of the listener in metrics
    /// @param port 0 takes any free one, see [#port]
    /// @throws BindException when the port is taken
    public HttpListener(
            String name,
            String host,
            int port,
            HttpLimits limits,
            EventLoopGroup group,
            HttpEndpoint endpoint,
            Metrics metrics)
            throws BindException {
        refused =
                metrics.counter(
                        "ic_http_connections_refused_total",
                        "Connections beyond the bound",
                        "listener",
                        name);
        metrics.bounded(
                "ic_http_connections",
                "Open HTTP connections",
                connections::size,
                // Those beyond the first half are told that there are too many.
                (double) REFUSALS_SHARE * limits.connectionsMax(),
                "listener",
                name);
        metrics.bounded(
                "ic_http_buffered_bytes",
                "Bytes of request bodies held",
                bufferedBytes::get,
                limits.bufferedBytesMax(),
                "listener",
                name);
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        open(child, limits, endpoint);
                                    }
                                });
        ChannelFuture bound =
                bootstrap.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            BindException failure = new BindException(host + ":" + port + " is taken or not ours");
            failure.initCause(bound.cause());
            throw failure;
        }
        channel = bound.channel();
    }

    private void open(Channel child, HttpLimits limits, HttpEndpoint endpoint) {
        int others = connections.size();
        boolean full = others >= limits.connectionsMax();
        if (full) {
            refused.increment();
        }
        if (others >= REFUSALS_SHARE * limits.connectionsMax()) {
            var _ = child.close();
            return;
        }
        connections.add(child);
        HttpDecoderConfig decoding =
                new HttpDecoderConfig()
                        .setMaxHeaderSize(HEADER_BYTES_MAX)
                        .setMaxInitialLineLength(4_096);
        child.pipeline()
                .addLast(new HttpServerCodec(decoding))
                .addLast(new FlowControlHandler())
                .addLast(new HttpExchange(limits, endpoint, bufferedBytes, full));
    }

    /// The port that is listened on.
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /// Stops listening and closes all connections.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
}
