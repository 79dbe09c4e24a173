package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Creation;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NetworkLock;
import icj.launcher.network.NodeConfig;
import icj.launcher.network.PortPlan;
import icj.launcher.network.Settings;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;
import icj.launcher.supervise.Leftovers;
import icj.launcher.supervise.Supervisor;
import icj.launcher.supervise.SupervisorLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;

/// `ic start`: makes the network when it is new, runs it, and says when it serves.
@Command(
        name = "start",
        description = {
            "Starts a network, or resumes it.",
            "What was chosen at the first start is kept; flags that are left out mean that. For a"
                    + " new network they mean what \"ic config show\" says."
        },
        footer = {
            "ic start # stays; Ctrl-C stops the network",
            "ic start --background # returns when an update would succeed",
            "ic start --nodes 1 --nns-nodes 0 --background # the smallest network",
            "ic start --network test --port auto --background # a second one beside it",
            "ic start --clean --yes --background # loses all state"
        })
final class StartCommand extends NetworkCommand {
    private static final long STATUS_MILLIS = 1_000;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "Nodes of the application subnet (default: 4).")
    private @Nullable Integer nodes;

    @Option(
            names = "--nns-nodes",
            paramLabel = "M",
            description =
                    "Nodes of the NNS subnet (default: 1); with 0 the application subnet is the"
                            + " root.")
    private @Nullable Integer nnsNodes;

    @Option(
            names = "--port",
            paramLabel = "P",
            description =
                    "The first port, where node 1 serves, or \"auto\" for free ones (default:"
                            + " 4943).")
    private @Nullable String port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Where nodes serve clients (default: 127.0.0.1, this machine only).")
    private @Nullable String bind;

    @Option(
            names = "--background",
            description = "Return when an update would succeed; the network goes on.")
    private boolean background;

    @Option(
            names = "--clean",
            description =
                    "Remove the network with all its state first and begin anew, with the nodes and"
                            + " ports of before where no flags say otherwise.")
    private boolean clean;

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask before --clean removes a network.")
    private boolean yes;

    @Option(
            names = "--record",
            hidden = true,
            description = "Nodes write down what they execute, for a replay (docs/HACKING.md).")
    private boolean recording;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "How long to wait until it serves (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    private volatile boolean interrupted;
    private final long began = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException, IOException {
        // Before anything is made.
        var _ = timeout();
        Settings.Request request = new Settings.Request(nodes, nnsNodes, bind, port);
        Settings.Request preferred = ic().config().request();
        NetworkDirectory directory = ic().directory();
        if (clean && directory.isNetwork()) {
            request = asBefore(directory, request);
            NetworkGroup.Removal.remove(ic(), directory, yes);
        }
        directory.checkFormat();
        if (ControlClient.find(directory) != null) {
            return join(directory, request);
        }
        NetworkLock lock = NetworkLock.take(directory);
        try (lock) {
            prepare(directory, request, preferred);
            if (!background) {
                return foreground(directory);
            }
        }
        return leave(directory);
    }

    /// It runs already: the same wish is fulfilled.
    private int join(NetworkDirectory directory, Settings.Request request)
            throws InterruptedException {
        directory.checkExists();
        Settings.read(directory.settings()).checkSame(request);
        ic().progress("Network \"" + directory.name() + "\" already runs.");
        WhoAmI who = WhoAmI.begin(ic());
        try (Progress progress = new Progress(ic())) {
            Readiness.await(directory, timeout(), () -> false, progress::ready);
        }
        Banner.print(ic(), directory, seconds(), who.line());
        return ExitCode.OK.number();
    }

    /// What the network to be removed was made with, for flags that are left out.
    private static Settings.Request asBefore(NetworkDirectory directory, Settings.Request request) {
        try {
            Settings before = Settings.read(directory.settings());
            return request.or(
                    new Settings.Request(
                            before.nodes(), before.nnsNodes(), before.bind(), before.port()));
        } catch (Failure damaged) {
            // Newer or torn: one more reason to begin anew.
            return request;
        }
    }

    /// @param preferred for a new network, where no flag says otherwise
    private void prepare(
            NetworkDirectory directory, Settings.Request request, Settings.Request preferred)
            throws InterruptedException {
        Leftovers.await(directory);
        new SupervisorLog(directory).rotate();
        if (directory.exists()) {
            Settings settings = Settings.read(directory.settings());
            settings.checkSame(request);
            checkRecording(directory, settings);
            PortPlan.checkFree(settings);
            ic().progress("Resuming network \"" + directory.name() + "\" ...");
            return;
        }
        Settings settings = Settings.create(directory.name(), request.or(preferred));
        PortPlan.checkFree(settings);
        ic().progress(
                        "Making network \""
                                + directory.name()
                                + "\" in "
                                + directory.root()
                                + " ...");
        Creation.create(directory, settings, ic().locations());
        if (recording) {
            settings.names().forEach(node -> NodeConfig.record(directory, node));
        }
        NetworkFile.of(
                        directory,
                        settings,
                        Supervision.registry(directory),
                        null,
                        Collections.emptySortedMap())
                .write(directory.networkFile());
    }

    /// A record begins at genesis or is of no use.
    private void checkRecording(NetworkDirectory directory, Settings settings) {
        if (recording && !NodeConfig.isRecording(directory, settings.names().getFirst())) {
            throw new Failure(
                    Problem.NOT_RECORDED,
                    "Network \"" + directory.name() + "\" was made without --record",
                    "Record a new network: --network NAME --port auto --record");
        }
    }

    private int leave(NetworkDirectory directory) throws InterruptedException {
        Process supervisor = Supervision.detach(directory);
        Interrupts.handle(
                () -> {
                    ic().progress("\nThe network goes on starting: ic wait. To end it: ic stop");
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
                },
                () -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number()));
        WhoAmI who = WhoAmI.begin(ic());
        try (Progress progress = new Progress(ic())) {
            Readiness.await(directory, timeout(), supervisor::isAlive, progress::ready);
        } catch (Failure failure) {
            // What can't run isn't left half running; a supervisor of somebody else's is.
            if (!goesOn(failure) && supervisor.isAlive()) {
                ControlClient client = ControlClient.find(directory);
                if (client != null) {
                    client.ask(ControlRequest.STOP, "");
                }
            }
            throw failure;
        }
        Banner.print(ic(), directory, seconds(), who.line());
        return ExitCode.OK.number();
    }

    /// Whether the network is left running: it may become ready yet, or serves without a node.
    private static boolean goesOn(Failure failure) {
        return failure.code() == ExitCode.TIMEOUT || failure.problem() == Problem.NODE_LEFT_OUT;
    }

    private int foreground(NetworkDirectory directory) throws InterruptedException {
        Supervisor supervisor = Supervision.begin(directory, ic().locations());
        Interrupts.handle(() -> interrupt(supervisor), StartCommand::kill);
        WhoAmI who = WhoAmI.begin(ic());
        Failure late = null;
        try (Progress progress = new Progress(ic())) {
            Readiness.await(directory, timeout(), () -> !interrupted, progress::ready);
        } catch (Failure failure) {
            if (!interrupted && !goesOn(failure)) {
                supervisor.stop();
                throw failure;
            }
            late = failure;
        }
        if (late == null && !interrupted) {
            Banner.print(ic(), directory, seconds(), who.line());
        } else if (late != null && !interrupted) {
            ic().warn(late);
        }
        watch(directory, supervisor);
        ic().progress(
                        "Network \""
                                + directory.name()
                                + "\" is stopped; ic start"
                                + ic().networkFlag(directory)
                                + " resumes it.");
        return (interrupted ? ExitCode.INTERRUPTED : ExitCode.OK).number();
    }

    private void watch(NetworkDirectory directory, Supervisor supervisor)
            throws InterruptedException {
        StatusLine line = new StatusLine(ic());
        while (!supervisor.awaitEnd(Duration.ofMillis(STATUS_MILLIS))) {
            if (line.isShown() && !interrupted) {
                try {
                    line.show(NetworkView.of(directory));
                } catch (Failure between) {
                    // The network ends at this moment: the next look says so.
                    continue;
                }
            }
        }
        line.end();
    }

    /// The first Ctrl-C: nodes end in order.
    private void interrupt(Supervisor supervisor) {
        interrupted = true;
        ic().progress("\nStopping the nodes; Ctrl-C once more kills them.");
        supervisor.stop();
    }

    /// The second Ctrl-C: a kill loses nothing that was certified.
    private static void kill() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private Duration timeout() {
        return Readiness.timeout(timeoutSeconds);
    }
}
