package icj.launcher.bench;

import icj.agent.Identity;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.types.RequestId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `latency`: one update after the other, by turns to each node, from the first byte sent until the
/// certificate in the answer is verified.
final class LatencyBench {
    static final int SAMPLES = 500;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(40);

    private LatencyBench() {}

    /// An update that was answered with a certificate that stands.
    ///
    /// @param nanos until then
    record Sample(RequestId id, long nanos) {}

    /// @param failed updates that were not answered so
    record Measured(List<Sample> samples, int failed) {}

    static Figures run(Endpoint endpoint, BenchOptions options, Notes notes) {
        try (LoadCanister canister = LoadCanister.make(endpoint)) {
            return figures(measure(endpoint, canister, options.samplesOr(SAMPLES), notes));
        }
    }

    static Figures figures(Measured measured) {
        Percentiles latencies = new Percentiles();
        measured.samples().forEach(sample -> latencies.add(sample.nanos()));
        return new Figures()
                .count("samples", measured.samples().size())
                .count("errors", measured.failed())
                .number("p50_ms", latencies.millis(50))
                .number("p99_ms", latencies.millis(99));
    }

    /// Calls until there are so many samples, after the warm-up.
    static Measured measure(Endpoint endpoint, LoadCanister canister, int count, Notes notes) {
        Identity identity = LoadCanister.newIdentity();
        SignedRequests requests =
                SignedRequests.marks(identity, canister.id(), false)
                        .sign(BenchOptions.WARM_UP + count);
        List<Sample> samples = new ArrayList<>();
        int failed = 0;
        String path = "/api/v4/canister/" + canister.id() + "/call";
        long ownBefore = NodeProcess.ownCpuNanos();
        long began = System.nanoTime();
        @Nullable Connection[] connections = new Connection[endpoint.nodes().size()];
        try {
            for (int turn = 0; samples.size() < count; turn++) {
                int index = turn % connections.length;
                String reason;
                try {
                    Connection connection = connections[index];
                    if (connection == null) {
                        URI node = endpoint.nodes().get(index);
                        connection = new Connection(node, path, ANSWER_TIMEOUT);
                        connections[index] = connection;
                    }
                    LoadRequest request = requests.next();
                    long sent = System.nanoTime();
                    AnswerReader answer = connection.ask(request.body());
                    reason =
                            Replies.refusal(
                                    canister.agent(),
                                    canister.id(),
                                    request,
                                    answer.status(),
                                    answer.body());
                    if (reason == null) {
                        if (turn >= BenchOptions.WARM_UP) {
                            samples.add(new Sample(request.id(), System.nanoTime() - sent));
                        }
                        continue;
                    }
                } catch (IOException e) {
                    Connection broken = connections[index];
                    connections[index] = null;
                    if (broken != null) {
                        broken.close();
                    }
                    reason = String.valueOf(e.getMessage());
                }
                failed++;
                if (failed > count / 5 + 10) {
                    throw new Failure(
                            Problem.BENCH_FAILED,
                            failed
                                    + " of "
                                    + (turn + 1)
                                    + " updates were not answered with a valid certificate, the"
                                    + " last by "
                                    + endpoint.nodes().get(index)
                                    + ": "
                                    + reason,
                            "See: ic status, ic logs");
                }
            }
        } finally {
            for (Connection connection : connections) {
                if (connection != null) {
                    connection.close();
                }
            }
        }
        notes.say(
                share("client", NodeProcess.ownCpuNanos() - ownBefore, System.nanoTime() - began)
                        + (failed == 0 ? "" : ", " + failed + " updates failed"));
        return new Measured(samples, failed);
    }

    static String share(String who, long cpuNanos, long wallNanos) {
        return String.format(
                Locale.ROOT,
                "%s: %.1f %% of one core",
                who,
                100.0 * cpuNanos / Math.max(1, wallNanos));
    }
}
