package icj.launcher.command;

import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;

import java.util.List;
import java.util.Locale;

/// What is said about a network that is ready: everything that one needs next, at most [#LINES_MAX]
/// lines.
final class Banner {
    /// So that it fits a small terminal.
    static final int LINES_MAX = 15;

    /// For whoever starts a network whose keys this program made.
    static final String KEYS = "development keys: dealt by this launcher, for local use only";

    /// All but the nodes.
    private static final int OTHER_LINES = 8;

    private static final int KEY_SHOWN = 12;

    private final Ic ic;

    private Banner(Ic ic) {
        this.ic = ic;
    }

    /// @param seconds since the command began
    /// @param who the identity that commands use, and its principal
    static void print(Ic ic, NetworkDirectory directory, double seconds, String who) {
        NetworkFile file = NetworkFile.read(directory.networkFile());
        ic.print(file);
        if (!ic.quiet()) {
            new Banner(ic).lines(directory, file, seconds, who);
        }
    }

    private void lines(NetworkDirectory directory, NetworkFile file, double seconds, String who) {
        Terminal terminal = ic.terminal();
        ic.say(
                terminal.out(
                        Terminal.Style.GREEN,
                        String.format(
                                Locale.ROOT,
                                "Network \"%s\" is ready after %.1f s.",
                                file.name(),
                                seconds)));
        List<NetworkFile.Node> nodes = file.nodes();
        int room = LINES_MAX - OTHER_LINES;
        int shown = nodes.size() <= room ? nodes.size() : room - 1;
        for (NetworkFile.Node node : nodes.subList(0, shown)) {
            line("node " + node.name(), node.http());
        }
        if (shown < nodes.size()) {
            line("", "and " + (nodes.size() - shown) + " more: " + ic.spoken("ic status"));
        }
        line("state", directory.root().toString());
        String key = file.rootKey();
        line(
                "root key",
                key.substring(0, Math.min(KEY_SHOWN, key.length()))
                        + "..."
                        + key.substring(Math.max(0, key.length() - KEY_SHOWN))
                        + "  (whole: "
                        + ic.spoken("ic network root-key")
                        + flag(directory)
                        + ")");
        line("identity", who);
        line("logs", ic.spoken("ic logs -f") + flag(directory));
        line("stop", ic.spoken("ic stop") + flag(directory));
        line(
                "next",
                terminal.out(Terminal.Style.BOLD, ic.spoken("ic deploy examples/counter"))
                        + flag(directory));
        ic.say("  " + terminal.out(Terminal.Style.YELLOW, KEYS));
    }

    private void line(String name, String value) {
        ic.say(String.format(Locale.ROOT, "  %-10s %s", name, value));
    }

    /// How the network was named, so that the commands shown can be copied.
    private String flag(NetworkDirectory directory) {
        return ic.networkFlag(directory);
    }
}
