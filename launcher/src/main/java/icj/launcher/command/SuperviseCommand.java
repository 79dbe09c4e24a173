package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkLock;
import icj.launcher.supervise.Supervisor;

import picocli.CommandLine.Command;

/// What `ic start --background` leaves behind; not for people.
@Command(name = "supervise", hidden = true)
final class SuperviseCommand extends NetworkCommand {
    @Override
    public Integer call() throws InterruptedException {
        NetworkDirectory directory = ic().directory();
        directory.checkExists();
        try (NetworkLock _ = NetworkLock.take(directory)) {
            Supervisor supervisor = Supervision.begin(directory, ic().locations());
            supervisor.awaitEnd();
        }
        return ExitCode.OK.number();
    }
}
