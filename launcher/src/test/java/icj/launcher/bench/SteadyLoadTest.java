package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import icj.agent.Identity;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A steady load against servers that answer as they like: each update has one outcome, and what a
/// server that fell silent may have taken is asked for again, not sent as another update.
@Timeout(60)
final class SteadyLoadTest {
    private static final byte[] REPLIED =
            HexFormat.of().parseHex("00" + "8203477265706c696564" + "00");

    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SoakCount count = new SoakCount();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    /// What a server does with the n-th request; null closes the connection without an answer.
    @FunctionalInterface
    private interface Answers {
        int status(int turn);
    }

    private URI server(Set<Blob> bodies, Answers answers) throws IOException {
        AtomicInteger turns = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    bodies.add(Blob.owning(exchange.getRequestBody().readAllBytes()));
                    int status = answers.status(turns.getAndIncrement());
                    if (status == 200) {
                        exchange.sendResponseHeaders(200, REPLIED.length);
                        exchange.getResponseBody().write(REPLIED);
                    } else if (status > 0) {
                        exchange.getResponseHeaders().set("Retry-After", "0");
                        exchange.sendResponseHeaders(status, -1);
                    }
                    exchange.close();
                });
        server.start();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Sends; how many.
    private long run(double rate, Duration load, URI... nodes) throws Exception {
        return run(rate, SteadyLoad.CONNECTIONS_MAX, load, nodes);
    }

    private long run(double rate, int connections, Duration load, URI... nodes) throws Exception {
        SignedRequests requests =
                SignedRequests.marks(Identity.anonymous(), CanisterId.MANAGEMENT, false);
        long sent =
                new SteadyLoad(
                                List.of(nodes),
                                "/x",
                                rate,
                                connections,
                                requests,
                                count,
                                (request, body) -> {})
                        .run(load);
        var _ = count.next();
        return sent;
    }

    @Test
    void eachHasOneOutcome() throws Exception {
        Set<Blob> bodies = ConcurrentHashMap.newKeySet();
        URI node = server(bodies, turn -> turn % 4 == 3 ? 429 : turn % 4 == 2 ? 400 : 200);
        assertEquals(400, run(400, Duration.ofSeconds(1), node));
        SoakCount.Part all = count.all();
        assertEquals(200, all.acknowledged());
        assertEquals(100, all.refused());
        assertEquals(100, all.failed());
        assertEquals(0, all.unknown());
        assertEquals(400, bodies.size());
        assertEquals(200, count.acknowledged().cardinality());
        assertEquals(Map.of("HTTP 400: ", 100L), count.reasons());
    }

    /// One closes each third connection without an answer, another one is not there, a third one is
    /// never ready: all updates are answered in the end, and there are no more than were sent.
    @Test
    void otherNodesAreAskedForTheSameUpdates() throws Exception {
        Set<Blob> bodies = ConcurrentHashMap.newKeySet();
        URI silent = server(bodies, turn -> turn % 3 == 0 ? 0 : 200);
        URI unready = server(bodies, _ -> 503);
        URI gone;
        try (ServerSocket free = new ServerSocket(0)) {
            gone = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        assertEquals(300, run(300, Duration.ofSeconds(1), silent, gone, unready));
        assertEquals(300, count.all().acknowledged());
        assertEquals(300, bodies.size());
        assertEquals(Map.of(), count.reasons());
    }

    /// A node without an outcome is asked again; its refusal then is no end, since it took the
    /// call.
    @Test
    void whatWasTakenIsNotRefused() throws Exception {
        Set<Blob> bodies = ConcurrentHashMap.newKeySet();
        URI node = server(bodies, turn -> turn == 0 ? 202 : turn == 1 ? 429 : 200);
        assertEquals(1, run(1, Duration.ofSeconds(1), node));
        assertEquals(1, count.all().acknowledged());
        assertEquals(1, bodies.size());
    }

    /// What a server that answers late makes its clients put off counts as theirs: while the only
    /// connection waits for the first answer, nine more were to be sent.
    @Test
    void latenciesCountFromTheMomentOfIntent() throws Exception {
        Set<Blob> bodies = ConcurrentHashMap.newKeySet();
        CountDownLatch held = new CountDownLatch(1);
        URI node =
                server(
                        bodies,
                        turn -> {
                            if (turn == 0) {
                                // The last one was to be sent 90 ms after the first.
                                assertFalse(await(held, 500));
                            }
                            return 200;
                        });
        assertEquals(10, run(100, 1, Duration.ofMillis(100), node));
        assertEquals(10, count.all().acknowledged());
        assertTrue(count.all().latencies().millis(1) >= 400);
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAnswerThatDoesNotStandIsTakenBack() {
        count.acknowledged(3, 2_000_000_000L);
        count.acknowledged(4, 1_000_000_000L);
        count.refuted(4, "no certificate");
        SoakCount.Part part = count.next();
        assertTrue(part.latencies().millis(99) >= 2_000);
        assertEquals(1, part.failed());
        assertEquals("{3}", count.acknowledged().toString());
        assertEquals(0, count.next().acknowledged());
        assertEquals(2, count.all().acknowledged());
    }

    /// Medians of the first and the last tenth, of what is known.
    @Test
    void tenthsAreCompared() {
        List<SoakMinute> minutes = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            SoakMinute.Memory memory = new SoakMinute.Memory(List.of(), i, Double.NaN, 80);
            minutes.add(new SoakMinute(i, 60, count.next(), memory, 100, List.of()));
        }
        Figures figures = new Figures();
        SoakMinute.addTenths(figures, "rss", minutes, minute -> minute.memory().largest());
        SoakMinute.addTenths(figures, "ready", minutes, SoakMinute::readySeconds);
        assertEquals(
                "{rss_first=2.0, rss_last=29.0, rss_ratio=14.5, ready_first=null,"
                        + " ready_last=null, ready_ratio=null}",
                figures.values().toString());
        assertTrue(minutes.getFirst().line().startsWith("minute 1: 0 acknowledged/s"));
    }
}
