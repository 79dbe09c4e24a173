package icj.launcher.supervise;

import icj.launcher.network.NetworkDirectory;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// Nodes whose supervisor was killed: they end by themselves when its pipe closes, which may take a
/// moment in which they still hold ports and stores.
public final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Leftovers() {}

    /// Returns when none of them runs any more; those that don't end are killed. The caller holds
    /// the network's lock.
    public static void await(NetworkDirectory directory) throws InterruptedException {
        @Nullable SupervisorFile file = SupervisorFile.read(directory);
        if (file == null) {
            return;
        }
        for (SupervisorFile.Node node : file.nodes()) {
            if (!node.process().awaitEnd(PATIENCE)) {
                ProcessHandle process = node.process().find();
                if (process != null) {
                    process.destroyForcibly();
                    node.process().awaitEnd(PATIENCE);
                }
            }
        }
    }
}
