package icj.launcher.bench;

import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;
import icj.launcher.supervise.Health;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Kills one node after the other with SIGKILL, as `ic node kill` does, and measures how long it
/// takes until each is ready again. The next one is killed only when all are: two nodes of four
/// that are away are a subnet that can't decide.
@SuppressWarnings("try") // who is interrupted while it closes shall hear of it
final class NodeKiller {
    private static final long LOOK_MILLIS = 50;

    /// A node that is killed and that is not ready again.
    private record Away(NetworkFile.Node node, @Nullable Long pid, long killedNanos) {}

    /// A node that was killed.
    ///
    /// @param node its name
    /// @param seconds until it was ready again; NaN when it is not yet
    record Kill(String node, double seconds) {}

    private final NetworkDirectory directory;
    private final List<String> names;
    private final long periodNanos;
    private final List<Kill> finished = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("killer").unstarted(this::run);
    private @Nullable Away away;
    private int kills;
    private @Nullable String trouble;

    /// @param names of the nodes that are killed by turns
    /// @param period between two kills; the first comes after half of it
    NodeKiller(NetworkDirectory directory, List<String> names, Duration period) {
        this.directory = directory;
        this.names = List.copyOf(names);
        periodNanos = period.toNanos();
    }

    void start() {
        thread.start();
    }

    private void run() {
        long due = System.nanoTime() + periodNanos / 2;
        try {
            while (true) {
                long now = System.nanoTime();
                if (away() != null) {
                    look(now);
                } else if (now - due >= 0) {
                    kill();
                }
                while (now - due >= 0) {
                    due += periodNanos;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            synchronized (this) {
                trouble = String.valueOf(failure.getMessage());
            }
        }
    }

    private void kill() {
        String name = names.get(kills() % names.size());
        NetworkFile.Node node = NetworkFile.read(directory.networkFile()).node(name);
        long now = System.nanoTime();
        ControlClient.of(directory).ask(ControlRequest.KILL, name);
        synchronized (this) {
            away = new Away(node, node.pid(), now);
            kills++;
        }
    }

    private void look(long now) {
        Away waited = away();
        if (waited == null) {
            return;
        }
        // The answer of the process that is dying does not count.
        Long pid = NetworkFile.read(directory.networkFile()).node(waited.node.name()).pid();
        if (pid == null || pid.equals(waited.pid) || !Health.of(waited.node).ready()) {
            return;
        }
        synchronized (this) {
            finished.add(new Kill(waited.node.name(), (now - waited.killedNanos) / 1e9));
            away = null;
        }
    }

    private synchronized @Nullable Away away() {
        return away;
    }

    /// How many nodes were killed.
    synchronized int kills() {
        return kills;
    }

    /// The kills that were got over since the last time this was asked, and the one that was not.
    synchronized List<Kill> next() {
        List<Kill> kills = new ArrayList<>(finished);
        finished.clear();
        Away waited = away;
        if (waited != null) {
            kills.add(new Kill(waited.node.name(), Double.NaN));
        }
        return kills;
    }

    /// Why no more nodes are killed; null while they are.
    synchronized @Nullable String trouble() {
        return trouble;
    }

    /// Kills no more.
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
