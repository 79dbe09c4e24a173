package icj.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The source text itself: layout, leftover marks, file length, package marks, links. It reads what
/// git tracks.
final class TidyTest {
    private static final Path ROOT = Path.of(System.getProperty("icj.root"));
    private static final int LINES_MAX = 1000;
    private static final int LONGEST_SHOWN = 10;

    private static final String MEND =
            "mvn -q -pl testing/house -am test -Dtest=TidyTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dtidy.fix=true";

    /// Pattern and what to write instead.
    private static final Map<String, String> BANNED =
            new TreeMap<>(
                    Map.of(
                            "\\b(FIX" + "ME|TO" + "DO|X" + "XX)\\b",
                            "an issue, or a line in docs/BACKLOG.md",
                            "^import (static )?[\\w.]+\\.\\*;",
                            "one import for each type",
                            "^import module ",
                            "one import for each type",
                            "@SuppressWarnings\\([^)]*\\)\\s*$",
                            "@SuppressWarnings(...) // and the reason on the same line",
                            "\\.printStackTrace\\(",
                            "a logger"));

    private static final Pattern PRINT = Pattern.compile("System\\.(out|err)\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");

    @Test
    void everySourceFileIsTidy() throws Exception {
        boolean fix = Boolean.getBoolean("tidy.fix");
        List<String> untidy = new ArrayList<>();
        TreeMap<Long, String> longest = new TreeMap<>();
        for (Path file : tracked(".java")) {
            String text = Files.readString(ROOT.resolve(file));
            layout(file, text, fix, untidy);
            bannedWords(file, text, untidy);
            long lines = text.lines().count();
            longest.put(-lines * 10_000 - longest.size(), lines + " " + file);
            if (lines > LINES_MAX) {
                untidy.add(file + ": " + lines + " lines; split it");
            }
        }
        System.out.println("Longest files:");
        longest.values().stream().limit(LONGEST_SHOWN).forEach(f -> System.out.println("  " + f));
        assertEquals("", String.join("\n", untidy), "the layout is mended by " + MEND);
    }

    @Test
    void everyPackageIsNullMarked() throws Exception {
        TreeSet<Path> missing = new TreeSet<>();
        for (Path file : tracked(".java")) {
            Path folder = file.getParent();
            if (!folder.toString().contains("src/main/")) {
                continue;
            }
            Path info = ROOT.resolve(folder).resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
                missing.add(folder);
            }
        }
        assertEquals(List.of(), List.copyOf(missing), "write package-info.java with @NullMarked");
    }

    @Test
    void linksInTheDocumentsResolve() throws Exception {
        List<String> dead = new ArrayList<>();
        for (Path file : tracked(".md")) {
            Matcher links = LINK.matcher(Files.readString(ROOT.resolve(file)));
            while (links.find()) {
                Path target = ROOT.resolve(file).resolveSibling(links.group(1)).normalize();
                if (!Files.exists(target)) {
                    dead.add(file + " -> " + links.group(1));
                }
            }
        }
        assertEquals(List.of(), dead);
    }

    private static void layout(Path file, String text, boolean fix, List<String> untidy)
            throws IOException {
        Formatter formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        String tidy;
        try {
            tidy = formatter.formatSourceAndFixImports(text);
        } catch (FormatterException e) {
            untidy.add(file + ": " + e.getMessage());
            return;
        }
        if (tidy.equals(text)) {
            return;
        }
        if (fix) {
            Files.writeString(ROOT.resolve(file), tidy);
        } else {
            untidy.add(file + ": layout");
        }
    }

    private static void bannedWords(Path file, String text, List<String> untidy) {
        int number = 0;
        String path = file.toString();
        boolean mayPrint =
                path.startsWith("launcher/")
                        || path.startsWith("testing/")
                        || path.endsWith("Main.java")
                        || path.contains("/src/test/");
        for (String line : text.lines().toList()) {
            number++;
            for (Map.Entry<String, String> ban : BANNED.entrySet()) {
                if (Pattern.compile(ban.getKey()).matcher(line).find()) {
                    untidy.add(file + ":" + number + ": instead write " + ban.getValue());
                }
            }
            if (!mayPrint && PRINT.matcher(line).find()) {
                untidy.add(file + ":" + number + ": System.out is for the launcher; use a logger");
            }
        }
    }

    private static List<Path> tracked(String ending) throws IOException, InterruptedException {
        Process git =
                new ProcessBuilder("git", "ls-files", "-z", "*" + ending)
                        .directory(ROOT.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), "git ls-files failed");
        List<Path> files = new ArrayList<>();
        for (String name : output.split("\0")) {
            if (!name.isEmpty() && Files.exists(ROOT.resolve(name))) {
                files.add(Path.of(name));
            }
        }
        return files;
    }
}
