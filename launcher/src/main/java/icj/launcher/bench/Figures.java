package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a bench found: names and numbers, in the order in which they are told. A number that can't
/// be known is null.
public final class Figures {
    /// What must not happen: of several runs the worst is told.
    private static final Set<String> WORST = Set.of("errors", "lost", "twice", "unknown");

    private final Map<String, @Nullable Number> values = new LinkedHashMap<>();

    /// Adds a whole number.
    Figures count(String name, long value) {
        values.put(name, value);
        return this;
    }

    /// Adds a number with three digits that mean something, and at least one behind the point.
    Figures number(String name, double value) {
        values.put(name, Double.isFinite(value) ? rounded(value) : null);
        return this;
    }

    /// Adds a number that can't be known here.
    Figures unknown(String name) {
        values.put(name, null);
        return this;
    }

    /// All of them.
    public Map<String, @Nullable Number> values() {
        return values;
    }

    private static double rounded(double value) {
        double step = Math.abs(value) >= 10 ? 10 : Math.abs(value) >= 1 ? 100 : 1_000;
        return Math.round(value * step) / step;
    }

    /// The median of each figure over several runs, between two middle ones the lower; of what must
    /// not happen the most.
    static Figures medians(List<Figures> runs) {
        Figures medians = new Figures();
        for (String name : runs.getFirst().values.keySet()) {
            List<Number> known = new ArrayList<>();
            for (Figures run : runs) {
                Number value = run.values.get(name);
                if (value != null) {
                    known.add(value);
                }
            }
            medians.values.put(name, known.isEmpty() ? null : of(name, known));
        }
        return medians;
    }

    private static Number of(String name, List<Number> numbers) {
        double[] sorted = numbers.stream().mapToDouble(Number::doubleValue).toArray();
        Arrays.sort(sorted);
        double told = sorted[WORST.contains(name) ? sorted.length - 1 : (sorted.length - 1) / 2];
        return numbers.getFirst() instanceof Long ? (Number) (long) told : (Number) told;
    }
}
