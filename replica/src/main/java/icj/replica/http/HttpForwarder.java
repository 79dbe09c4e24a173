package icj.replica.http;

import icj.replica.metrics.Counter;
import icj.replica.metrics.Metrics;
import icj.types.Blob;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Passes requests to other nodes over HTTP and gives their answers back byte by byte (R-I1). Tries
/// the given nodes one after another until one answers; a node that answered anything but 503 has
/// the last word. Connections are kept and reused; their number and that of waiting requests are
/// bounded. A node that doesn't answer in time is asked once for each request: the other kept
/// connections to it are closed. All state belongs to one event loop.
public final class HttpForwarder implements AutoCloseable {
    /// Where a node listens for clients.
    ///
    /// @param host name or address
    public record Target(String host, int port) {}

    private static final int REQUESTS_MAX = 2_048;
    private static final int IDLE_PER_TARGET_MAX = 64;
    private static final int ANSWER_BYTES_MAX = 8 * 1024 * 1024;
    private static final int CONNECT_MILLIS = 1_000;

    /// A node may take so long to answer a call: it waits for the outcome ([CallWaiters]), then the
    /// answer travels.
    public static final long CALL_MILLIS_MAX = 60_000;

    /// A node may take so long to answer a query or a read, which wait for nothing; then the next
    /// node is asked.
    public static final long READ_MILLIS_MAX = 10_000;

    /// What a node may answer (docs/ERRORS.md). The rest would be another program at its address,
    /// or a node that wants to fill the counters of others.
    private static final Set<Integer> STATUSES =
            Set.of(200, 202, 400, 403, 404, 405, 413, 429, 500, 503, 504);

    private static final long IDLE_MILLIS_MAX = 30_000;

    private final EventLoop loop;
    private final Map<Target, ArrayDeque<Channel>> idle = new HashMap<>();
    private final Counter relayed;
    private final Counter failed;
    private volatile int running;

    /// @param group of which one event loop is used
    public HttpForwarder(EventLoopGroup group, Metrics metrics) {
        loop = group.next();
        relayed = metrics.counter("ic_relay_requests_total", "Requests passed to other subnets");
        failed =
                metrics.counter(
                        "ic_relay_failures_total", "Attempts to pass a request on that failed");
        metrics.bounded(
                "ic_relay_running", "Requests that are being relayed", () -> running, REQUESTS_MAX);
    }

    /// Passes a request on.
    ///
    /// @param targets at least one, tried in this order
    /// @param millisMax how long each of them may take
    public void forward(
            List<Target> targets,
            String method,
            String path,
            Blob body,
            long millisMax,
            Consumer<HttpAnswer> answer) {
        relayed.increment();
        loop.execute(() -> {
            if (running >= REQUESTS_MAX) {
                answer.accept(HttpAnswer.text(503, "Too many requests are being relayed"));
                return;
            }
            running++;
            new Forwarding(targets, method, path, body, millisMax, answer).next();
        });
    }

    @Override
    public void close() {
        loop.execute(() -> {
            for (Target target : List.copyOf(idle.keySet())) {
                closeIdle(target);
            }
        });
    }

    private void closeIdle(Target target) {
        ArrayDeque<Channel> channels = idle.remove(target);
        if (channels != null) {
            for (Channel channel : channels) {
                var _ = channel.close();
            }
        }
    }

    /// One request on its way along the targets. A request that may have reached a node before its
    /// connection broke is sent again all the same: a call has an id and is executed once.
    private final class Forwarding {
        private final List<Target> targets;
        private final String method;
        private final String path;
        private final Blob body;
        private final long millisMax;
        private final Consumer<HttpAnswer> answer;
        private int tried;
        private boolean reused;
        private @Nullable HttpAnswer lastAnswer;

        Forwarding(
                List<Target> targets,
                String method,
                String path,
                Blob body,
                long millisMax,
                Consumer<HttpAnswer> answer) {
            this.targets = targets;
            this.method = method;
            this.path = path;
            this.body = body;
            this.millisMax = millisMax;
            this.answer = answer;
        }

        void next() {
            if (tried == targets.size()) {
                running--;
                HttpAnswer last = lastAnswer;
                answer.accept(
                        last == null
                                ? HttpAnswer.text(503, "No node of the subnet can be reached")
                                : last);
                return;
            }
            Target target = targets.get(tried);
            ArrayDeque<Channel> kept = idle.computeIfAbsent(target, _ -> new ArrayDeque<>());
            Channel channel = kept.pollLast();
            while (channel != null && !channel.isActive()) {
                channel = kept.pollLast();
            }
            reused = channel != null;
            if (channel != null) {
                send(target, channel);
                return;
            }
            ChannelFuture connecting =
                    new Bootstrap()
                            .group(loop)
                            .channel(NioSocketChannel.class)
                            .option(ChannelOption.TCP_NODELAY, true)
                            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                            .handler(
                                    new ChannelInitializer<Channel>() {
                                        @Override
                                        protected void initChannel(Channel child) {
                                            child.pipeline()
                                                    .addLast(new HttpClientCodec())
                                                    .addLast(
                                                            new HttpObjectAggregator(
                                                                    ANSWER_BYTES_MAX));
                                        }
                                    })
                            .connect(new InetSocketAddress(target.host(), target.port()));
            var _ =
                    connecting.addListener(done -> {
                        if (done.isSuccess()) {
                            send(target, connecting.channel());
                        } else {
                            failed();
                        }
                    });
        }

        private void send(Target target, Channel channel) {
            DefaultFullHttpRequest request =
                    new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1,
                            HttpMethod.valueOf(method),
                            path,
                            Unpooled.wrappedBuffer(body.shared()));
            request.headers()
                    .set(HttpHeaderNames.HOST, target.host() + ":" + target.port())
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpAnswer.CBOR)
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length())
                    .set(HttpExchange.RELAY_HEADER, "1");
            channel.pipeline().addLast("answer", new AnswerReader(this, target));
            var _ = channel.writeAndFlush(request);
        }

        void failed() {
            failed.increment();
            // A kept connection that the other side had closed says nothing about the node.
            if (!reused) {
                tried++;
            }
            next();
        }

        /// The node has the request and is silent: on another connection it would be, too.
        void timedOut(Target target) {
            reused = false;
            closeIdle(target);
            failed();
        }

        void answered(HttpAnswer received) {
            if (received.status() == 503) {
                lastAnswer = received;
                reused = false;
                failed();
                return;
            }
            running--;
            answer.accept(received);
        }
    }

    /// Waits for one answer on a connection.
    private final class AnswerReader extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final Target target;
        private final long millisMax;
        private @Nullable Forwarding forwarding;
        private @Nullable ScheduledFuture<?> timeout;

        AnswerReader(Forwarding forwarding, Target target) {
            this.forwarding = forwarding;
            this.target = target;
            millisMax = forwarding.millisMax;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            timeout =
                    context.executor()
                            .schedule(() -> timedOut(context), millisMax, TimeUnit.MILLISECONDS);
        }

        private void timedOut(ChannelHandlerContext context) {
            timeout = null;
            Forwarding waiting = forwarding;
            forwarding = null;
            var _ = context.close();
            if (waiting != null) {
                waiting.timedOut(target);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            Forwarding done = forwarding;
            forwarding = null;
            HttpAnswer answer = answer(response);
            boolean keep = HttpUtil.isKeepAlive(response);
            cancelTimeout();
            context.pipeline().remove(this);
            if (keep) {
                keep(context.channel());
            } else {
                var _ = context.close();
            }
            if (done != null) {
                done.answered(answer);
            }
        }

        private static HttpAnswer answer(FullHttpResponse response) {
            int status = response.status().code();
            if (!STATUSES.contains(status)) {
                return HttpAnswer.text(
                        502,
                        "A node of the other subnet answered with "
                                + status
                                + ", which no node gives: ask another node, or the subnet's own");
            }
            String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
            return new HttpAnswer(
                    status,
                    type == null ? HttpAnswer.CBOR : type,
                    Blob.owning(ByteBufUtil.getBytes(response.content())),
                    null,
                    response.headers()
                            .getInt(HttpHeaderNames.RETRY_AFTER, HttpAnswer.RETRY_SECONDS));
        }

        private void keep(Channel channel) {
            ArrayDeque<Channel> kept = idle.computeIfAbsent(target, _ -> new ArrayDeque<>());
            if (kept.size() >= IDLE_PER_TARGET_MAX) {
                var _ = channel.close();
                return;
            }
            kept.addLast(channel);
            var _ =
                    loop.schedule(
                            () -> {
                                if (kept.size() > 1 && channel.equals(kept.peekFirst())) {
                                    kept.pollFirst();
                                    var _ = channel.close();
                                }
                            },
                            IDLE_MILLIS_MAX,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cancelTimeout();
            Forwarding broken = forwarding;
            forwarding = null;
            if (broken != null) {
                broken.failed();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }

        private void cancelTimeout() {
            ScheduledFuture<?> pending = timeout;
            timeout = null;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
