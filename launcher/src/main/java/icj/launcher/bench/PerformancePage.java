package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.FileFailures;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The page that `ic bench all --markdown` writes: figures between two marks, beside what people
/// wrote, which stays as it is.
public final class PerformancePage {
    static final String BEGIN = "<!-- figures: written by ic bench all -->\n";
    static final String END = "<!-- end of figures -->\n";

    private PerformancePage() {}

    /// Where it is unless said otherwise: in the checkout that this program was built from, else in
    /// the working directory.
    public static Path place() {
        Path root = Surroundings.checkout();
        return root == null ? Path.of("performance.md") : root.resolve("docs/performance.md");
    }

    /// Ends with a sentence unless the page can be written: it has the marks, or is not there.
    public static void check(Path page) {
        try {
            if (Files.exists(page)) {
                var _ = with(page, Files.readString(page), "");
            }
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    /// Writes the figures into the page.
    ///
    /// @param runs that each figure is the median of
    public static void write(Path page, List<Report> reports, int runs) {
        try {
            String before =
                    Files.exists(page) ? Files.readString(page) : "# Performance\n" + BEGIN + END;
            Files.writeString(page, with(page, before, text(reports, runs)));
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    private static String with(Path page, String text, String figures) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    page + " has no place for figures",
                    "Put these two lines where they belong: "
                            + BEGIN.strip()
                            + " and "
                            + END.strip());
        }
        return text.substring(0, begin + BEGIN.length()) + figures + text.substring(end);
    }

    /// The figures as Markdown.
    static String text(List<Report> reports, int runs) {
        Report first = reports.getFirst();
        StringBuilder text = new StringBuilder();
        text.append("Taken ").append(first.date()).append(" at commit ").append(first.commit());
        text.append(", on ").append(first.machine()).append(".\n");
        text.append(runs == 1 ? "One run." : "Medians of " + runs + " runs.");
        text.append("\n\n| bench | nodes | figure | value | goal |\n|---|---|---|---:|---|\n");
        for (Report report : reports) {
            for (Map.Entry<String, @Nullable Number> figure :
                    report.figures().values().entrySet()) {
                text.append("| ").append(report.name());
                text.append(" | ").append(report.nodes());
                text.append(" | ").append(figure.getKey());
                text.append(" | ").append(Report.number(figure.getValue()));
                text.append(" | ").append(Goals.of(report.name(), figure.getKey()));
                text.append(" |\n");
            }
        }
        return text.toString();
    }
}
