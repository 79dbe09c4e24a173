package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.types.RequestId;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `phases`: where the time of an update goes. The updates are those of `latency`; of the half of
/// them around the median, the steps that their nodes noted are averaged. What the client waited
/// beyond them, for the connection and its own verification, is the last phase.
final class PhasesBench {
    /// A node remembers its last 1,024 calls: so many at most can be told apart at each.
    private static final int SAMPLES_PER_NODE_MAX = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private PhasesBench() {}

    static Figures run(Endpoint endpoint, BenchOptions options, Notes notes)
            throws IOException, InterruptedException {
        Endpoint.Local local = endpoint.local();
        if (local == null) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    "The phases of an update are known to its nodes only",
                    "Leave --url out, or measure latency instead");
        }
        int count =
                Math.min(
                        options.samplesOr(LatencyBench.SAMPLES),
                        SAMPLES_PER_NODE_MAX * endpoint.nodes().size());
        try (LoadCanister canister = LoadCanister.make(endpoint)) {
            List<LatencyBench.Sample> samples =
                    LatencyBench.measure(endpoint, canister, count, notes).samples();
            Map<String, Map<String, Long>> traces = new HashMap<>();
            for (URI metrics : local.metrics()) {
                read(metrics, traces);
            }
            return figures(samples, traces);
        }
    }

    /// @param traces steps in microseconds by the ids of requests
    static Figures figures(
            List<LatencyBench.Sample> samples, Map<String, Map<String, Long>> traces) {
        List<LatencyBench.Sample> sorted = new ArrayList<>(samples);
        sorted.sort(Comparator.comparing(LatencyBench.Sample::nanos));
        Map<String, Long> sums = new LinkedHashMap<>();
        long client = 0;
        int counted = 0;
        for (LatencyBench.Sample sample :
                sorted.subList(sorted.size() / 4, sorted.size() - sorted.size() / 4)) {
            Map<String, Long> trace = traces.get(key(sample.id()));
            if (trace == null) {
                continue;
            }
            long rest = sample.nanos() / 1_000;
            for (Map.Entry<String, Long> step : trace.entrySet()) {
                sums.merge(step.getKey(), step.getValue(), Long::sum);
                rest -= step.getValue();
            }
            client += rest;
            counted++;
        }
        if (counted == 0) {
            throw new Failure(
                    Problem.BENCH_FAILED,
                    "No node remembers any of the updates",
                    "Are the nodes of this version? See: ic version, ic status");
        }
        Figures figures = new Figures();
        double sum = client;
        for (Map.Entry<String, Long> step : sums.entrySet()) {
            figures.number(step.getKey() + "_ms", step.getValue() / 1e3 / counted);
            sum += step.getValue();
        }
        return figures.number("client_ms", client / 1e3 / counted)
                .number("sum_ms", sum / 1e3 / counted)
                .number("p50_ms", latencies(sorted).millis(50));
    }

    private static Percentiles latencies(List<LatencyBench.Sample> samples) {
        Percentiles latencies = new Percentiles();
        samples.forEach(sample -> latencies.add(sample.nanos()));
        return latencies;
    }

    static String key(RequestId id) {
        return id.digest().toString();
    }

    private static void read(URI metrics, Map<String, Map<String, Long>> traces)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(metrics.resolve("/calls")).timeout(TIMEOUT).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String lines = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            for (String line : lines.split("\n", -1)) {
                if (!line.isBlank()) {
                    JsonNode trace = Json.parse(line);
                    Map<String, Long> steps = new LinkedHashMap<>();
                    for (Map.Entry<String, JsonNode> step : trace.get("micros").properties()) {
                        steps.put(step.getKey(), step.getValue().asLong());
                    }
                    traces.put(trace.get("id").asString(), steps);
                }
            }
        } catch (JacksonException e) {
            throw new IOException(metrics + "/calls answers no JSON", e);
        }
    }
}
