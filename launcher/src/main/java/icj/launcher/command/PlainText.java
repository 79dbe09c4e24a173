package icj.launcher.command;

import tools.jackson.databind.JsonNode;

import java.util.Map;

/// `--plain`: what `--json` prints as lines for grep and awk, each a name, a tab and a value:
/// `nodes.0.name`, `ready`. Names are those of the schemas; items of lists count from 0. Newlines,
/// tabs and backslashes in a value are `\n`, `\t` and `\\`; an empty list has no line.
final class PlainText {
    private PlainText() {}

    static String of(JsonNode document) {
        StringBuilder lines = new StringBuilder();
        add(lines, "", document);
        return lines.toString();
    }

    private static void add(StringBuilder lines, String name, JsonNode node) {
        String prefix = name.isEmpty() ? "" : name + ".";
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                add(lines, prefix + entry.getKey(), entry.getValue());
            }
        } else if (node.isArray()) {
            int i = 0;
            for (JsonNode item : node) {
                add(lines, prefix + i++, item);
            }
        } else {
            lines.append(name).append('\t');
            lines.append(node.isNull() ? "" : escaped(node.asString())).append('\n');
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }
}
