package icj.launcher.bench;

import java.util.Map;

/// What the figures are to become on a machine with two cores.
final class Goals {
    private static final Map<String, String> GOALS =
            Map.ofEntries(
                    Map.entry("latency p50_ms", "25 at most"),
                    Map.entry("latency p99_ms", "100 at most"),
                    Map.entry("throughput lost", "0"),
                    Map.entry("throughput updates_per_s", "4,000 at least"),
                    Map.entry("throughput p99_ms", "1,000 at most"),
                    Map.entry("throughput-distinct-pages lost", "0"),
                    Map.entry("throughput-distinct-pages updates_per_s", "2,000 at least"),
                    Map.entry("throughput-distinct-pages p99_ms", "1,000 at most"),
                    Map.entry("query queries_per_s_per_core", "8,000 at least"),
                    Map.entry("query p50_ms", "1 at most"),
                    Map.entry("query-anonymous queries_per_s_per_core", "15,000 at least"),
                    Map.entry("query-anonymous p50_ms", "1 at most"),
                    Map.entry("query-anonymous-while-updating p99_ms", "20 at most"),
                    Map.entry("start fresh_ms", "5,000 at most"),
                    Map.entry("start resumed_ms", "3,000 at most"),
                    Map.entry("idle cpu_percent", "5 at most"),
                    Map.entry("wasm geomean_ratio_to_v8", "1.25 at most"));

    /// Of one node, in MB.
    private static final String RESIDENT = "250 at most";

    private Goals() {}

    /// The goal of a figure; empty when it has none.
    static String of(String bench, String figure) {
        boolean node = figure.startsWith("rss_mb_") && !figure.endsWith("supervisor");
        return node ? RESIDENT : GOALS.getOrDefault(bench + " " + figure, "");
    }
}
