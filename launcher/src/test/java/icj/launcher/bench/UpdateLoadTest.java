package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import icj.agent.Identity;
import icj.types.CanisterId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A load against a server that answers as it likes.
@Timeout(60)
final class UpdateLoadTest {
    private static final byte[] REPLIED =
            HexFormat.of().parseHex("00" + "8203477265706c696564" + "00");

    private static SignedRequests requests() {
        return SignedRequests.marks(Identity.anonymous(), CanisterId.MANAGEMENT, false);
    }

    @Test
    void aReplyIsToldFromARejection() {
        assertTrue(Replies.looksReplied(REPLIED));
        // Not in a leaf of the tree: the answer's own field, and another outcome.
        assertFalse(Replies.looksReplied("status replied".getBytes(StandardCharsets.UTF_8)));
        assertFalse(Replies.looksReplied(HexFormat.of().parseHex("82034872656a6563746564")));
        assertFalse(Replies.looksReplied(new byte[0]));
    }

    @Test
    void everyRequestIsAccountedForOnce() {
        UpdateLoad load = new UpdateLoad(requests(), Duration.ofSeconds(60));
        load.answered(load.next(), 200, REPLIED, 1_000_000);
        load.answered(load.next(), 200, new byte[] {1}, 1_000_000);
        load.answered(load.next(), 429, new byte[0], 1_000_000);
        load.answered(load.next(), 202, new byte[0], 1_000_000);
        load.answered(load.next(), 503, new byte[0], 1_000_000);
        load.failed(load.next(), "gone");
        assertEquals(6, load.sent());
        assertEquals("{0}", load.acknowledged().toString());
        assertEquals(1, load.refused());
        assertEquals(4, load.errors());
        assertEquals(1, load.latencies().count());
        assertEquals(
                Map.of(
                        "HTTP 200",
                        1L,
                        "HTTP 202, no outcome in time",
                        1L,
                        "HTTP 503",
                        1L,
                        "gone",
                        1L),
                load.reasons());
        assertEquals(
                1, ThroughputBench.figures(load, 2, 1, 0).values().get("refused_429").intValue());
    }

    /// Some answers are replies, some refusals, some no answer at all: nothing is counted twice,
    /// nothing is forgotten, and the load ends.
    @Test
    void aServerThatAnswersAsItLikes() throws Exception {
        AtomicInteger count = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    switch (count.getAndIncrement() % 5) {
                        case 0, 1, 2 -> {
                            exchange.sendResponseHeaders(200, REPLIED.length);
                            exchange.getResponseBody().write(REPLIED);
                        }
                        case 3 -> {
                            exchange.getResponseHeaders().set("Retry-After", "0");
                            exchange.sendResponseHeaders(429, -1);
                        }
                        // The connection is closed without an answer.
                        default -> {}
                    }
                    exchange.close();
                });
        server.start();
        try {
            URI node = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            Duration load = Duration.ofSeconds(1);
            UpdateLoad updates = new UpdateLoad(requests().sign(100), load);
            long nanos =
                    new HttpLoad(List.of(node), "/x", 4, updates).run(load, Duration.ofSeconds(5));
            assertTrue(nanos >= load.toNanos());
            assertTrue(updates.acknowledged().cardinality() > 0);
            assertTrue(updates.errors() > 0);
            assertEquals(
                    updates.sent(),
                    updates.acknowledged().cardinality() + updates.refused() + updates.errors());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        UpdateLoad updates = new UpdateLoad(requests(), Duration.ofSeconds(60));
        HttpLoad load =
                new HttpLoad(List.of(URI.create("http://127.0.0.1:" + port)), "/", 2, updates);
        load.run(Duration.ofMillis(300), Duration.ofSeconds(1));
        assertTrue(updates.errors() > 0);
        assertEquals(updates.sent(), updates.errors());
    }
}
