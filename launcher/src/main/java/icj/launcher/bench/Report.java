package icj.launcher.bench;

import icj.launcher.network.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;

/// What a bench found, and where and when.
///
/// @param name of the bench and its variant
/// @param machine that it ran on
/// @param date day and time, UTC
/// @param nodes how many, as `4+1`
/// @param commit of this program
/// @param figures what it found
public record Report(
        String name, String machine, String date, String nodes, String commit, Figures figures) {
    /// One flat object.
    public ObjectNode json() {
        ObjectNode object = Json.object();
        object.put("name", name);
        object.put("machine", machine);
        object.put("date", date);
        object.put("nodes", nodes);
        object.put("commit", commit);
        for (Map.Entry<String, @Nullable Number> entry : figures.values().entrySet()) {
            switch (entry.getValue()) {
                case null -> object.putNull(entry.getKey());
                case Long whole -> object.put(entry.getKey(), whole);
                case Number other ->
                        object.put(entry.getKey(), BigDecimal.valueOf(other.doubleValue()));
            }
        }
        return object;
    }

    /// A table with a line for each figure.
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(name).append("\n\n| figure | value |\n|---|---:|\n");
        figures.values()
                .forEach((figure, value) ->
                        text.append("| ")
                                .append(figure)
                                .append(" | ")
                                .append(number(value))
                                .append(" |\n"));
        return text.toString();
    }

    /// The same for people at a terminal.
    public String text() {
        StringBuilder text = new StringBuilder(name);
        if (!nodes.equals("0")) {
            text.append(" (").append(nodes).append(nodes.equals("1") ? " node)" : " nodes)");
        }
        figures.values()
                .forEach((figure, value) ->
                        text.append('\n')
                                .append(
                                        String.format(
                                                Locale.ROOT,
                                                "  %-24s %12s",
                                                figure,
                                                number(value))));
        return text.toString();
    }

    static String number(@Nullable Number value) {
        return switch (value) {
            case null -> "unknown";
            case Long whole -> String.format(Locale.ROOT, "%,d", whole);
            case Number other -> BigDecimal.valueOf(other.doubleValue()).toPlainString();
        };
    }
}
