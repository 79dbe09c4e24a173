package icj.launcher.supervise;

import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkLock;

import java.nio.file.Path;

/// A supervisor of fake nodes as a process of its own, so that a test can kill it.
final class SupervisorHost {
    private SupervisorHost() {}

    public static void main(String[] arguments) throws Exception {
        NetworkDirectory directory = new NetworkDirectory(Path.of(arguments[0]), "test");
        try (NetworkLock _ = NetworkLock.take(directory)) {
            Supervisor supervisor = FakeNetwork.supervisor(directory);
            supervisor.start();
            // As `ic start` in the foreground does: a look at its own network.
            if (ControlClient.find(directory) == null) {
                throw new IllegalStateException("The supervisor does not find itself");
            }
            supervisor.awaitEnd();
        }
        System.exit(0);
    }
}
