package icj.launcher.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Help for a terminal: `-h` in short, `--help` with examples first.
public final class HelpText {
    private static final int INDENT = 2;
    private static final int LEFT_MAX = 26;
    private static final int WIDTH_MIN = 60;
    private static final int WIDTH_MAX = 100;

    private final Entry root;
    private final int width;
    private final UnaryOperator<String> heading;
    private final StringBuilder out = new StringBuilder();

    /// @param root of all commands, which has the common options
    /// @param width of the terminal
    /// @param heading how a heading looks
    public HelpText(Entry root, int width, UnaryOperator<String> heading) {
        this.root = root;
        this.width = Math.clamp(width, WIDTH_MIN, WIDTH_MAX);
        this.heading = heading;
    }

    /// What there is, a line for each.
    public String brief(Entry entry) {
        out.setLength(0);
        line("Usage: " + entry.synopsis());
        paragraph(entry.summary());
        table("Commands", commands(entry));
        table("Arguments", arguments(entry));
        table("Options", options(entry.options(), true));
        line("");
        paragraph("Examples and all options: " + entry.name() + " --help");
        return out.toString();
    }

    /// Everything, examples first.
    public String whole(Entry entry) {
        out.setLength(0);
        paragraph(entry.summary());
        if (!entry.examples().isEmpty()) {
            line("");
            line(heading.apply("Examples"));
            for (Entry.Example example : entry.examples()) {
                line(" ".repeat(INDENT) + example.line());
                if (!example.remark().isEmpty()) {
                    line(" ".repeat(3 * INDENT) + example.remark());
                }
            }
        }
        line("");
        line(heading.apply("Usage"));
        line(" ".repeat(INDENT) + entry.synopsis());
        for (String detail : entry.details()) {
            line("");
            paragraph(detail);
        }
        table("Commands", commands(entry));
        table("Arguments", arguments(entry));
        table("Options", options(entry.options(), false));
        table("Options of every command", options(root.common(), false));
        if (entry == root) {
            line("");
            paragraph(
                    "More: ic help exit-codes, ic help environment, ic help errors, ic help"
                            + " COMMAND");
        }
        return out.toString();
    }

    private static List<String[]> commands(Entry entry) {
        List<String[]> rows = new ArrayList<>();
        for (Entry command : entry.commands()) {
            rows.add(new String[] {command.path().getLast(), command.summary()});
        }
        return rows;
    }

    private static List<String[]> arguments(Entry entry) {
        List<String[]> rows = new ArrayList<>();
        for (Entry.Argument argument : entry.arguments()) {
            rows.add(new String[] {argument.label(), argument.text()});
        }
        return rows;
    }

    private static List<String[]> options(List<Entry.Option> options, boolean brief) {
        List<String[]> rows = new ArrayList<>();
        for (Entry.Option option : options) {
            String text = option.text();
            int sentence = text.indexOf(": ");
            rows.add(
                    new String[] {
                        option.synopsis(),
                        brief && sentence > 0 && !text.contains("(default")
                                ? text.substring(0, sentence) + "."
                                : text
                    });
        }
        return rows;
    }

    private void table(String title, List<String[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        line("");
        line(heading.apply(title));
        int left = 0;
        for (String[] row : rows) {
            left = Math.max(left, Math.min(LEFT_MAX, row[0].length()));
        }
        for (String[] row : rows) {
            List<String> text = wrap(row[1], width - left - 2 * INDENT);
            boolean apart = row[0].length() > left;
            String margin = " ".repeat(left + 2 * INDENT);
            if (apart) {
                line(" ".repeat(INDENT) + row[0]);
            }
            for (int i = 0; i < text.size(); i++) {
                boolean beside = i == 0 && !apart;
                line(
                        beside
                                ? " ".repeat(INDENT)
                                        + row[0]
                                        + " ".repeat(left - row[0].length() + INDENT)
                                        + text.get(i)
                                : margin + text.get(i));
            }
        }
    }

    private void paragraph(String text) {
        wrap(text, width).forEach(this::line);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    /// Breaks at spaces; a longer word stays whole.
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split(" +")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
