package icj.launcher.command;

import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;

import java.util.Locale;

/// What is said about a network that is ready.
final class Banner {
    /// For whoever starts a network whose keys this program made.
    static final String KEYS =
            "Its threshold keys were dealt by this launcher on this machine: for local use only.";

    private Banner() {}

    static void print(Ic ic, NetworkDirectory directory) {
        NetworkFile file = NetworkFile.read(directory.networkFile());
        ic.print(file);
        ic.say("Network \"" + file.name() + "\" is ready.");
        for (NetworkFile.Node node : file.nodes()) {
            ic.say(String.format(Locale.ROOT, "  node %-5s %s", node.name(), node.http()));
        }
        ic.say("  ids, root key, processes: " + directory.networkFile());
        ic.say(KEYS);
        ic.say("Next: ic deploy examples/counter    To stop: ic stop");
    }
}
