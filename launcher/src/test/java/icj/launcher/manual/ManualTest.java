package icj.launcher.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import icj.launcher.Problem;
import icj.launcher.command.Ic;
import icj.testing.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The manual is what the commands say. `-Dgolden.rewrite=true` writes the pages of `docs/` anew.
final class ManualTest {
    private static final Path DOCS = Path.of(System.getProperty("icj.root"), "docs");
    private static final String ERRORS_BEGIN = "<!-- errors: made by ManualTest -->\n";
    private static final String ERRORS_END = "<!-- end of errors -->\n";
    private static final int HELP_COLUMNS = 80;

    @TempDir Path folder;

    @Test
    void thePageOfCommandsIsUpToDate() {
        Golden.check(DOCS.resolve("CLI.md"), MarkdownManual.commands(Ic.manual()));
    }

    @Test
    void everyProblemStandsInThePageOfErrors() throws Exception {
        Path file = DOCS.resolve("ERRORS.md");
        String page = Files.readString(file);
        int begin = page.indexOf(ERRORS_BEGIN) + ERRORS_BEGIN.length();
        int end = page.indexOf(ERRORS_END);
        assertTrue(begin >= ERRORS_BEGIN.length() && end >= begin, "the marks are missing");
        Golden.check(
                file, page.substring(0, begin) + MarkdownManual.errors() + page.substring(end));
    }

    @Test
    void everyCommandHasASummaryAnExampleAndASchema() {
        for (Entry entry : Ic.manual().all()) {
            assertFalse(entry.summary().isEmpty(), entry.name());
            assertTrue(entry.summary().endsWith("."), entry.name() + ": a sentence");
            if (entry.commands().isEmpty()) {
                assertFalse(entry.examples().isEmpty(), entry.name() + " has no example");
                assertTrue(Schemas.of(entry).has("type"), entry.name());
            }
            for (Entry.Example example : entry.examples()) {
                assertTrue(example.line().contains("ic "), example.line());
            }
        }
    }

    @Test
    void helpFitsTheTerminal() {
        Entry root = Ic.manual();
        HelpText text = new HelpText(root, HELP_COLUMNS, title -> title);
        for (Entry entry : root.all()) {
            for (String page : List.of(text.brief(entry), text.whole(entry))) {
                for (String line : page.lines().toList()) {
                    assertTrue(line.length() <= HELP_COLUMNS, entry.name() + ": " + line);
                }
            }
        }
    }

    @Test
    void manPagesPassTheFormatter() throws Exception {
        List<String> files = ManPages.write(Ic.manual(), "1", folder);
        assertTrue(files.contains("ic-canister-list.1"), files.toString());
        assumeTrue(has("groff"), "groff is not here");
        for (String file : files) {
            List<String> command = List.of("groff", "-man", "-Tutf8", "-ww", "-z", file);
            assertEquals("", run(command, ""), file);
        }
    }

    @ParameterizedTest
    @EnumSource(Completion.Shell.class)
    void shellsReadTheirScript(Completion.Shell shell) throws Exception {
        String name = shell.name().toLowerCase(java.util.Locale.ROOT);
        assumeTrue(has(name), name + " is not here");
        assertEquals("", run(List.of(name, "-n"), Completion.of(Ic.manual(), shell)));
    }

    @ParameterizedTest
    @CsvSource({
        "ic sta, start status",
        "ic canister sta, status start",
        "ic node , kill stop start",
        "ic --network x net, network",
        "ic deploy --mode re, reinstall",
        "ic start --ba, --background",
        "ic completion f, fish",
    })
    void bashCompletes(String typed, String wanted) throws Exception {
        assumeTrue(has("bash"), "bash is not here");
        String script =
                Completion.of(Ic.manual(), Completion.Shell.BASH)
                        + "COMP_WORDS=("
                        + typed
                        + (typed.endsWith(" ") || typed.equals("ic node") ? " ''" : "")
                        + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_ic\n"
                        + "echo ${COMPREPLY[@]}\n";
        List<String> found = List.of(run(List.of("bash"), script).strip().split(" "));
        for (String word : wanted.split(" ")) {
            assertTrue(found.contains(word), typed + ": " + found);
        }
    }

    @Test
    void fishCompletes() throws Exception {
        assumeTrue(has("fish"), "fish is not here");
        Path script =
                Files.writeString(
                        folder.resolve("ic.fish"),
                        Completion.of(Ic.manual(), Completion.Shell.FISH));
        for (String[] row :
                new String[][] {
                    {"ic sta", "status"},
                    {"ic canister st", "stop"},
                    {"ic deploy --mode re", "reinstall"},
                    {"ic start --back", "--background"},
                }) {
            String line = "source " + script + "; complete -C '" + row[0] + "'";
            String found = run(List.of("fish", "--no-config", "-c", line), "");
            assertTrue(found.contains(row[1]), row[0] + ": " + found);
        }
    }

    @Test
    void zshCompletes() throws Exception {
        assumeTrue(has("zsh"), "zsh is not here");
        // What the completion system would show is printed instead.
        String begin = "compdef() { }; compadd() { shift; print -- $@ }; _files() { }\n";
        for (String[] row :
                new String[][] {
                    {"ic ''", "status"},
                    {"ic canister ''", "stop"},
                    {"ic deploy --mode ''", "reinstall"},
                    {"ic --network x start ''", "--background"},
                }) {
            String script =
                    begin
                            + Completion.of(Ic.manual(), Completion.Shell.ZSH)
                            + "words=("
                            + row[0]
                            + "); CURRENT=${#words}; _ic\n";
            List<String> found = List.of(run(List.of("zsh", "-f"), script).strip().split(" "));
            assertTrue(found.contains(row[1]), row[0] + ": " + found);
        }
    }

    @Test
    void problemsHaveNamesThatDiffer() {
        List<String> ids = new ArrayList<>();
        for (Problem problem : Problem.values()) {
            assertTrue(problem.id().matches("[a-z]+(-[a-z]+)*"), problem.id());
            ids.add(problem.id());
        }
        assertEquals(ids.size(), ids.stream().distinct().count());
    }

    private static boolean has(String program) {
        for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(place, program))) {
                return true;
            }
        }
        return false;
    }

    private String run(List<String> command, String input) throws Exception {
        Path script = Files.writeString(folder.resolve("input"), input);
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(script.toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
