package icj.launcher.manual;

import icj.launcher.ExitCode;
import icj.launcher.Problem;

import java.util.List;

/// The manual as pages of `docs/`.
public final class MarkdownManual {
    private MarkdownManual() {}

    /// `docs/CLI.md`.
    public static String commands(Entry root) {
        StringBuilder page = new StringBuilder("# The command `ic`\n");
        page.append("Made from the commands themselves; a test compares");
        page.append(" (`-Dgolden.rewrite=true` writes it anew). ");
        page.append("Data goes to standard output, messages to standard error.\n\n");
        for (Entry entry : root.all()) {
            if (entry != root) {
                page.append("- [`").append(entry.name()).append("`](#");
                page.append(anchor(entry)).append(") ").append(entry.summary()).append('\n');
            }
        }
        page.append("\n## Options of every command\n");
        options(page, root.common());
        page.append("\n## Exit codes\n| exit | meaning |\n|---:|---|\n");
        for (ExitCode code : ExitCode.values()) {
            page.append("| ").append(code.number()).append(" | ");
            page.append(code.meaning()).append(" |\n");
        }
        page.append("\nWith `--json` an error is one object on standard output: `error` (the");
        page.append(" cause), `code` (its name in [ERRORS.md](ERRORS.md)), `exit`, `fix`, `docs`.");
        page.append(" `ic help --all --json` holds the schema of every output.\n");
        for (Entry entry : root.all()) {
            if (entry != root) {
                section(page, entry);
            }
        }
        return page.toString();
    }

    /// The table of errors in `docs/ERRORS.md`.
    public static String errors() {
        StringBuilder table = new StringBuilder();
        table.append("| code | exit | cause | remedy |\n|---|---:|---|---|\n");
        for (Problem problem : Problem.values()) {
            table.append("| <a id=\"").append(problem.id()).append("\"></a>`");
            table.append(problem.id()).append("` | ").append(problem.exit().number());
            table.append(" | ").append(problem.cause().replace("|", "\\|"));
            table.append(" | ").append(problem.remedy().replace("|", "\\|")).append(" |\n");
        }
        return table.toString();
    }

    private static void section(StringBuilder page, Entry entry) {
        page.append("\n## ").append(entry.name()).append('\n');
        page.append(entry.summary()).append('\n');
        if (!entry.examples().isEmpty()) {
            page.append("\n```sh not-run\n");
            for (Entry.Example example : entry.examples()) {
                page.append(example.line());
                page.append(example.remark().isEmpty() ? "" : "  # " + example.remark());
                page.append('\n');
            }
            page.append("```\n");
        }
        page.append("\nUsage: `").append(entry.synopsis()).append("`\n");
        entry.details().forEach(detail -> page.append('\n').append(detail).append('\n'));
        if (!entry.arguments().isEmpty()) {
            page.append("\n| argument | |\n|---|---|\n");
            for (Entry.Argument argument : entry.arguments()) {
                row(page, argument.label(), argument.text());
            }
        }
        if (!entry.options().isEmpty()) {
            page.append('\n');
            options(page, entry.options());
        }
    }

    private static void options(StringBuilder page, List<Entry.Option> options) {
        page.append("| option | |\n|---|---|\n");
        options.forEach(option -> row(page, option.synopsis(), option.text()));
    }

    private static void row(StringBuilder page, String term, String text) {
        page.append("| `").append(term.replace("|", "\\|")).append("` | ");
        page.append(text.replace("|", "\\|")).append(" |\n");
    }

    private static String anchor(Entry entry) {
        return String.join("-", entry.path());
    }
}
