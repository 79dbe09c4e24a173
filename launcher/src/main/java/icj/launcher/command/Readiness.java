package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.Health;
import icj.launcher.supervise.NodeStatus;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Waits until an update through any node would succeed.
final class Readiness {
    private static final long POLL_MILLIS = 50;

    /// Asking the supervisor is dearer than asking a node.
    private static final int FULL_VIEW_EVERY = 10;

    /// A node that died so often before its first ready moment has a reason that stays.
    private static final int HOPELESS_RESTARTS = 4;

    private Readiness() {}

    /// Hears how far the wait is, at each look.
    @FunctionalInterface
    interface Listener {
        /// Nobody.
        Listener NONE = (_, _) -> {};

        /// So many nodes of so many are ready.
        void ready(int ready, int total);
    }

    /// How long to wait, from an option.
    static Duration timeout(int seconds) {
        if (seconds < 0) {
            throw new Failure(
                    Problem.COMMAND_LINE,
                    "--timeout is 0 seconds or more, not " + seconds,
                    "Give a larger number");
        }
        return Duration.ofSeconds(seconds);
    }

    /// Returns when each node that should run is ready.
    ///
    /// @param listener hears how far it is
    /// @param supervised whether the supervisor lives or may still come
    /// @throws Failure 124 after the time; at once when a node can't start (6 when its state is
    ///   damaged) or when `supervised` no longer holds; when the others are ready, if they are a
    ///   quorum without those whose state is damaged
    static void await(
            NetworkDirectory directory,
            Duration atMost,
            BooleanSupplier supervised,
            Listener listener)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Set<String> ready = new LinkedHashSet<>();
        int total = 0;
        for (int turn = 0; ; turn++) {
            boolean alive = supervised.getAsBoolean();
            boolean running = ControlClient.find(directory) != null;
            if (!alive && !running) {
                throw new Failure(
                        Problem.NOT_RUNNING,
                        "Network \"" + directory.name() + "\" doesn't run",
                        "Run: ic start. What happened: " + directory.supervisorLog());
            }
            // A node that was ready may have ended since: the whole view has the last word.
            if (running && (turn % FULL_VIEW_EVERY == 0 || probe(directory, ready))) {
                NetworkView view = NetworkView.of(directory);
                List<NetworkView.Node> leftOut = view.leftOut();
                checkNoneGivenUp(directory, view, leftOut);
                if (view.isReady()) {
                    listener.ready(view.nodes().size(), view.nodes().size());
                    return;
                }
                if (!leftOut.isEmpty() && othersAreReady(view)) {
                    throw leftOut(directory, leftOut.getFirst());
                }
                ready.clear();
                total = view.nodes().size();
                for (NetworkView.Node node : view.nodes()) {
                    if (node.isReady()) {
                        ready.add(node.name());
                    }
                }
            }
            if (total > 0) {
                listener.ready(ready.size(), total);
            }
            if (System.nanoTime() - deadline > 0) {
                throw late(directory, atMost);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// Asks the nodes that have not been ready yet; whether all are.
    private static boolean probe(NetworkDirectory directory, Set<String> ready) {
        NetworkFile file = NetworkFile.read(directory.networkFile());
        boolean all = file.state().equals(NetworkFile.RUNNING);
        for (NetworkFile.Node node : file.nodes()) {
            if (ready.contains(node.name())) {
                continue;
            }
            if (node.pid() != null && Health.of(node).ready()) {
                ready.add(node.name());
            } else {
                all = false;
            }
        }
        return all;
    }

    /// Ends with the reason of a node that can't run: given up, or dead again and again before it
    /// was ever ready.
    private static void checkNoneGivenUp(
            NetworkDirectory directory, NetworkView view, List<NetworkView.Node> leftOut) {
        for (NetworkView.Node node : view.nodes()) {
            if (leftOut.contains(node)) {
                continue;
            }
            NodeStatus status = node.status();
            Integer exit = status.exit();
            boolean hopeless =
                    status.phase() == NodeStatus.Phase.WAITING
                            && (status.restarts() >= HOPELESS_RESTARTS
                                    || exit != null && exit == NodeStatus.EXIT_DISK_FULL);
            if (!node.isGivenUp() && !hopeless) {
                continue;
            }
            if (exit != null && exit == NodeStatus.EXIT_DISK_FULL) {
                throw new Failure(
                        Problem.DISK_FULL,
                        "Node " + node.name() + " can't run: " + status.note(),
                        "Make room (see: ic doctor), then run the command again");
            }
            throw new Failure(
                    problem(exit),
                    reason(directory, node),
                    "Its log: ic logs --node "
                            + node.name()
                            + ", in "
                            + directory.nodeLog(node.name()).getParent());
        }
    }

    private static boolean othersAreReady(NetworkView view) {
        return view.nodes().stream()
                .allMatch(n -> n.isReady() || n.isStoppedByHand() || n.refusesItsState());
    }

    private static Failure leftOut(NetworkDirectory directory, NetworkView.Node node) {
        return new Failure(
                Problem.NODE_LEFT_OUT,
                reason(directory, node),
                "The other nodes serve without it, and go on: ic status. What may be done:"
                        + " ic help node-left-out");
    }

    private static String reason(NetworkDirectory directory, NetworkView.Node node) {
        String words = LastWords.of(directory, node.name());
        return "Node "
                + node.name()
                + " can't run: "
                + node.status().note()
                + (words.isEmpty() ? "" : "; it says: " + words);
    }

    private static Problem problem(@Nullable Integer exit) {
        return switch (exit == null ? ExitCode.FAILURE : ExitCode.ofNumber(exit)) {
            case DAMAGED -> Problem.NODE_DAMAGED;
            case CONFLICT -> Problem.PORT_TAKEN;
            default -> Problem.NODE_CANNOT_RUN;
        };
    }

    private static Failure late(NetworkDirectory directory, Duration atMost) {
        StringBuilder reasons = new StringBuilder();
        String log = directory.supervisorLog().toString();
        if (ControlClient.find(directory) != null) {
            for (NetworkView.Node node : NetworkView.of(directory).nodes()) {
                if (!node.isReady() && !node.isStoppedByHand()) {
                    reasons.append("; node ").append(node.name()).append(": ");
                    reasons.append(node.reason());
                    log = node.file().log();
                }
            }
        }
        return new Failure(
                Problem.NOT_IN_TIME,
                "The network isn't ready after " + atMost.toSeconds() + " s" + reasons,
                "It goes on trying: ic wait, ic status. A log: " + log);
    }
}
