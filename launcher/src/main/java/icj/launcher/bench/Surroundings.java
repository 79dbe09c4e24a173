package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Where and when figures were taken.
///
/// @param machine processors, memory, system, Java
/// @param date day and time, UTC
/// @param commit of this program; `+` when the tree had changes, `unknown` outside a checkout
public record Surroundings(String machine, String date, String commit) {
    private static final long GIT_SECONDS_MAX = 5;

    /// These.
    public static Surroundings now() {
        return new Surroundings(
                describe(), Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), head());
    }

    /// The report of a bench that ran here and now.
    public Report report(BenchName name, BenchOptions options, String nodes, Figures figures) {
        return new Report(name.variant(options), machine, date, nodes, commit, figures);
    }

    private static String describe() {
        String processor = field(Path.of("/proc/cpuinfo"), "model name");
        String memory = field(Path.of("/proc/meminfo"), "MemTotal");
        StringBuilder text = new StringBuilder();
        text.append(Runtime.getRuntime().availableProcessors()).append(" cores");
        if (processor != null) {
            text.append(" (").append(processor).append(')');
        }
        if (memory != null) {
            long kilobytes = Long.parseLong(memory.replaceAll("\\D", ""));
            text.append(String.format(Locale.ROOT, ", %.0f GB", kilobytes * 1_024 / 1e9));
        }
        text.append(", ").append(System.getProperty("os.name"));
        text.append(' ').append(System.getProperty("os.version"));
        text.append(", Java ").append(System.getProperty("java.version"));
        return text.toString();
    }

    /// The first value of this name in a file of the system; null when there is none.
    private static @Nullable String field(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                    return line.substring(colon + 1).strip();
                }
            }
        } catch (IOException e) {
            // Another system.
            return null;
        }
        return null;
    }

    private static String head() {
        Path root = checkout();
        String head = root == null ? null : git(root, "rev-parse", "--short=12", "HEAD");
        if (root == null || head == null) {
            return "unknown";
        }
        String changes = git(root, "status", "--porcelain", "--untracked-files=no");
        return changes == null || changes.isEmpty() ? head : head + "+";
    }

    /// The folder of the checkout that this program was built from; null when it stands alone.
    public static @Nullable Path checkout() {
        CodeSource source = Surroundings.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return null;
        }
        try {
            Path at = Path.of(source.getLocation().toURI()).toAbsolutePath();
            for (Path folder = at.getParent(); folder != null; folder = folder.getParent()) {
                if (Files.exists(folder.resolve(".git"))) {
                    return folder;
                }
            }
        } catch (URISyntaxException e) {
            return null;
        }
        return null;
    }

    private static @Nullable String git(Path root, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(GIT_SECONDS_MAX, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? out.strip() : null;
        } catch (IOException e) {
            // No git.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
