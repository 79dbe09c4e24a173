package icj.replica.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.replica.metrics.Metrics;
import icj.types.Blob;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// Relays to nodes on real sockets.
@Timeout(60)
final class HttpForwarderTest {
    private static final HttpLimits LIMITS =
            new HttpLimits(1_000, 30_000, 30, 50_000, 50_000, 50_000);

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Metrics metrics = new Metrics();
    private final HttpForwarder forwarder = new HttpForwarder(group, metrics);
    private final LinkedBlockingQueue<HttpAnswer> answers = new LinkedBlockingQueue<>();
    private final List<HttpListener> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        forwarder.close();
        for (HttpListener node : nodes) {
            node.close();
        }
        group.shutdownGracefully().awaitUninterruptibly();
    }

    private HttpForwarder.Target node(HttpEndpoint endpoint) throws Exception {
        HttpListener node =
                new HttpListener("test", "127.0.0.1", 0, LIMITS, group, endpoint, metrics);
        nodes.add(node);
        return new HttpForwarder.Target("127.0.0.1", node.port());
    }

    private void relay(long millisMax, HttpForwarder.Target... targets) {
        forwarder.forward(
                List.of(targets), "POST", "/x", Blob.fromHex("01"), millisMax, answers::add);
    }

    private static String text(HttpAnswer answer) {
        return answer.status() + " " + new String(answer.body().toBytes(), StandardCharsets.UTF_8);
    }

    /// A node that hangs holds up each request once, however many connections to it were kept.
    @Test
    void aHungNodeIsAskedOnceByEachRequest() throws Exception {
        LinkedBlockingQueue<Consumer<HttpAnswer>> asked = new LinkedBlockingQueue<>();
        HttpForwarder.Target hung = node((_, answer) -> asked.add(answer));
        HttpForwarder.Target other = node((_, answer) -> answer.accept(HttpAnswer.text(200, "b")));
        int kept = 4;
        for (int i = 0; i < kept; i++) {
            relay(50_000, hung);
        }
        List<Consumer<HttpAnswer>> together = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            together.add(asked.take());
        }
        together.forEach(answer -> answer.accept(HttpAnswer.text(200, "a")));
        for (int i = 0; i < kept; i++) {
            assertEquals("200 a", text(answers.take()));
        }
        relay(20, hung, other);
        assertEquals("200 b", text(answers.take()));
        asked.take();
        assertTrue(asked.isEmpty(), "asked once more for each kept connection");
    }

    @Test
    void aStatusThatNoNodeGivesIsNotPassedOn() throws Exception {
        HttpForwarder.Target strange =
                node((_, answer) -> answer.accept(HttpAnswer.text(299, "anything")));
        relay(50_000, strange);
        String answer = text(answers.take());
        assertTrue(answer.startsWith("502 A node of the other subnet answered with 299"), answer);
    }
}
