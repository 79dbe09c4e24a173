package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Each bench in a short form: its fields, and that its counts agree. No figure is judged.
@Timeout(300)
final class BenchIT {
    private static final List<String> COMMON =
            List.of("name", "machine", "date", "nodes", "commit");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;

    private static Network network;

    @BeforeAll
    static void start() {
        network = Network.start(home, 4, 1);
    }

    @AfterAll
    static void stop() {
        network.close();
    }

    private static JsonNode bench(String... arguments) {
        List<String> command = new ArrayList<>(List.of("bench", "--json"));
        command.addAll(List.of(arguments));
        Shell.Outcome outcome = network.ic(command.toArray(String[]::new)).expect(0);
        JsonNode report = JsonMapper.shared().readTree(outcome.output());
        System.out.println(report);
        assertTrue(report.get("machine").asString().contains("cores"));
        assertTrue(!report.get("commit").asString().isEmpty());
        return report;
    }

    /// A bench that names no network.
    private static JsonNode ofNone(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Network.ROOT.resolve("ic").toString());
        command.addAll(List.of("bench", "--json"));
        command.addAll(List.of(arguments));
        Shell.Outcome outcome =
                Shell.run(home, network.environment(), Duration.ofMinutes(4), command);
        return JsonMapper.shared().readTree(outcome.expect(0).output());
    }

    private static void assertFields(JsonNode report, String name, String... figures) {
        List<String> wanted = new ArrayList<>(COMMON);
        wanted.addAll(List.of(figures));
        assertEquals(wanted, List.copyOf(report.propertyNames()));
        assertEquals(name, report.get("name").asString());
        for (String figure : figures) {
            assertTrue(report.get(figure).isNumber(), figure);
            assertTrue(report.get(figure).asDouble() >= 0, figure);
        }
    }

    @Test
    void latency() {
        JsonNode report = bench("latency", "--samples", "20");
        assertFields(report, "latency", "samples", "errors", "p50_ms", "p99_ms");
        assertEquals("4+1", report.get("nodes").asString());
        assertEquals(20, report.get("samples").asInt());
        assertTrue(report.get("p50_ms").asDouble() <= report.get("p99_ms").asDouble());
    }

    @Test
    void throughput() {
        assertAllAreAccountedFor("throughput", bench("throughput", "--seconds", "4"));
    }

    @Test
    void throughputOfDistinctPages() {
        assertAllAreAccountedFor(
                "throughput-distinct-pages",
                bench("throughput", "--distinct-pages", "--seconds", "4", "--clients", "16"));
    }

    private static void assertAllAreAccountedFor(String name, JsonNode report) {
        assertFields(
                report,
                name,
                "seconds",
                "clients",
                "sent",
                "acknowledged",
                "refused_429",
                "errors",
                "lost",
                "updates_per_s",
                "p99_ms");
        assertTrue(report.get("acknowledged").asLong() > 0);
        assertEquals(
                report.get("sent").asLong(),
                report.get("acknowledged").asLong()
                        + report.get("refused_429").asLong()
                        + report.get("errors").asLong());
        assertEquals(0, report.get("lost").asLong());
    }

    @Test
    void query() {
        String[] figures = {"queries_per_s", "queries_per_s_per_core", "p50_ms", "p99_ms"};
        assertFields(bench("query", "--seconds", "3"), "query", figures);
        JsonNode anonymous =
                bench("query", "--seconds", "3", "--anonymous", "--while-updating", "--runs", "2");
        assertFields(anonymous, "query-anonymous-while-updating", figures);
    }

    @Test
    void idle() {
        assertFields(
                bench("idle", "--seconds", "2"),
                "idle",
                "cpu_percent",
                "rss_mb_1",
                "rss_mb_2",
                "rss_mb_3",
                "rss_mb_4",
                "rss_mb_nns1",
                "rss_mb_supervisor",
                "disk_bytes_per_hour");
    }

    /// The sum is printed beside the median, and not judged: the machine may be busy.
    @Test
    void phases() {
        JsonNode report = bench("phases", "--samples", "40");
        assertFields(
                report,
                "phases",
                "request_ms",
                "propose_ms",
                "notarize_ms",
                "finalize_ms",
                "queue_ms",
                "execute_ms",
                "hash_ms",
                "certify_ms",
                "answer_ms",
                "client_ms",
                "sum_ms",
                "p50_ms");
    }

    /// On a network of its own, of which nothing stays.
    @Test
    void startOnItsOwn() throws Exception {
        JsonNode report = ofNone("start", "--nodes", "1", "--nns-nodes", "0");
        assertFields(report, "start", "fresh_ms", "resumed_ms");
        assertEquals("1", report.get("nodes").asString());
        try (Stream<Path> left = Files.list(home.resolve("data/ic/bench"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    /// Any endpoint, told what it doesn't tell itself.
    @Test
    void otherEndpoints() {
        JsonNode report =
                ofNone(
                        "latency",
                        "--samples",
                        "10",
                        "--url",
                        network.node("2").http().toString(),
                        "--url",
                        network.node("3").http().toString(),
                        "--effective-canister",
                        network.defaultEffectiveCanisterId());
        assertFields(report, "latency", "samples", "errors", "p50_ms", "p99_ms");
        assertEquals("2", report.get("nodes").asString());
    }

    @Test
    void root() {
        assertFields(ofNone("root"), "root", "ms_1_gib", "ms_1_mib");
    }

    /// With or without Node.js.
    @Test
    void wasm() {
        JsonNode report = ofNone("wasm");
        List<String> figures = new ArrayList<>(COMMON);
        for (String kernel :
                List.of("sha256", "quicksort", "map", "matrix", "fibonacci", "indirect")) {
            figures.addAll(List.of(kernel + "_ms", kernel + "_v8_ms", kernel + "_ratio"));
            assertTrue(report.get(kernel + "_ms").asDouble() > 0, kernel);
        }
        figures.add("geomean_ratio_to_v8");
        assertEquals(figures, List.copyOf(report.propertyNames()));
        assertEquals("0", report.get("nodes").asString());
    }

    /// A minute with kills: nothing that was acknowledged is lost, nothing is executed twice.
    @Test
    void soak() {
        JsonNode report =
                bench("soak", "-q", "--seconds", "40", "--rate", "40", "--kill-every", "30");
        assertEquals("soak", report.get("name").asString());
        assertEquals(1_600, report.get("sent").asLong());
        assertTrue(report.get("acknowledged").asLong() > 0);
        assertTrue(report.get("kills").asLong() > 0);
        assertSoakAddsUp(report);
        for (String process : List.of("node", "nns", "supervisor")) {
            assertTrue(report.get("rss_mb_" + process + "_last").asDouble() > 0, process);
        }
    }

    private static void assertSoakAddsUp(JsonNode report) {
        assertEquals(
                report.get("sent").asLong(),
                report.get("acknowledged").asLong()
                        + report.get("refused_429").asLong()
                        + report.get("unknown").asLong()
                        + report.get("errors").asLong());
        assertEquals(0, report.get("lost").asLong());
        assertEquals(0, report.get("twice").asLong());
    }

    /// More than any machine of ours can do: nodes refuse, and what they take is answered, each
    /// call.
    @Test
    void overload() {
        JsonNode report = bench("soak", "-q", "--seconds", "15", "--rate", "12000", "--no-kill");
        assertTrue(report.get("refused_429").asLong() > 0);
        assertTrue(report.get("acknowledged").asLong() > 0);
        assertEquals(0, report.get("unknown").asLong());
        assertEquals(0, report.get("errors").asLong());
        assertSoakAddsUp(report);
    }

    @Test
    void whatDoesNotFitIsSaid() {
        network.ic("bench", "latency", "--samples", "0").expect(2);
        network.ic("bench", "everything").expect(2);
        network.ic("bench", "start").expect(2);
    }
}
