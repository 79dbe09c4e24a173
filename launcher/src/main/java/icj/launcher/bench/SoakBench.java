package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// `soak`: updates at a steady rate for hours, while one node after the other is killed. Every
/// update that was acknowledged is looked up in the canister afterwards, and none may have been
/// executed twice.
final class SoakBench {
    /// So many numbers the canister of the bench can mark.
    static final long NUMBERS_MAX = 16_777_216;

    /// How long the burst lasts that tells what a network can do; the first seconds of a network
    /// that was just started are slower.
    private static final int BURST_SECONDS = 20;

    private static final Duration LOOK_DURATION = Duration.ofSeconds(30);
    private static final Duration LOOK_PAUSE = Duration.ofMillis(100);

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private SoakBench() {}

    static Figures run(Endpoint endpoint, BenchOptions options, Notes notes)
            throws IOException, InterruptedException {
        Endpoint.Local local = endpoint.local();
        if (local == null) {
            throw new Failure(
                    Problem.BENCH_OPTION, "A soak kills nodes of a network here", "See: --network");
        }
        BenchOptions.Soak soak = options.soak();
        double rate = rate(endpoint, options, notes);
        Duration load = Duration.ofSeconds(soak.seconds());
        if (load.toSeconds() * rate > NUMBERS_MAX) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    String.format(
                            Locale.ROOT,
                            "%d seconds at %.0f updates/s are more than %d updates",
                            soak.seconds(),
                            rate,
                            NUMBERS_MAX),
                    "Choose a lower --rate, or fewer --minutes");
        }
        notes.say(String.format(Locale.ROOT, "%.0f updates/s from now on", rate));
        NetworkDirectory directory =
                NetworkDirectory.of(local.directory(), null, Locations.ofProcess());
        List<String> called = called(endpoint, directory);
        try (LoadCanister canister = LoadCanister.make(endpoint)) {
            for (URI node : endpoint.nodes()) {
                awaitCanister(node, canister);
            }
            return measure(endpoint, directory, called, canister, rate, soak, notes);
        }
    }

    /// Until this node knows the canister, too: the others may certify its installation first.
    private static void awaitCanister(URI node, LoadCanister canister) throws InterruptedException {
        SignedRequests questions =
                SignedRequests.queries(LoadCanister.newIdentity(), canister.id());
        String path = "/api/v3/canister/" + canister.id() + "/query";
        long end = System.nanoTime() + LOOK_DURATION.toNanos();
        String said = "nothing";
        while (System.nanoTime() - end < 0) {
            try (Connection connection = new Connection(node, path, LOOK_DURATION)) {
                AnswerReader answer = connection.ask(questions.next().body());
                if (answer.status() == 200 && Replies.saysReplied(answer.body())) {
                    return;
                }
                said = "HTTP " + answer.status();
            } catch (IOException e) {
                said = String.valueOf(e.getMessage());
            }
            Thread.sleep(LOOK_PAUSE);
        }
        throw new Failure(
                Problem.BENCH_FAILED,
                node + " does not know the canister of the bench: " + said,
                "See: ic status, ic logs");
    }

    private static double rate(Endpoint endpoint, BenchOptions options, Notes notes)
            throws IOException {
        Integer asked = options.soak().rate();
        if (asked != null) {
            return asked;
        }
        notes.say("A burst of " + BURST_SECONDS + " s first: the load is half of it ...");
        BenchOptions burst =
                new BenchOptions(null, BURST_SECONDS, null, false, false, false, options.soak());
        Number most = ThroughputBench.run(endpoint, burst, notes).values().get("updates_per_s");
        return Math.max(1, most == null ? 1 : Math.floor(most.doubleValue() / 2));
    }

    /// The names of the nodes that are called.
    private static List<String> called(Endpoint endpoint, NetworkDirectory directory) {
        List<String> names = new ArrayList<>();
        for (NetworkFile.Node node : NetworkFile.read(directory.networkFile()).nodes()) {
            if (endpoint.nodes().contains(URI.create(node.http()))) {
                names.add(node.name());
            }
        }
        return names;
    }

    private static Figures measure(
            Endpoint endpoint,
            NetworkDirectory directory,
            List<String> called,
            LoadCanister canister,
            double rate,
            BenchOptions.Soak soak,
            Notes notes)
            throws InterruptedException {
        SoakCount count = new SoakCount();
        CertificateSamples samples = new CertificateSamples(canister.agent(), canister.id(), count);
        Integer killSeconds = soak.killSeconds();
        NodeKiller killer =
                killSeconds == null
                        ? null
                        : new NodeKiller(directory, called, Duration.ofSeconds(killSeconds));
        SteadyLoad driver =
                new SteadyLoad(
                        endpoint.nodes(),
                        "/api/v4/canister/" + canister.id() + "/call",
                        rate,
                        SteadyLoad.CONNECTIONS_MAX,
                        SignedRequests.marks(LoadCanister.newIdentity(), canister.id(), false),
                        count,
                        samples::offer);
        List<SoakMinute> minutes = new ArrayList<>();
        long ownBefore = NodeProcess.ownCpuNanos();
        long began = System.nanoTime();
        CompletableFuture<Long> sent = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("load")
                .start(() -> drive(driver, Duration.ofSeconds(soak.seconds()), sent));
        if (killer != null) {
            killer.start();
        }
        long from = began;
        long end = began + soak.seconds() * 1_000_000_000L;
        for (int i = 1; from < end && !sent.isCompletedExceptionally(); i++) {
            sleepUntil(Math.min(began + i * MINUTE_NANOS, end));
            long now = System.nanoTime();
            SoakMinute minute = minute(i, (now - from) / 1e9, count, directory, called, killer);
            from = now;
            minutes.add(minute);
            notes.say(minute.line());
        }
        if (killer != null) {
            killer.end();
            String trouble = killer.trouble();
            if (trouble != null) {
                notes.say("No more nodes were killed: " + trouble);
            }
        }
        notes.say("Waiting for what is still open ...");
        long all = outcome(sent);
        samples.end();
        var _ = count.next();
        notes.say(
                LatencyBench.share(
                        "client",
                        NodeProcess.ownCpuNanos() - ownBefore,
                        System.nanoTime() - began));
        if (driver.unsent() > 0) {
            notes.say(driver.unsent() + " were not sent in time: all connections were busy");
        }
        notes.say(samples.verified() + " certificates verified");
        count.reasons().forEach((reason, times) -> notes.say(times + " x " + reason));
        long lost = canister.lost(false, count.acknowledged());
        int kills = killer == null ? 0 : killer.kills();
        return figures(minutes, count, rate, kills, all, lost, canister.twice());
    }

    private static void drive(SteadyLoad driver, Duration load, CompletableFuture<Long> sent) {
        try {
            sent.complete(driver.run(load));
        } catch (IOException | RuntimeException e) {
            sent.completeExceptionally(e);
        }
    }

    private static long outcome(CompletableFuture<Long> sent) throws InterruptedException {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new Failure(
                    Problem.BENCH_FAILED,
                    "The clients of the bench failed: " + e.getCause(),
                    "Run it again");
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    private static SoakMinute minute(
            int number,
            double seconds,
            SoakCount count,
            NetworkDirectory directory,
            List<String> called,
            @Nullable NodeKiller killer) {
        SoakCount.Part part = count.next();
        NetworkFile file = NetworkFile.read(directory.networkFile());
        return new SoakMinute(
                number,
                seconds,
                part,
                SoakMinute.Memory.of(LocalNetwork.processes(file), called),
                IdleBench.megabytes(directory.root()),
                killer == null ? List.of() : killer.next());
    }

    static Figures figures(
            List<SoakMinute> minutes,
            SoakCount count,
            double rate,
            int kills,
            long sent,
            long lost,
            long twice) {
        SoakCount.Part all = count.all();
        double seconds = minutes.stream().mapToDouble(SoakMinute::seconds).sum();
        double inTime = minutes.stream().mapToDouble(m -> m.part().acknowledged()).sum();
        Figures figures =
                new Figures()
                        .number("minutes", seconds / 60)
                        .number("rate", rate)
                        .count("sent", sent)
                        .count("acknowledged", count.acknowledged().cardinality())
                        .count("refused_429", all.refused())
                        .count("unknown", all.unknown())
                        .count("errors", all.failed())
                        .count("lost", lost)
                        .count("twice", twice)
                        .count("kills", kills)
                        .number("updates_per_s", inTime / seconds)
                        .number("p50_ms", all.latencies().millis(50))
                        .number("p99_ms", all.latencies().millis(99))
                        .number("ready_s", SoakMinute.median(minutes, SoakMinute::readySeconds));
        SoakMinute.addTenths(figures, "updates_per_s", minutes, SoakMinute::acknowledgedPerSecond);
        SoakMinute.addTenths(figures, "p50_ms", minutes, m -> m.part().latencies().millis(50));
        SoakMinute.addTenths(figures, "p99_ms", minutes, m -> m.part().latencies().millis(99));
        SoakMinute.addTenths(figures, "rss_mb_node", minutes, m -> m.memory().largest());
        SoakMinute.addTenths(figures, "rss_mb_nns", minutes, m -> m.memory().others());
        SoakMinute.addTenths(figures, "rss_mb_supervisor", minutes, m -> m.memory().supervisor());
        SoakMinute.addTenths(figures, "disk_mb", minutes, SoakMinute::diskMegabytes);
        SoakMinute.addTenths(figures, "ready_s", minutes, SoakMinute::readySeconds);
        return figures;
    }
}
