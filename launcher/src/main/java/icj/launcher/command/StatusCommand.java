package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;

import picocli.CommandLine.Command;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/// `ic status`: how the network and each node are.
@Command(
        name = "status",
        description = "Shows each node; exit code 3 unless all that should run are ready.",
        footer = {"ic status", "ic status --json # for programs"})
final class StatusCommand extends NetworkCommand {
    @Override
    public Integer call() {
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        NetworkView view = NetworkView.of(directory);
        ic().print(json(view));
        text(directory, view);
        return (view.isReady() ? ExitCode.OK : ExitCode.NOT_READY).number();
    }

    private static ObjectNode json(NetworkView view) {
        ObjectNode object = Json.object();
        object.put("name", view.file().name());
        object.put("state", view.running() ? "running" : "stopped");
        object.put("ready", view.isReady());
        ArrayNode nodes = object.putArray("nodes");
        for (NetworkView.Node node : view.nodes()) {
            ObjectNode item = nodes.addObject();
            item.put("name", node.name());
            item.put("id", node.file().id());
            item.put("http", node.file().http());
            item.put("phase", phase(node));
            item.put("pid", node.status().pid());
            item.put("ready", node.isReady());
            item.put("reason", node.isReady() ? "" : node.reason());
            item.put("restarts", node.status().restarts());
            item.put("log", node.file().log());
        }
        return object;
    }

    private void text(NetworkDirectory directory, NetworkView view) {
        ic().say(
                        "Network \""
                                + view.file().name()
                                + "\" "
                                + (view.running() ? "runs" : "is stopped")
                                + " ("
                                + directory.root()
                                + ")");
        for (NetworkView.Node node : view.nodes()) {
            String state =
                    node.isReady()
                            ? "ready"
                            : phase(node) + (view.running() ? ": " + node.reason() : "");
            Long pid = node.status().pid();
            ic().say(
                            String.format(
                                    Locale.ROOT,
                                    "  %-6s %-28s %-10s %s%s",
                                    node.name(),
                                    node.file().http(),
                                    pid == null ? "" : "pid " + pid,
                                    state,
                                    node.status().restarts() == 0
                                            ? ""
                                            : ", started again "
                                                    + node.status().restarts()
                                                    + (node.status().restarts() == 1
                                                            ? " time"
                                                            : " times")));
        }
        if (!view.running()) {
            boolean killed = view.file().state().equals(NetworkFile.RUNNING);
            ic().progress(
                            killed
                                    ? "It was not stopped in order: killed, or the machine went"
                                            + " down. Nothing that was certified is lost."
                                    : "Its state is kept.");
            ic().next("ic start --background" + ic().networkFlag(directory));
        }
    }

    private static String phase(NetworkView.Node node) {
        return switch (node.status().phase()) {
            case RUNNING -> node.isReady() ? "running" : "starting";
            case WAITING -> "waiting";
            case GIVEN_UP -> "given up";
            case STOPPED -> "stopped";
        };
    }
}
