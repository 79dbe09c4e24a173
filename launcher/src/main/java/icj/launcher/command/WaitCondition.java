package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NodeNames;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.Health;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `ic wait --for` waits for.
sealed interface WaitCondition {
    /// Between two looks.
    long POLL_MILLIS = 100;

    /// How `height=N` and `healthy=K/N` are written.
    Pattern FORM = Pattern.compile("(height)=(\\d{1,18})|(healthy)=(\\d{1,4})/(\\d{1,4})");

    /// Every node that should run is ready.
    record Ready() implements WaitCondition {
        @Override
        public boolean isMet(List<NetworkFile.Node> nodes) {
            return nodes.stream().allMatch(node -> Health.of(node).ready());
        }

        @Override
        public String reached() {
            return "ready";
        }
    }

    /// An application node has certified this height.
    record Height(long height) implements WaitCondition {
        @Override
        public boolean isMet(List<NetworkFile.Node> nodes) {
            for (NetworkFile.Node node : nodes) {
                NodeMetrics metrics = NodeMetrics.of(node);
                if (metrics != null && metrics.height("certified") >= height) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String reached() {
            return "at height " + height;
        }
    }

    /// At least so many of so many application nodes are ready.
    record Healthy(int ready, int of) implements WaitCondition {
        @Override
        public boolean isMet(List<NetworkFile.Node> nodes) {
            if (nodes.size() != of) {
                throw new Failure(
                        Problem.WAIT_CONDITION,
                        "The network has " + nodes.size() + " application nodes, not " + of,
                        "Write --for healthy="
                                + Math.min(ready, nodes.size())
                                + "/"
                                + nodes.size());
            }
            return nodes.stream().filter(node -> Health.of(node).ready()).count() >= ready;
        }

        @Override
        public String reached() {
            return "healthy (" + ready + " of " + of + " nodes ready)";
        }
    }

    /// Whether it holds now.
    ///
    /// @param nodes of the application subnet
    boolean isMet(List<NetworkFile.Node> nodes);

    /// What is then said of the network.
    String reached();

    /// Reads the text of `--for`.
    static WaitCondition of(String text) {
        Matcher form = FORM.matcher(text);
        if (text.equals("ready")) {
            return new Ready();
        }
        if (form.matches() && form.group(1) != null) {
            return new Height(Long.parseLong(form.group(2)));
        }
        if (form.matches()) {
            int ready = Integer.parseInt(form.group(4));
            int of = Integer.parseInt(form.group(5));
            if (ready >= 1 && ready <= of) {
                return new Healthy(ready, of);
            }
        }
        throw new Failure(
                Problem.WAIT_CONDITION,
                "\"" + text + "\" is no condition to wait for",
                "Write --for ready, --for height=100 or --for healthy=3/4");
    }

    /// Returns when it holds.
    default void await(NetworkDirectory directory, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            if (ControlClient.find(directory) == null) {
                throw new Failure(
                        Problem.NOT_RUNNING,
                        "Network \"" + directory.name() + "\" doesn't run",
                        "Run: ic start --background");
            }
            List<NetworkFile.Node> nodes =
                    NetworkFile.read(directory.networkFile()).nodes().stream()
                            .filter(node -> !NodeNames.isNns(node.name()))
                            .toList();
            if (isMet(nodes)) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new Failure(
                        Problem.NOT_IN_TIME,
                        "The network is not " + reached() + " after " + atMost.toSeconds() + " s",
                        "See: ic status, ic logs");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
