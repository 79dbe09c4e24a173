package icj.replica.metrics;

import icj.types.Invariant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// All measures of a node by name and labels, and their text form. Names follow Prometheus:
/// `ic_<what>_<unit>`, counters end in `_total`. Registering is idempotent; the number of series is
/// bounded, since labels come from enums and configuration only, never from what a peer or client
/// sent. Should one find no place all the same, it counts and is not shown.
public final class Metrics {
    /// A node of a large subnet shows some hundreds.
    static final int SERIES_MAX = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private record Family(Kind kind, String help, Map<String, Object> series) {}

    private final Map<String, Family> families = new TreeMap<>();
    private int seriesCount;
    private boolean full;

    /// The counter `name` with these labels.
    ///
    /// @param labels names and values in turn
    public Counter counter(String name, String help, String... labels) {
        return register(Kind.COUNTER, name, help, labels, Counter::new, Counter.class);
    }

    /// The histogram of seconds `name` with these labels.
    public Histogram histogram(String name, String help, String... labels) {
        return register(Kind.HISTOGRAM, name, help, labels, Histogram::new, Histogram.class);
    }

    /// Shows a number that is asked for when the metrics are read; the supplier must be safe on any
    /// thread and quick, and may take locks: it is asked outside ours. A later supplier of the same
    /// series replaces the earlier one.
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        synchronized (families) {
            register(Kind.GAUGE, name, help, labels, () -> value, DoubleSupplier.class);
            family(Kind.GAUGE, name, help).series().replace(labelText(labels), value);
        }
    }

    /// Shows a number as [#gauge] does, and what it never exceeds as `ic_bound{of="..."}`: the name
    /// of the series, with a slash and the values of its labels. docs/LIMITS.md tells of each.
    public void bounded(
            String name, String help, DoubleSupplier value, double bound, String... labels) {
        gauge(name, help, value, labels);
        StringBuilder of = new StringBuilder(name);
        for (int i = 1; i < labels.length; i += 2) {
            of.append('/').append(labels[i]);
        }
        gauge("ic_bound", "What a series never exceeds", () -> bound, "of", of.toString());
    }

    private <T> T register(
            Kind kind,
            String name,
            String help,
            String[] labels,
            Supplier<T> create,
            Class<T> type) {
        String key = labelText(labels);
        synchronized (families) {
            Family family = family(kind, name, help);
            Object known = family.series().get(key);
            if (known != null) {
                return type.cast(known);
            }
            T created = create.get();
            if (seriesCount < SERIES_MAX) {
                seriesCount++;
                family.series().put(key, created);
            } else if (!full) {
                full = true;
                LOG.warn(
                        "More than {} series: {}{{}} and later ones aren't shown",
                        SERIES_MAX,
                        name,
                        key);
            }
            return created;
        }
    }

    private Family family(Kind kind, String name, String help) {
        Family family = families.get(name);
        if (family == null) {
            family = new Family(kind, help, new TreeMap<>());
            families.put(name, family);
        }
        Invariant.check(family.kind() == kind, "%s has two kinds", name);
        return family;
    }

    private static String labelText(String[] labels) {
        Invariant.check(labels.length % 2 == 0, "Labels are names and values in turn");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            String escaped =
                    labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            text.append(i == 0 ? "" : ",").append(labels[i]).append("=\"").append(escaped);
            text.append('"');
        }
        return text.toString();
    }

    /// Everything in the Prometheus text format, version 0.0.4.
    public String render() {
        StringBuilder out = new StringBuilder(16_384);
        copy().forEach((name, family) -> {
            out.append("# HELP ").append(name).append(' ').append(family.help());
            out.append("\n# TYPE ").append(name).append(' ');
            out.append(family.kind().name().toLowerCase(java.util.Locale.ROOT));
            out.append('\n');
            family.series().forEach((labels, series) -> line(out, name, labels, series));
        });
        return out.toString();
    }

    /// Gauges are asked without the lock: they take locks of their own and list folders, and every
    /// thread that counts something under a label waits for ours.
    private Map<String, Family> copy() {
        Map<String, Family> shown = new TreeMap<>();
        synchronized (families) {
            families.forEach((name, family) ->
                    shown.put(
                            name,
                            new Family(
                                    family.kind(), family.help(), new TreeMap<>(family.series()))));
        }
        return shown;
    }

    private static void line(StringBuilder out, String name, String labels, Object series) {
        switch (series) {
            case Counter counter -> sample(out, name, labels, Long.toString(counter.value()));
            case Histogram histogram -> histogram(out, name, labels, histogram);
            case DoubleSupplier gauge -> sample(out, name, labels, number(gauge.getAsDouble()));
            default -> throw new Invariant.Violation("Unknown series " + name);
        }
    }

    private static void histogram(StringBuilder out, String name, String labels, Histogram h) {
        String prefix = labels.isEmpty() ? "" : labels + ",";
        long cumulative = 0;
        for (int i = 0; i < Histogram.BOUNDS_NANOS.length; i++) {
            cumulative += h.count(i);
            String bound = number(Histogram.BOUNDS_NANOS[i] / 1e9);
            sample(out, name + "_bucket", prefix + "le=\"" + bound + "\"", cumulative + "");
        }
        cumulative += h.count(Histogram.BOUNDS_NANOS.length);
        sample(out, name + "_bucket", prefix + "le=\"+Inf\"", cumulative + "");
        sample(out, name + "_sum", labels, number(h.sumSeconds()));
        sample(out, name + "_count", labels, cumulative + "");
    }

    private static void sample(StringBuilder out, String name, String labels, String value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
