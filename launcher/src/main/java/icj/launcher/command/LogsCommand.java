package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NodeNames;
import icj.launcher.network.Settings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `ic logs`: the last lines of the nodes' logs and of what canisters printed, and those that come.
@Command(
        name = "logs",
        description = {
            "Prints the last lines of the logs, of nodes and of canisters, in the order of time.",
            "Every node of a subnet runs each canister: what canisters print is shown once, from"
                    + " one node that runs, or from the one that --node names. Prints of queries"
                    + " are not logged. A level means itself and all above it; lines without one,"
                    + " such as stack traces, go with the line before."
        },
        footer = {
            "ic logs # the last 50 lines",
            "ic logs -f --level warn # what goes wrong from now on",
            "ic logs -f --canister counter # what a canister prints, and its traps",
            "ic logs --node supervisor # starts and ends of processes"
        })
final class LogsCommand extends NetworkCommand {
    private static final long POLL_MILLIS = 200;
    private static final String SUPERVISOR = "supervisor";

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "Only this node's, or \"supervisor\".")
    private @Nullable String node;

    @Option(
            names = "--canister",
            paramLabel = "CANISTER",
            description = "Only what this canister prints, by name or id.")
    private @Nullable String canister;

    @Option(
            names = "--level",
            paramLabel = "error|warn|info|debug|trace",
            description = "Only lines of this level or above (default: all).")
    private LogLine.@Nullable Level level;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many lines (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on.")
    private boolean follow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ic().streaming();
        checkLines();
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        String id = canister == null ? null : CallOptions.canister(ic(), canister).toString();
        List<LogFollower> files = files(directory);
        boolean several = files.stream().map(LogFollower::node).distinct().count() > 1;
        List<LogLine> last = new ArrayList<>();
        for (LogFollower file : files) {
            last.addAll(wanted(file.tail(), id));
        }
        last = inOrder(last);
        print(last.subList(Math.max(0, last.size() - lines), last.size()), several);
        // A reader that has gone, as `head` does, ends it.
        while (follow && !ic().out().checkError()) {
            Thread.sleep(POLL_MILLIS);
            List<LogLine> more = new ArrayList<>();
            for (LogFollower file : files) {
                more.addAll(wanted(file.more(), id));
            }
            print(inOrder(more), several);
        }
        return ExitCode.OK.number();
    }

    private void checkLines() {
        if (lines < 0) {
            throw new Failure(
                    Problem.COMMAND_LINE,
                    "--lines is 0 or more, not " + lines,
                    "See: ic logs --help");
        }
    }

    private List<LogFollower> files(NetworkDirectory directory) {
        Settings settings = Settings.read(directory.settings());
        List<LogFollower> files = new ArrayList<>();
        if (node != null && node.equals(SUPERVISOR)) {
            files.add(new LogFollower(SUPERVISOR, directory.supervisorLog()));
            return files;
        }
        String named = node == null ? null : settings.portsOf(node).node();
        for (String name : named == null ? settings.names() : List.of(named)) {
            if (canister == null) {
                files.add(new LogFollower(name, directory.nodeLog(name)));
            }
        }
        for (String name : named == null ? witnesses(directory, settings) : List.of(named)) {
            files.add(new LogFollower(name, directory.canisterLog(name)));
        }
        return files;
    }

    /// One node of each subnet, one that runs if there is.
    private static List<String> witnesses(NetworkDirectory directory, Settings settings) {
        NetworkFile file = NetworkFile.read(directory.networkFile());
        List<String> witnesses = new ArrayList<>();
        for (boolean nns : new boolean[] {false, true}) {
            List<String> subnet = new ArrayList<>(settings.names());
            subnet.removeIf(name -> NodeNames.isNns(name) != nns);
            subnet.sort(Comparator.comparing(name -> file.node(name).pid() == null));
            if (!subnet.isEmpty()) {
                witnesses.add(subnet.getFirst());
            }
        }
        return witnesses;
    }

    /// Lines without a level or time belong to the line before.
    private List<LogLine> wanted(List<LogLine> all, @Nullable String id) {
        List<LogLine> wanted = new ArrayList<>();
        boolean taken = level == null && id == null;
        String time = "";
        for (LogLine line : all) {
            if (!line.time().isEmpty()) {
                LogLine.Level has = line.level();
                taken =
                        (level == null || (has != null && has.compareTo(level) <= 0))
                                && (id == null || id.equals(line.canister()));
                time = line.time();
            }
            if (taken) {
                wanted.add(
                        new LogLine(line.node(), line.text(), time, line.level(), line.canister()));
            }
        }
        return wanted;
    }

    /// By time; lines of one file keep their order.
    private static List<LogLine> inOrder(List<LogLine> lines) {
        List<LogLine> sorted = new ArrayList<>(lines);
        sorted.sort(Comparator.comparing(LogLine::time));
        return sorted;
    }

    private void print(List<LogLine> printed, boolean several) {
        for (LogLine line : printed) {
            if (ic().json()) {
                ic().printLine(json(line));
            } else {
                ic().say((several ? "[" + line.node() + "] " : "") + coloured(line));
            }
        }
    }

    private static ObjectNode json(LogLine line) {
        ObjectNode object = Json.object();
        object.put("node", line.node());
        if (!line.time().isEmpty()) {
            object.put("time", line.time());
        }
        LogLine.Level has = line.level();
        if (has != null) {
            object.put("level", has.word());
        }
        if (line.canister() != null) {
            object.put("canister", line.canister());
        }
        object.put("line", line.text());
        return object;
    }

    private String coloured(LogLine line) {
        LogLine.Level has = line.level();
        if (has == LogLine.Level.ERROR) {
            return ic().terminal().out(Terminal.Style.RED, line.text());
        }
        return has == LogLine.Level.WARN
                ? ic().terminal().out(Terminal.Style.YELLOW, line.text())
                : line.text();
    }
}
