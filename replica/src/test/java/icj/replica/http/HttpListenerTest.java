package icj.replica.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.replica.metrics.Metrics;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// The listener on real sockets: limits, order, time bounds, headers.
@Timeout(60)
final class HttpListenerTest {
    private static final HttpLimits SMALL = new HttpLimits(1_000, 3_000, 3, 10_000, 20_000, 20_000);

    /// As [#SMALL], but a request must be there within a moment.
    private static final HttpLimits HASTY = new HttpLimits(1_000, 3_000, 3, 200, 20_000, 20_000);

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Metrics metrics = new Metrics();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        group.shutdownGracefully().awaitUninterruptibly();
    }

    private HttpListener listen(HttpLimits limits, HttpEndpoint endpoint) throws Exception {
        HttpListener listener =
                new HttpListener("test", "127.0.0.1", 0, limits, group, endpoint, metrics);
        open.add(listener);
        return listener;
    }

    private Socket connect(HttpListener listener) throws IOException {
        Socket socket = new Socket("127.0.0.1", listener.port());
        socket.setSoTimeout(30_000);
        open.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String post(String path, String body) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    /// One answer: status line, headers and body.
    private static String read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return head.toString(StandardCharsets.US_ASCII);
            }
            head.write(next);
        }
        String headers = head.toString(StandardCharsets.US_ASCII);
        int at = headers.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(headers.substring(at, headers.indexOf('\r', at)));
        return headers + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static void echo(HttpRequestHead request, Consumer<HttpAnswer> answer) {
        answer.accept(HttpAnswer.text(200, request.path() + ":" + request.body().length()));
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderEvenWhenTheFirstIsSlow() throws Exception {
        LinkedBlockingQueue<Consumer<HttpAnswer>> waiting = new LinkedBlockingQueue<>();
        HttpListener listener =
                listen(
                        SMALL,
                        (request, answer) -> {
                            if (request.path().equals("/slow")) {
                                waiting.add(answer);
                            } else {
                                echo(request, answer);
                            }
                        });
        Socket socket = connect(listener);
        send(socket, post("/slow", "a") + post("/fast", "bc") + post("/last", "def"));
        waiting.take().accept(HttpAnswer.text(200, "slow is done"));
        assertTrue(read(socket).endsWith("slow is done"));
        assertTrue(read(socket).endsWith("/fast:2"));
        assertTrue(read(socket).endsWith("/last:3"));
    }

    @Test
    void aDeclaredBodyBeyondTheBoundIsRefusedBeforeItIsSent() throws Exception {
        Socket socket = connect(listen(SMALL, HttpListenerTest::echo));
        send(socket, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
        String answer = read(socket);
        assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
        assertTrue(answer.contains("access-control-allow-origin: *"), answer);
        assertEquals(-1, socket.getInputStream().read());
    }

    @Test
    void aChunkedBodyBeyondTheBoundIsRefused() throws Exception {
        Socket socket = connect(listen(SMALL, HttpListenerTest::echo));
        send(socket, "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 3; i++) {
            send(socket, "190\r\n" + "y".repeat(400) + "\r\n");
        }
        assertTrue(read(socket).startsWith("HTTP/1.1 413"));
    }

    @Test
    void aClientThatSendsItsWholeBodyBeforeItReadsStillGetsTheRefusal() throws Exception {
        HttpLimits limits = new HttpLimits(4_000_000, 4_000_000, 3, 20_000, 20_000, 20_000);
        Socket socket = connect(listen(limits, HttpListenerTest::echo));
        // More than the buffers of both sockets hold, so the server has to go on reading.
        int size = 3 * limits.bodyBytesMax();
        send(socket, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n");
        byte[] part = new byte[100_000];
        for (int sent = 0; sent < size; sent += part.length) {
            socket.getOutputStream().write(part);
        }
        assertTrue(read(socket).startsWith("HTTP/1.1 413"));
        assertEquals(-1, socket.getInputStream().read());
    }

    @Test
    void aRefusedBodyIsNotReadForEver() throws Exception {
        Socket socket = connect(listen(SMALL, HttpListenerTest::echo));
        send(socket, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
        assertTrue(read(socket).startsWith("HTTP/1.1 413"));
        byte[] part = new byte[100_000];
        assertThrows(
                IOException.class,
                () -> {
                    for (long sent = 0; sent < 1_000_000_000; sent += part.length) {
                        socket.getOutputStream().write(part);
                    }
                });
    }

    @Test
    void aBodyAtTheBoundIsTaken() throws Exception {
        Socket socket = connect(listen(SMALL, HttpListenerTest::echo));
        send(socket, post("/x", "z".repeat(1_000)));
        assertTrue(read(socket).endsWith("/x:1000"));
    }

    @Test
    void garbageIsABadRequest() throws Exception {
        Socket socket = connect(listen(SMALL, HttpListenerTest::echo));
        send(socket, "\u0001\u0002 garbage\r\n\r\n");
        assertTrue(read(socket).startsWith("HTTP/1.1 400"));
    }

    @Test
    void aClientThatSendsTooSlowlyIsDropped() throws Exception {
        Socket socket = connect(listen(HASTY, HttpListenerTest::echo));
        send(socket, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        assertEquals(-1, socket.getInputStream().read());
    }

    @Test
    void connectionsBeyondTheBoundGetAReason() throws Exception {
        HttpListener listener = listen(SMALL, HttpListenerTest::echo);
        for (int i = 0; i < SMALL.connectionsMax(); i++) {
            Socket socket = connect(listener);
            send(socket, post("/x", "a"));
            assertTrue(read(socket).endsWith("/x:1"));
        }
        String answer = read(connect(listener));
        assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
        assertTrue(answer.contains("retry-after"), answer);
    }

    @Test
    void preflightRequestsAreAllowedEverything() throws Exception {
        Socket socket = connect(listen(SMALL, HttpListenerTest::echo));
        send(socket, "OPTIONS /api/v3/canister/aaaaa-aa/query HTTP/1.1\r\nHost: x\r\n\r\n");
        String answer = read(socket);
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.contains("access-control-allow-methods: POST, GET, OPTIONS"), answer);
        assertTrue(
                answer.contains(
                        "access-control-allow-headers: Accept, Authorization, Content-Type"),
                answer);
    }

    @Test
    void anEndpointThatFailsIsAnInternalError() throws Exception {
        Socket socket =
                connect(
                        listen(
                                SMALL,
                                (_, _) -> {
                                    throw new IllegalStateException("broken on purpose");
                                }));
        send(socket, post("/x", ""));
        assertTrue(read(socket).startsWith("HTTP/1.1 500"));
    }

    @Test
    void aTakenPortIsSaid() throws Exception {
        HttpListener listener = listen(SMALL, HttpListenerTest::echo);
        BindException failure =
                assertThrows(
                        BindException.class,
                        () ->
                                new HttpListener(
                                        "other",
                                        "127.0.0.1",
                                        listener.port(),
                                        SMALL,
                                        group,
                                        HttpListenerTest::echo,
                                        metrics));
        assertTrue(
                String.valueOf(failure.getMessage()).contains(Integer.toString(listener.port())));
    }
}
