package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;

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

    @Override
    public Integer call() throws InterruptedException {
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        ControlClient client = ControlClient.find(directory);
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
}
