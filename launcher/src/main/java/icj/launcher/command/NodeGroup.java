package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.ControlAnswer;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;
import icj.launcher.supervise.NodeStatus;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ic node`: what happens to single nodes.
@Command(
        name = "node",
        description = "Kills, stops or starts single nodes.",
        subcommands = {NodeGroup.Kill.class, NodeGroup.Stop.class, NodeGroup.Start.class})
final class NodeGroup extends NetworkCommand {
    @Override
    public Integer call() {
        return ic().group();
    }

    private abstract static class OnNode extends NetworkCommand {
        @Parameters(paramLabel = "NODE", description = "Its name, such as 1 or nns1, or its id.")
        private String node = "";

        private final String command;
        private final String done;

        OnNode(String command, String done) {
            this.command = command;
            this.done = done;
        }

        @Override
        public Integer call() {
            NetworkDirectory directory = ic().directory();
            directory.checkExists();
            ControlClient client = ControlClient.of(directory);
            String name = NetworkFile.read(directory.networkFile()).node(node).name();
            ControlAnswer answer = client.ask(command, name);
            for (NodeStatus status : answer.nodes()) {
                if (status.name().equals(name)) {
                    ic().print(status);
                }
            }
            ic().progress("Node " + name + " " + done + ".");
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "kill",
            description = "Sends SIGKILL; the supervisor starts the node again.",
            footer = {"ic node kill 2"})
    static final class Kill extends OnNode {
        Kill() {
            super(ControlRequest.KILL, "was killed; it is started again");
        }
    }

    @Command(
            name = "stop",
            description = "Ends a node and keeps it down.",
            footer = {"ic node stop 2"})
    static final class Stop extends OnNode {
        Stop() {
            super(ControlRequest.NODE_STOP, "is stopped; to bring it back: ic node start");
        }
    }

    @Command(
            name = "start",
            description = "Starts a node that is down.",
            footer = {"ic node start 2"})
    static final class Start extends OnNode {
        Start() {
            super(ControlRequest.NODE_START, "starts; to wait for it: ic wait");
        }
    }
}
