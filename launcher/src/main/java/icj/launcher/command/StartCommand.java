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

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Collections;

/// `ic start`: makes the network when it is new, runs it, and says when it serves.
@Command(
        name = "start",
        description = {
            "Starts a network, or resumes it.",
            "What was chosen at the first start is kept; flags that are left out mean that."
        },
        footer = {
            "ic start # stays; Ctrl-C stops the network",
            "ic start --background # returns when an update would succeed",
            "ic start --nodes 1 --nns-nodes 0 --background # the smallest network",
            "ic start --network test --port auto --background # a second one beside it"
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
                    "The first port, or \"auto\" for free ones (default: $IC_PORT, else 4943,"
                            + " where node 1 serves).")
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

    @Override
    public Integer call() throws InterruptedException {
        Settings.Request request = new Settings.Request(nodes, nnsNodes, bind, port);
        NetworkDirectory directory = ic().directory();
        directory.checkFormat();
        if (ControlClient.find(directory) != null) {
            return join(directory, request);
        }
        NetworkLock lock = NetworkLock.take(directory);
        try (lock) {
            prepare(directory, request);
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
        Readiness.await(directory, timeout(), () -> false);
        Banner.print(ic(), directory);
        return ExitCode.OK.number();
    }

    private void prepare(NetworkDirectory directory, Settings.Request request)
            throws InterruptedException {
        Leftovers.await(directory);
        if (directory.exists()) {
            Settings settings = Settings.read(directory.settings());
            settings.checkSame(request);
            checkRecording(directory, settings);
            PortPlan.checkFree(settings);
            return;
        }
        Settings settings = Settings.create(directory.name(), request.orPort(ports()));
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

    /// The ports of a new network when no flag says them: several at once, as in tests, set this to
    /// "auto".
    private static @Nullable String ports() {
        String port = System.getenv("IC_PORT");
        return port == null || port.isEmpty() ? null : port;
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
        try {
            Readiness.await(directory, timeout(), supervisor::isAlive);
        } catch (Failure failure) {
            if (failure.code() != ExitCode.TIMEOUT) {
                // What can't run isn't left half running.
                ControlClient client = ControlClient.find(directory);
                if (client != null) {
                    client.ask(ControlRequest.STOP, "");
                }
            }
            throw failure;
        }
        Banner.print(ic(), directory);
        return ExitCode.OK.number();
    }

    private int foreground(NetworkDirectory directory) throws InterruptedException {
        Supervisor supervisor = Supervision.begin(directory, ic().locations());
        try {
            Readiness.await(directory, timeout(), () -> true);
        } catch (Failure failure) {
            if (failure.code() != ExitCode.TIMEOUT) {
                supervisor.stop();
                throw failure;
            }
            ic().progress(failure.cause());
        }
        Banner.print(ic(), directory);
        StatusLine line = StatusLine.of(ic());
        while (!supervisor.awaitEnd(Duration.ofMillis(STATUS_MILLIS))) {
            if (line.isShown()) {
                line.show(NetworkView.of(directory));
            }
        }
        line.end();
        ic().say("Network \"" + directory.name() + "\" is stopped.");
        return ExitCode.OK.number();
    }

    private Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }
}
