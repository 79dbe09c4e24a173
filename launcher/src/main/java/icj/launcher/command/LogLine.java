package icj.launcher.command;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of a log, taken apart as far as it has the form that nodes write:
///
/// ```
/// 2026-11-22T10:04:50.486Z INFO  1 [main] icj.replica.Replica - Node 1 runs
/// 2026-11-22T10:04:51.002Z WARN  1 [5v3p4-iyaaa-aaaaa-qaaaa-cai] [TRAP]: out of cycles
/// ```
///
/// @param node whose log it is
/// @param text as it stands there
/// @param time empty for a line that goes on with the one before, such as a stack trace
/// @param level null where none is said
/// @param canister who printed it, null for the node itself
record LogLine(
        String node, String text, String time, @Nullable Level level, @Nullable String canister) {
    private static final Pattern FORM =
            Pattern.compile(
                    "^(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z) (?:([A-Z]+) +\\S+ \\[([^\\]]*)\\])?.*");

    private static final Pattern CANISTER = Pattern.compile("[a-z0-9]{5}(-[a-z0-9]{3,5})+");

    /// How much a line matters; a level means itself and all above it.
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static LogLine of(String node, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return new LogLine(node, text, "", null, null);
        }
        String origin = form.group(3);
        return new LogLine(
                node,
                text,
                form.group(1),
                level(form.group(2)),
                origin != null && CANISTER.matcher(origin).matches() ? origin : null);
    }

    private static @Nullable Level level(@Nullable String word) {
        for (Level level : Level.values()) {
            if (level.name().equals(word)) {
                return level;
            }
        }
        return null;
    }
}
