package icj.launcher.manual;

import icj.launcher.ExitCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Man pages of section 1, in the macros of man(7).
public final class ManPages {
    private ManPages() {}

    /// Writes `ic.1`, `ic-start.1` and so on; their names.
    public static List<String> write(Entry root, String version, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> files = new ArrayList<>();
        for (Entry entry : root.all()) {
            String file = String.join("-", entry.path()) + ".1";
            Files.writeString(folder.resolve(file), page(root, entry, version));
            files.add(file);
        }
        return files;
    }

    /// One page.
    public static String page(Entry root, Entry entry, String version) {
        StringBuilder page = new StringBuilder();
        String name = String.join("-", entry.path());
        page.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1 \"\" \"ICJ ");
        page.append(text(version)).append("\" \"User commands\"\n");
        page.append(".SH NAME\n").append(text(name)).append(" \\- ");
        page.append(text(entry.summary())).append('\n');
        page.append(".SH SYNOPSIS\n.B ").append(text(entry.name())).append('\n');
        page.append(text(entry.synopsis().substring(entry.name().length()).strip())).append('\n');
        if (!entry.examples().isEmpty()) {
            page.append(".SH EXAMPLES\n");
            for (Entry.Example example : entry.examples()) {
                page.append(".TP\n.B ").append(text(example.line())).append('\n');
                page.append(example.remark().isEmpty() ? "\\&" : text(example.remark()));
                page.append('\n');
            }
        }
        page.append(".SH DESCRIPTION\n").append(text(entry.summary())).append('\n');
        entry.details().forEach(d -> page.append(".PP\n").append(text(d)).append('\n'));
        if (!entry.commands().isEmpty()) {
            page.append(".SH COMMANDS\n");
            for (Entry command : entry.commands()) {
                term(page, command.name(), command.summary());
            }
        }
        if (!entry.arguments().isEmpty()) {
            page.append(".SH ARGUMENTS\n");
            entry.arguments().forEach(a -> term(page, a.label(), a.text()));
        }
        page.append(".SH OPTIONS\n");
        entry.options().forEach(o -> term(page, o.synopsis(), o.text()));
        root.common().forEach(o -> term(page, o.synopsis(), o.text()));
        page.append(".SH EXIT STATUS\n");
        for (ExitCode code : ExitCode.values()) {
            term(page, Integer.toString(code.number()), code.meaning());
        }
        if (entry == root) {
            page.append(".SH ENVIRONMENT\n.nf\n").append(text(Topics.text("environment")));
            page.append(".fi\n");
        } else {
            page.append(".SH SEE ALSO\n.BR ic (1)\n");
        }
        return page.toString();
    }

    private static void term(StringBuilder page, String term, String meaning) {
        page.append(".TP\n.B ").append(text(term)).append('\n');
        page.append(text(meaning)).append('\n');
    }

    /// Escapes what roff would take as its own: backslashes, hyphens of options, leading dots.
    private static String text(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
