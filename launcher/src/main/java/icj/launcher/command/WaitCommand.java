package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Duration;

/// `ic wait`: returns when the network is as far as was asked.
@Command(
        name = "wait",
        description = {
            "Returns when the network is ready, or as far as --for says; exit code 124 if not in"
                    + " time.",
            "ready: every node that should run is. healthy=K/N: at least K of the N application"
                    + " nodes are. height=N: an application node has certified height N."
        },
        footer = {
            "ic wait # until an update would succeed through any node",
            "ic wait --for healthy=3/4 --timeout 30 # three of four application nodes",
            "ic wait --for height=1000"
        })
final class WaitCommand extends NetworkCommand {
    @Option(
            names = "--for",
            paramLabel = "CONDITION",
            defaultValue = "ready",
            description = "ready, height=N or healthy=K/N (default: ${DEFAULT-VALUE}).")
    private String condition = "ready";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws InterruptedException {
        WaitCondition wanted = WaitCondition.of(condition);
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        Duration timeout = Readiness.timeout(timeoutSeconds);
        try (Progress progress = new Progress(ic())) {
            if (wanted instanceof WaitCondition.Ready) {
                Readiness.await(directory, timeout, () -> false, progress::ready);
            } else {
                wanted.await(directory, timeout);
            }
            ic().print(NetworkFile.read(directory.networkFile()));
            ic().detail("Waited " + Math.round(progress.seconds() * 1_000) + " ms.");
        }
        ic().progress("Network \"" + directory.name() + "\" is " + wanted.reached() + ".");
        return ExitCode.OK.number();
    }
}
