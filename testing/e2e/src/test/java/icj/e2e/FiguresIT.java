package icj.e2e;

import icj.agent.Agent;
import icj.agent.Identity;
import icj.crypto.Ed25519SigningKey;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Prints the figures of docs/performance.md; asserts none of them. By hand: `mvn verify
/// -Dtags.excluded=none -Dtest=none -Dit.test=FiguresIT` and so on (docs/TESTING.md).
@Tag("long")
final class FiguresIT {
    private static final Duration LOAD = Duration.ofSeconds(15);
    private static final int SEQUENTIAL = 300;
    private static final int WARM_UP = 200;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(900)
    void fourNodes() throws Exception {
        measure(4, 1);
    }

    @Test
    @Timeout(900)
    void oneNode() throws Exception {
        measure(1, 0);
    }

    private void measure(int nodes, int nns) throws Exception {
        System.out.println("== " + nodes + " nodes, " + nns + " of the NNS");
        Network network = Network.in(home);
        time(
                "start fresh",
                () ->
                        network.ic(
                                        "start",
                                        "--nodes",
                                        "" + nodes,
                                        "--nns-nodes",
                                        "" + nns,
                                        "--port",
                                        "auto",
                                        "--background")
                                .expect(0));
        try {
            CanisterId log = network.deploy("examples/log");
            CanisterId counter = network.deploy("examples/counter");
            Blob rootKey = network.rootKey();
            URI first = network.node("1").http();
            try (Agent agent = Agent.builder(first).rootKey(rootKey).identity(identity()).build()) {
                latencies(
                        "update, certificate verified",
                        () -> agent.call(counter, "inc", Blob.owning(LogClients.arguments())));
                phases(network.node("1"));
                latencies(
                        "query, signature verified",
                        () -> agent.query(counter, "get", Blob.owning(LogClients.arguments())));
            }
            List<URI> all =
                    network.nodes().stream()
                            .filter(n -> !n.isNns())
                            .map(Network.Node::http)
                            .toList();
            for (int clients : List.of(16, 64, 256)) {
                updates(clients, all, log);
            }
            phases(network.node("1"));
            queries(32, first, counter);
            footprint(network, "after load");
            Thread.sleep(5_000);
            footprint(network, "idle for 20 s");
            network.ic("stop").expect(0);
            time("start resumed", () -> network.ic("start", "--background").expect(0));
        } finally {
            network.ic("stop").expect(0);
        }
    }

    private static void time(String what, Callable<?> work) throws Exception {
        long began = System.nanoTime();
        work.call();
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
    }

    private static void latencies(String what, Callable<?> work) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            work.call();
        }
        long[] nanos = new long[SEQUENTIAL];
        for (int i = 0; i < SEQUENTIAL; i++) {
            long began = System.nanoTime();
            work.call();
            nanos[i] = System.nanoTime() - began;
        }
        System.out.println(what + ", one after the other: " + percentiles(nanos));
    }

    private static String percentiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                "p50 %.1f ms, p99 %.1f ms, max %.1f ms (n=%d)",
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                nanos[nanos.length - 1] / 1e6,
                nanos.length);
    }

    /// Clients that wait for their certificate (present, not verified) before they send the next.
    private static void updates(int clients, List<URI> nodes, CanisterId log) throws Exception {
        Identity identity = identity();
        AtomicLong number = new AtomicLong(1);
        load(
                "updates/s, " + clients + " clients on all nodes",
                clients,
                client -> {
                    RequestContent.Call call =
                            new RequestContent.Call(
                                    identity.sender(),
                                    expiry(),
                                    null,
                                    log,
                                    "append",
                                    Blob.owning(LogClients.arguments(number.getAndIncrement())));
                    Envelope envelope = identity.sign(call);
                    return HttpRequest.newBuilder(
                                    nodes.get(client % nodes.size())
                                            .resolve("/api/v4/canister/" + log + "/call"))
                            .header("content-type", "application/cbor")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(envelope.bytes().shared()))
                            .build();
                });
    }

    private static void queries(int clients, URI node, CanisterId counter) throws Exception {
        for (Identity identity : List.of(Identity.anonymous(), identity())) {
            load(
                    "queries/s of one node, "
                            + clients
                            + " clients, "
                            + identity.getClass().getSimpleName(),
                    clients,
                    _ ->
                            HttpRequest.newBuilder(
                                            node.resolve("/api/v3/canister/" + counter + "/query"))
                                    .header("content-type", "application/cbor")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofByteArray(
                                                    identity.sign(
                                                                    new RequestContent.Query(
                                                                            identity.sender(),
                                                                            expiry(),
                                                                            null,
                                                                            counter,
                                                                            "get",
                                                                            Blob.owning(
                                                                                    LogClients
                                                                                            .arguments())))
                                                            .bytes()
                                                            .shared()))
                                    .build());
        }
    }

    private interface Requests {
        HttpRequest next(int client);
    }

    private static void load(String what, int clients, Requests requests) throws Exception {
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<Long> nanos = new ArrayList<>();
        AtomicLong others = new AtomicLong();
        long began = System.nanoTime();
        long end = began + LOAD.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                List<Long> own = new ArrayList<>();
                                while (System.nanoTime() < end) {
                                    long sent = System.nanoTime();
                                    if (send(http, requests.next(client)) == 200) {
                                        own.add(System.nanoTime() - sent);
                                    } else {
                                        others.incrementAndGet();
                                    }
                                }
                                synchronized (nanos) {
                                    nanos.addAll(own);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%s: %.0f/s, %s, other answers %d%n",
                what,
                nanos.size() / seconds,
                percentiles(nanos.stream().mapToLong(n -> n).toArray()),
                others.get());
    }

    private static int send(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long expiry() {
        return (System.currentTimeMillis() + 240_000) * 1_000_000;
    }

    private static Identity identity() {
        return Identity.of(Ed25519SigningKey.generate(new SecureRandom()));
    }

    /// Processor time over 20 s and resident memory of all processes of the network.
    private static void footprint(Network network, String when) throws Exception {
        Map<String, Long> pids = new TreeMap<>();
        pids.put("supervisor", network.describe().get("supervisorPid").asLong());
        for (Network.Node node : network.nodes()) {
            pids.put(node.name(), node.pid());
        }
        long before = 0;
        for (long pid : pids.values()) {
            before += ticks(pid);
        }
        Thread.sleep(20_000);
        long after = 0;
        StringBuilder memory = new StringBuilder();
        long sum = 0;
        for (Map.Entry<String, Long> process : pids.entrySet()) {
            after += ticks(process.getValue());
            long resident = residentKilobytes(process.getValue());
            sum += resident;
            memory.append(' ').append(process.getKey()).append(' ').append(resident / 1024);
        }
        System.out.printf(
                "%s: %.1f %% of one core; resident MB:%s, sum %d%n",
                when, (after - before) / 20.0, memory, sum / 1024);
    }

    /// User and system time, in hundredths of a second.
    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long residentKilobytes(long pid) throws IOException {
        Matcher line =
                Pattern.compile("VmRSS:\\s+(\\d+)")
                        .matcher(Files.readString(Path.of("/proc", "" + pid, "status")));
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    /// Where the time went: mean of each phase since the node started.
    private static void phases(Network.Node node) throws Exception {
        String text =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(node.metrics().resolve("/metrics")).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        Matcher sums = Pattern.compile("(?m)^(ic_[a-z_]+)_sum(\\{[^}]*\\})? (\\S+)$").matcher(text);
        while (sums.find()) {
            String labels = sums.group(2) == null ? "" : sums.group(2);
            Matcher count =
                    Pattern.compile(
                                    "(?m)^"
                                            + Pattern.quote(sums.group(1) + "_count" + labels)
                                            + " (\\S+)$")
                            .matcher(text);
            if (count.find() && Double.parseDouble(count.group(1)) > 0) {
                double n = Double.parseDouble(count.group(1));
                System.out.printf(
                        "  %s%s: mean %.2f ms, n=%.0f%n",
                        sums.group(1), labels, 1e3 * Double.parseDouble(sums.group(3)) / n, n);
            }
        }
    }
}
