package icj.launcher.command;

import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.Health;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// What a node's `/metrics` said at one moment, as far as the command needs it.
///
/// @param nanos when
/// @param values of all series, by their names with labels
record NodeMetrics(long nanos, Map<String, Double> values) {
    private static final double MILLIS = 1_000;

    /// The node's metrics now; null when it doesn't answer.
    static @Nullable NodeMetrics of(NetworkFile.Node node) {
        String page = Health.page(node, "/metrics");
        if (page == null) {
            return null;
        }
        Map<String, Double> values = new TreeMap<>();
        for (String line : page.lines().toList()) {
            int space = line.lastIndexOf(' ');
            if (space > 0 && !line.startsWith("#")) {
                try {
                    values.put(line.substring(0, space), Double.parseDouble(line.substring(space)));
                } catch (NumberFormatException e) {
                    // A line that is no sample, such as a chunk's length.
                    continue;
                }
            }
        }
        return new NodeMetrics(System.nanoTime(), values);
    }

    long height(String stage) {
        return (long) value("ic_height{stage=\"" + stage + "\"}");
    }

    double value(String series) {
        return values.getOrDefault(series, 0.0);
    }

    /// How much a counter rose a second since `before`.
    double rate(String series, NodeMetrics before) {
        double seconds = (nanos - before.nanos) / 1e9;
        return seconds <= 0 ? 0 : Math.max(0, value(series) - before.value(series)) / seconds;
    }

    /// The median of what a histogram observed since `before`, in milliseconds, from the
    /// histogram's buckets; NaN when nothing was observed.
    double medianMillis(String histogram, NodeMetrics before) {
        String begin = histogram + "_bucket{le=\"";
        TreeMap<Double, Double> counts = new TreeMap<>();
        for (String series : values.keySet()) {
            if (series.startsWith(begin)) {
                String bound =
                        series.substring(begin.length(), series.indexOf('"', begin.length()));
                double upper = bound.equals("+Inf") ? Double.MAX_VALUE : Double.parseDouble(bound);
                counts.put(upper, value(series) - before.value(series));
            }
        }
        if (counts.isEmpty() || counts.lastEntry().getValue() <= 0) {
            return Double.NaN;
        }
        double half = counts.lastEntry().getValue() / 2;
        double lower = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            if (bucket.getValue() >= half) {
                double upper = bucket.getKey() == Double.MAX_VALUE ? lower : bucket.getKey();
                double share = (half - below) / Math.max(1e-9, bucket.getValue() - below);
                return (lower + (upper - lower) * share) * MILLIS;
            }
            lower = bucket.getKey();
            below = bucket.getValue();
        }
        return Double.NaN;
    }
}
