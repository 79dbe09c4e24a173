package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.agent.Identity;
import icj.launcher.Failure;
import icj.launcher.command.SchemaCheck;
import icj.launcher.network.Json;
import icj.types.CanisterId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What benches print is what the committed schema says, and the page keeps what people wrote.
final class BenchSchemaTest {
    @TempDir Path folder;

    private static void check(String name, Figures figures) {
        Report report =
                new Report(name, "a machine", "2026-01-01T00:00:00Z", "4+1", "abc", figures);
        SchemaCheck.check("bench", Json.parse(Json.line(report.json())));
    }

    private static List<PartsProcess.Line> lines(double nanos, String reply) {
        List<PartsProcess.Line> lines = new ArrayList<>();
        for (String kernel : WasmBench.KERNELS) {
            lines.add(new PartsProcess.Line(kernel, nanos, reply));
        }
        return lines;
    }

    private static SoakMinute minute() {
        return new SoakMinute(
                1,
                60,
                new SoakCount().next(),
                new SoakMinute.Memory(List.of(150.0), 150, Double.NaN, 80),
                100,
                List.of(new NodeKiller.Kill("1", 3), new NodeKiller.Kill("2", Double.NaN)));
    }

    @Test
    void reportsAreAsTheSchemaSays() {
        check(
                "latency",
                LatencyBench.figures(new LatencyBench.Measured(List.of(), 0))
                        .number("p50_ms", 1)
                        .number("p99_ms", 2));
        UpdateLoad updates =
                new UpdateLoad(
                        SignedRequests.marks(Identity.anonymous(), CanisterId.MANAGEMENT, false),
                        Duration.ofSeconds(1));
        check("throughput-distinct-pages", ThroughputBench.figures(updates, 60, 256, 0));
        check("wasm", WasmBench.figures(lines(3e6, "01"), lines(2e6, "01")));
        check("wasm", WasmBench.figures(lines(3e6, "01"), List.of()));
        check("soak", SoakBench.figures(List.of(minute()), new SoakCount(), 750, 2, 9, 0, 0));
        check(
                "idle",
                new Figures()
                        .number("cpu_percent", 5)
                        .number("rss_mb_nns1", 200)
                        .count("disk_bytes_per_hour", 7));
        Figures unlisted = new Figures().number("ms_1_gib", 1).number("ms_1_mib", 1);
        check("root", unlisted);
        unlisted.count("more", 1);
        assertThrows(AssertionError.class, () -> check("root", unlisted));
    }

    @Test
    void ratiosAreToldAndTheirGeometricMean() {
        Figures figures = WasmBench.figures(lines(3e6, "01"), lines(2e6, "01"));
        assertEquals(3.0, figures.values().get("fibonacci_ms"));
        assertEquals(1.5, figures.values().get("fibonacci_ratio"));
        assertEquals(1.5, figures.values().get("geomean_ratio_to_v8"));
        // Engines that disagree are no matter of speed.
        assertThrows(Failure.class, () -> WasmBench.figures(lines(3e6, "01"), lines(2e6, "02")));
    }

    @Test
    void thePageKeepsWhatPeopleWrote() throws Exception {
        Path page = folder.resolve("performance.md");
        Files.writeString(
                page,
                "# Mine\n" + PerformancePage.BEGIN + "old\n" + PerformancePage.END + "## Too\n");
        Report report =
                new Report(
                        "latency",
                        "a machine",
                        "2026-01-01T00:00:00Z",
                        "4+1",
                        "abc",
                        new Figures().number("p50_ms", 20));
        PerformancePage.check(page);
        PerformancePage.write(page, List.of(report), 3);
        assertEquals(
                "# Mine\n"
                        + PerformancePage.BEGIN
                        + "Taken 2026-01-01T00:00:00Z at commit abc, on a machine.\n"
                        + "Medians of 3 runs.\n\n"
                        + "| bench | nodes | figure | value | goal |\n|---|---|---|---:|---|\n"
                        + "| latency | 4+1 | p50_ms | 20.0 | 25 at most |\n"
                        + PerformancePage.END
                        + "## Too\n",
                Files.readString(page));
        Files.writeString(page, "# Mine\n");
        assertThrows(Failure.class, () -> PerformancePage.check(page));
        assertEquals("# Mine\n", Files.readString(page));
    }
}
