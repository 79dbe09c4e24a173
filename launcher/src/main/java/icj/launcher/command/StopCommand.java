package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkLock;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/// `ic stop`: ends all nodes and the supervisor; state stays.
@Command(
        name = "stop",
        description = "Ends all nodes; the next start resumes their state.",
        footer = {"ic stop", "ic stop --network test"})
final class StopCommand extends NetworkCommand {
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);

    private static final Duration BEGIN_PATIENCE = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 50;

    @Override
    public Integer call() throws InterruptedException {
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        ControlClient client = find(directory);
        boolean ran = client != null;
        if (client != null) {
            client.ask(ControlRequest.STOP, "");
            if (!client.supervisor().awaitEnd(END_PATIENCE)) {
                throw new Failure(
                        Problem.SUPERVISOR_SILENT,
                        "All nodes ended, but process "
                                + client.supervisor().pid()
                                + " is still there",
                        "If it stays: kill " + client.supervisor().pid());
            }
        }
        ObjectNode object = Json.object();
        object.put("name", directory.name());
        object.put("state", "stopped");
        object.put("changed", ran);
        ic().print(object);
        ic().progress(
                        "Network \""
                                + directory.name()
                                + (ran
                                        ? "\" is stopped; ic start"
                                                + ic().networkFlag(directory)
                                                + " resumes it."
                                        : "\" doesn't run."));
        return ExitCode.OK.number();
    }

    /// The running supervisor. One that begins holds the lock before it says where it listens.
    private static @Nullable ControlClient find(NetworkDirectory directory)
            throws InterruptedException {
        long end = System.nanoTime() + BEGIN_PATIENCE.toNanos();
        ControlClient client = ControlClient.find(directory);
        while (client == null && NetworkLock.isHeld(directory) && System.nanoTime() - end < 0) {
            Thread.sleep(POLL_MILLIS);
            client = ControlClient.find(directory);
        }
        return client;
    }
}
