package icj.replica.http;

import icj.types.Blob;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The requests of one connection, one after another, with limits and time bounds. All fields
/// belong to the connection's event loop; only the answer comes from other threads.
final class HttpExchange extends ChannelInboundHandlerAdapter {
    /// Marks a request that a node of this network passed on (R-I1).
    static final String RELAY_HEADER = "x-ic-relayed";

    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final int FIRST_BUFFER_BYTES = 1_024;

    /// How many of the largest bodies are read and thrown away after a refusal: enough for a client
    /// that sends its whole request before it reads, not enough to be fed for ever.
    private static final long DISCARDED_BODIES_MAX = 4;

    private final HttpLimits limits;
    private final HttpEndpoint endpoint;
    private final AtomicLong bufferedBytes;
    private final boolean refusing;

    private @Nullable HttpRequest head;
    private byte[] body = new byte[0];
    private int bodyLength;
    private int heldBytes;
    private boolean discarding;
    private long discardedBytes;
    private boolean closeAfterAnswer;
    private long exchange;
    private @Nullable Future<?> deadline;

    HttpExchange(
            HttpLimits limits, HttpEndpoint endpoint, AtomicLong bufferedBytes, boolean refusing) {
        this.limits = limits;
        this.endpoint = endpoint;
        this.bufferedBytes = bufferedBytes;
        this.refusing = refusing;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (refusing) {
            refuse(context, HttpAnswer.text(503, "Too many connections, try again later"));
            return;
        }
        bound(context, limits.idleMillisMax(), null);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
        exchange++;
        letGo();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                begin(context, request);
            }
            if (message instanceof HttpContent content) {
                take(context, content.content());
                if (message instanceof LastHttpContent) {
                    end(context);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        if (discarding) {
            return;
        }
        head = request;
        bodyLength = 0;
        closeAfterAnswer = !HttpUtil.isKeepAlive(request);
        bound(context, limits.requestMillisMax(), null);
        if (request.decoderResult().isFailure()) {
            refuse(context, HttpAnswer.text(400, "Malformed HTTP request"));
        } else if (HttpUtil.getContentLength(request, 0L) > limits.bodyBytesMax()) {
            refuse(context, tooLarge());
        } else if (HttpUtil.is100ContinueExpected(request)) {
            var _ =
                    context.writeAndFlush(
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1,
                                    HttpResponseStatus.CONTINUE,
                                    Unpooled.EMPTY_BUFFER));
        }
    }

    private HttpAnswer tooLarge() {
        return HttpAnswer.text(
                413, "The request body is larger than " + limits.bodyBytesMax() + " bytes");
    }

    private void take(ChannelHandlerContext context, ByteBuf part) {
        int size = part.readableBytes();
        if (discarding) {
            discardedBytes += size;
            if (discardedBytes > DISCARDED_BODIES_MAX * limits.bodyBytesMax()) {
                var _ = context.close();
            }
            return;
        }
        if (size == 0) {
            return;
        }
        if (bodyLength + size > limits.bodyBytesMax()) {
            refuse(context, tooLarge());
            return;
        }
        if (bodyLength + size > body.length) {
            int wanted =
                    Math.min(
                            limits.bodyBytesMax(),
                            Math.max(
                                    Math.max(FIRST_BUFFER_BYTES, bodyLength + size),
                                    body.length * 2));
            int more = wanted - heldBytes;
            if (bufferedBytes.addAndGet(more) > limits.bufferedBytesMax()) {
                bufferedBytes.addAndGet(-more);
                refuse(context, HttpAnswer.text(503, "Too many requests are being read"));
                return;
            }
            heldBytes = wanted;
            body = Arrays.copyOf(body, wanted);
        }
        part.readBytes(body, bodyLength, size);
        bodyLength += size;
    }

    /// Answers before the request was read to its end. What still comes is thrown away, within
    /// bounds, until the client has closed: closing with bytes unread would reset the connection,
    /// and a client that is still sending would lose the answer. Where a next request begins is not
    /// worth finding out.
    private void refuse(ChannelHandlerContext context, HttpAnswer answer) {
        discarding = true;
        letGo();
        bound(context, limits.requestMillisMax(), null);
        ChannelFuture written = write(context, answer, true);
        var _ =
                written.addListener(done -> {
                    if (done.isSuccess() && context.channel() instanceof SocketChannel it) {
                        var _ = it.shutdownOutput();
                    } else {
                        var _ = context.close();
                    }
                });
    }

    private void end(ChannelHandlerContext context) {
        HttpRequest request = head;
        if (request == null || discarding) {
            return;
        }
        head = null;
        context.channel().config().setAutoRead(false);
        Blob whole =
                Blob.owning(bodyLength == body.length ? body : Arrays.copyOf(body, bodyLength));
        body = new byte[0];
        long mine = ++exchange;
        bound(context, limits.answerMillisMax(), HttpAnswer.text(504, "The request took too long"));
        String uri = request.uri();
        int query = uri.indexOf('?');
        HttpRequestHead view =
                new HttpRequestHead(
                        request.method().name(),
                        query < 0 ? uri : uri.substring(0, query),
                        request.headers().get(HttpHeaderNames.CONTENT_TYPE),
                        request.headers().contains(RELAY_HEADER),
                        whole,
                        System.nanoTime());
        if (view.method().equals("OPTIONS")) {
            answer(context, mine, HttpAnswer.text(200, ""));
            return;
        }
        try {
            endpoint.handle(view, answer -> answerFromAnywhere(context, mine, answer));
        } catch (RuntimeException e) {
            LOG.error("An endpoint failed on {} {}", view.method(), view.path(), e);
            answer(context, mine, HttpAnswer.text(500, "Internal error"));
        }
    }

    private void answerFromAnywhere(ChannelHandlerContext context, long mine, HttpAnswer answer) {
        if (context.executor().inEventLoop()) {
            answer(context, mine, answer);
        } else {
            context.executor().execute(() -> answer(context, mine, answer));
        }
    }

    private void answer(ChannelHandlerContext context, long mine, HttpAnswer answer) {
        if (mine != exchange) {
            return;
        }
        exchange++;
        letGo();
        ChannelFuture written = write(context, answer, closeAfterAnswer);
        if (closeAfterAnswer) {
            var _ = written.addListener(ChannelFutureListener.CLOSE);
        } else {
            bound(context, limits.idleMillisMax(), null);
            context.channel().config().setAutoRead(true);
        }
    }

    private static ChannelFuture write(
            ChannelHandlerContext context, HttpAnswer answer, boolean last) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        Unpooled.wrappedBuffer(answer.body().shared()));
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length());
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS");
        headers.set(
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                "Accept, Authorization, Content-Type");
        headers.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
        headers.set("x-content-type-options", "nosniff");
        if (answer.allow() != null) {
            headers.set(HttpHeaderNames.ALLOW, answer.allow());
        }
        if (answer.status() == 429 || answer.status() == 503) {
            headers.setInt(HttpHeaderNames.RETRY_AFTER, answer.retrySeconds());
        }
        if (last) {
            headers.set(HttpHeaderNames.CONNECTION, "close");
        }
        return context.writeAndFlush(response);
    }

    /// Closes the connection after `millis`, or gives `late` first if there is one.
    private void bound(ChannelHandlerContext context, long millis, @Nullable HttpAnswer late) {
        cancelDeadline();
        long mine = exchange;
        ScheduledFuture<?> scheduled =
                context.executor()
                        .schedule(
                                () -> {
                                    closeAfterAnswer = true;
                                    if (late != null) {
                                        answer(context, mine, late);
                                    } else if (mine == exchange) {
                                        var _ = context.close();
                                    }
                                },
                                millis,
                                TimeUnit.MILLISECONDS);
        deadline = scheduled;
    }

    private void cancelDeadline() {
        Future<?> pending = deadline;
        deadline = null;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void letGo() {
        bufferedBytes.addAndGet(-heldBytes);
        heldBytes = 0;
        body = new byte[0];
        bodyLength = 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("A connection failed", cause);
        }
        var _ = context.close();
    }
}
