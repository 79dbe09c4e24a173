package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.NetworkDirectory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Duration;

/// `ic wait`: returns when the network serves.
@Command(
        name = "wait",
        description = "Returns when each node that should run is ready; exit code 124 if not.",
        footer = {"ic wait"})
final class WaitCommand extends NetworkCommand {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws InterruptedException {
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        Readiness.await(directory, Duration.ofSeconds(timeoutSeconds), () -> false);
        Banner.print(ic(), directory);
        return ExitCode.OK.number();
    }
}
