package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// docs/LIMITS.md tells of each bound that a node shows, and of no other.
@Timeout(120)
final class LimitsTest extends WholeNodes {
    private static final Pattern ROW = Pattern.compile("\\| `(ic_[^`]+)` \\| (\\d+) \\| \\S.*");
    private static final Pattern BOUND = Pattern.compile("ic_bound\\{of=\"([^\"]+)\"} (\\S+)");
    private static final Pattern SERIES =
            Pattern.compile("(ic_[a-z0-9_]+)(?:\\{[a-z]+=\"([^\"]*)\"})? (\\S+)");

    @Test
    void theTableSaysWhatTheMetricsShow() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 4);
        Replica node = start(network, "1");
        String metrics =
                new String(get(node.metricsPort(), "/metrics").body(), StandardCharsets.UTF_8);
        Map<String, String> shown = new TreeMap<>();
        Map<String, BigDecimal> values = new TreeMap<>();
        for (String line : metrics.split("\n")) {
            Matcher bound = BOUND.matcher(line);
            Matcher series = SERIES.matcher(line);
            if (bound.matches()) {
                shown.put(bound.group(1), new BigDecimal(bound.group(2)).toPlainString());
            } else if (series.matches()) {
                String label = series.group(2);
                values.put(
                        series.group(1) + (label == null ? "" : "/" + label),
                        new BigDecimal(series.group(3)));
            }
        }
        Map<String, String> told = new TreeMap<>();
        for (String line :
                Files.readAllLines(Path.of(System.getProperty("icj.root"), "docs/LIMITS.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertEquals(null, told.put(row.group(1), row.group(2)), row.group(1) + " twice");
            }
        }
        assertEquals(shown, told);
        shown.forEach((name, bound) -> {
            assertTrue(values.containsKey(name), "there is a bound of " + name + ", which is not");
            assertTrue(values.get(name).compareTo(new BigDecimal(bound)) <= 0, name);
        });
    }
}
