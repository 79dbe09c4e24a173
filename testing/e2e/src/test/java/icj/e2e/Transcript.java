package icj.e2e;

import icj.testing.WatAssembler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A session at a terminal, kept as a file that people can read: lines that begin with `$ ` are run
/// by a shell, what follows is what they print. Lines of standard error begin with `! `, an exit
/// code that is not 0 stands in brackets, and what differs from run to run is replaced by a word.
/// `-Dgolden.rewrite=true` writes the file anew.
final class Transcript {
    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(300);

    /// What differs, and the word for it; in this order.
    private static final List<Map.Entry<Pattern, String>> WORDS =
            List.of(
                    word("[a-z2-7]{5}(-[a-z2-7]{5}){9,}-[a-z2-7]{1,5}", "PRINCIPAL"),
                    word("[0-9a-f]{12}\\.\\.\\.[0-9a-f]{12}", "KEY...KEY"),
                    word("[0-9a-f]{64,}", "HEX"),
                    word("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME"),
                    word("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC(, synchronised)?", "NOW UTC"),
                    word("(?<=:)\\d{4,5}\\b", "PORT"),
                    word("\\b\\d{4,5} to \\d{4,5}\\b", "PORT to PORT"),
                    word("\\b([Pp]ort) \\d{4,5}\\b", "$1 PORT"),
                    word("\\d{4,5} is taken by", "PORT is taken by"),
                    word("(?<=process )\\d+ \\(.*\\)", "PID (COMMAND)"),
                    word("(?<=process )\\d+", "PID"),
                    word("pid \\d+ *", "pid PID "),
                    word("(?<=-CONT )\\d[\\d ]*", "PIDS"),
                    word("\\d+( \\d+)* halted", "PIDS halted"),
                    word("(?<=\"(pid|supervisorPid)\" : )(\\d+|null)", "1"),
                    word("(?<=\"exit\" : )(0|143|null)(?=$)", "0"),
                    word("(?<=\"cycles\" : )\\d+", "1"),
                    word("^cycles +\\d+", "cycles       NUMBER"),
                    word("\\d+\\.\\d s\\b", "SECONDS s"),
                    word("\\d+(\\.\\d)? [GM]iB free", "SIZE free"),
                    word("at most \\d+", "at most NUMBER"),
                    word("Packed \\d+ files, \\d+ KiB", "Packed N files, N KiB"),
                    word("[Jj]ava \\d[\\w.+-]*", "Java VERSION"),
                    word("(?<=\"java\" : \")[^\"]*", "VERSION"));

    private final Path file;
    private final Path home;
    private final Path tools;

    /// @param file the transcript
    /// @param home an empty folder
    Transcript(Path file, Path home) {
        this.file = file;
        this.home = home;
        this.tools = home.resolve("bin");
    }

    private static Map.Entry<Pattern, String> word(String pattern, String word) {
        return Map.entry(Pattern.compile(pattern), word);
    }

    /// Runs all commands; the session as it was now, to be compared with the file.
    String play() {
        try {
            Files.createDirectories(tools);
            Files.createSymbolicLink(tools.resolve("ic"), Network.ROOT.resolve("ic"));
            Files.createSymbolicLink(home.resolve("examples"), Network.ROOT.resolve("examples"));
            Files.write(
                    home.resolve("printer.wasm"),
                    WatAssembler.assemble(Files.readString(file.resolveSibling("printer.wat"))));
            StringBuilder now = new StringBuilder();
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.startsWith("#") || line.isBlank()) {
                    now.append(line).append('\n');
                } else if (line.startsWith("$ ")) {
                    StringBuilder command = new StringBuilder(line.substring(2));
                    now.append(line).append('\n');
                    while (lines.get(i).endsWith("\\")) {
                        i++;
                        now.append(lines.get(i)).append('\n');
                        command.append('\n').append(lines.get(i));
                    }
                    now.append(run(command.toString()));
                }
            }
            return now.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends what the session left running.
    void end() {
        run(
                "for n in $(ic network ls -q 2>/dev/null | cut -d' ' -f1); do ic stop -q --network"
                        + " $n; done");
    }

    private String run(String command) {
        try {
            Path out = Files.createTempFile(home, "out", ".txt");
            Path err = Files.createTempFile(home, "err", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder("sh", "-c", FUNCTIONS + command)
                            .directory(home.toFile())
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment());
            Process process = builder.start();
            if (!process.waitFor(COMMAND_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        command + " has no end:\n" + Files.readString(out) + Files.readString(err));
            }
            StringBuilder text = new StringBuilder();
            Files.readString(out).lines().forEach(l -> text.append(plain(l)).append('\n'));
            Files.readString(err)
                    .lines()
                    .filter(l -> !isAboutTheBuild(l))
                    .forEach(l -> text.append("! ").append(plain(l)).append('\n'));
            if (process.exitValue() != 0) {
                text.append('[').append(process.exitValue()).append("]\n");
            }
            Files.delete(out);
            Files.delete(err);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /// `pids NETWORK` prints the processes of a network, the supervisor first.
    private static final String FUNCTIONS =
            "pids() { sed -n 's/.*\"\\(supervisorPid\\|pid\\)\" : \\([0-9]*\\).*/\\2/p'"
                    + " \"$XDG_DATA_HOME/ic/networks/${1:-local}/network.json\"; }\n";

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("HOME", home.toString());
        environment.put("XDG_DATA_HOME", home.resolve("data").toString());
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        // Compiled classes and native libraries may be those of the user: they are only a cache.
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
        environment.put("IC_PORT", "auto");
        return environment;
    }

    private static boolean isAboutTheBuild(String line) {
        return line.startsWith("Preparing faster starts")
                || line.startsWith("The sources have")
                || line.startsWith("To build, stop it first");
    }

    private String plain(String line) {
        String text = line.replace(home.toString(), "HOME");
        for (Map.Entry<Pattern, String> entry : WORDS) {
            text = entry.getKey().matcher(text).replaceAll(entry.getValue());
        }
        return text.stripTrailing();
    }

    /// All transcripts.
    static List<Path> all(Path folder) {
        try (var files = Files.list(folder)) {
            return new ArrayList<>(
                    files.filter(f -> f.toString().endsWith(".txt")).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
