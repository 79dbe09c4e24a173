package icj.launcher.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// One minute of a soak.
///
/// @param number from 1
/// @param seconds that it lasted
/// @param part what became of updates
/// @param memory of each process at its end
/// @param diskMegabytes of the network at its end
/// @param kills that happened or ended in it
record SoakMinute(
        int number,
        double seconds,
        SoakCount.Part part,
        Memory memory,
        double diskMegabytes,
        List<NodeKiller.Kill> kills) {
    /// Resident memory, in MB of 10^6 bytes.
    ///
    /// @param nodes of the subnet that is called
    /// @param largest of these; NaN when there are none
    /// @param others the largest NNS node; NaN when there are none
    /// @param supervisor of the network
    record Memory(List<Double> nodes, double largest, double others, double supervisor) {
        static Memory of(List<NodeProcess> processes, List<String> called) {
            List<Double> nodes = new ArrayList<>();
            double largest = Double.NaN;
            double others = Double.NaN;
            double supervisor = Double.NaN;
            for (NodeProcess process : processes) {
                double resident = process.residentMegabytes();
                if (process.name().equals(LocalNetwork.SUPERVISOR)) {
                    supervisor = resident;
                } else if (called.contains(process.name())) {
                    nodes.add(resident);
                    largest = larger(largest, resident);
                } else {
                    others = larger(others, resident);
                }
            }
            return new Memory(nodes, largest, others, supervisor);
        }

        private static double larger(double one, double other) {
            return Double.isNaN(one) || other > one ? other : one;
        }
    }

    SoakMinute {
        kills = List.copyOf(kills);
    }

    double acknowledgedPerSecond() {
        return part.acknowledged() / seconds;
    }

    /// The longest time until a node was ready again; NaN when none came back.
    double readySeconds() {
        double longest = Double.NaN;
        for (NodeKiller.Kill kill : kills) {
            if (!Double.isNaN(kill.seconds())
                    && (Double.isNaN(longest) || kill.seconds() > longest)) {
                longest = kill.seconds();
            }
        }
        return longest;
    }

    /// For people.
    String line() {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        Locale.ROOT,
                        "minute %d: %.0f acknowledged/s, %d refused, %d unknown, %d failed,"
                                + " p50 %.1f ms, p99 %.0f ms, resident",
                        number,
                        acknowledgedPerSecond(),
                        part.refused(),
                        part.unknown(),
                        part.failed(),
                        part.latencies().millis(50),
                        part.latencies().millis(99)));
        for (double node : memory.nodes) {
            line.append(String.format(Locale.ROOT, " %.0f", node));
        }
        line.append(
                String.format(
                        Locale.ROOT,
                        " + %.0f + %.0f MB, disk %.0f MB",
                        memory.others,
                        memory.supervisor,
                        diskMegabytes));
        for (NodeKiller.Kill kill : kills) {
            line.append(", node ").append(kill.node());
            line.append(
                    Double.isNaN(kill.seconds())
                            ? " not ready yet"
                            : String.format(Locale.ROOT, " ready after %.1f s", kill.seconds()));
        }
        return line.toString();
    }

    /// Adds the medians of the first and the last tenth of the minutes, and their ratio.
    static void addTenths(
            Figures figures,
            String name,
            List<SoakMinute> minutes,
            ToDoubleFunction<SoakMinute> figure) {
        int tenth = Math.max(1, minutes.size() / 10);
        double first = median(minutes.subList(0, Math.min(tenth, minutes.size())), figure);
        double last =
                median(
                        minutes.subList(Math.max(0, minutes.size() - tenth), minutes.size()),
                        figure);
        figures.number(name + "_first", first);
        figures.number(name + "_last", last);
        figures.number(name + "_ratio", last / first);
    }

    /// The median of what is known; between two middle ones the lower.
    static double median(List<SoakMinute> minutes, ToDoubleFunction<SoakMinute> figure) {
        double[] known =
                minutes.stream()
                        .mapToDouble(figure)
                        .filter(value -> !Double.isNaN(value))
                        .sorted()
                        .toArray();
        return known.length == 0 ? Double.NaN : known[(known.length - 1) / 2];
    }
}
