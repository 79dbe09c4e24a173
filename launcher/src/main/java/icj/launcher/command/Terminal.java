package icj.launcher.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What the two output streams are: a terminal, where colour and lines that change are welcome, or
/// a file or pipe, where they would be garbage.
///
/// @param out whether standard output is a terminal
/// @param err whether standard error is one
/// @param in whether standard input is one: only then is a question asked
/// @param colours whether colours are wanted: not with `NO_COLOR`, `TERM=dumb` or `--no-color`
record Terminal(boolean out, boolean err, boolean in, boolean colours) {
    private static final String RESET = "\u001b[0m";

    /// A style of text.
    enum Style {
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /// Neither is a terminal.
    static final Terminal NONE = new Terminal(false, false, false, false);

    /// Of this process, when it writes to its own streams; anything else is no terminal.
    static Terminal of(PrintStream out, PrintStream err, Map<String, String> environment) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        // https://no-color.org: present and not empty, whatever its value.
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty() && !dumb;
        return new Terminal(
                out == System.out && !dumb && isTerminal(1),
                err == System.err && !dumb && isTerminal(2),
                isTerminal(0),
                colours);
    }

    Terminal withoutColours() {
        return new Terminal(out, err, in, false);
    }

    /// The text for standard output.
    String out(Style style, String text) {
        return out && colours ? styled(style, text) : text;
    }

    /// The text for standard error.
    String err(Style style, String text) {
        return err && colours ? styled(style, text) : text;
    }

    private static String styled(Style style, String text) {
        return "\u001b[" + style.code + "m" + text + RESET;
    }

    /// Linux tells for each stream; elsewhere Java tells only whether all of them are terminals.
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
