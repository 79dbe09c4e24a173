package icj.launcher.doctor;

import icj.launcher.Failure;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NetworkLock;
import icj.launcher.network.NodeNames;
import icj.launcher.network.PortHolder;
import icj.launcher.network.PortPlan;
import icj.launcher.network.Settings;
import icj.launcher.supervise.ProcessMark;
import icj.launcher.supervise.SupervisorFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whether one network's folder, ports and processes are as they should be.
public final class NetworkChecks {
    /// Files written by a clock that ran ahead less than this tell nothing.
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private NetworkChecks() {}

    /// All of them. A network that isn't there yet has only its ports.
    public static List<Finding> of(NetworkDirectory directory, Instant now) {
        List<Finding> findings = new ArrayList<>();
        if (!directory.isNetwork()) {
            findings.add(ports(fresh(), false));
            return findings;
        }
        Settings settings;
        try {
            directory.checkExists();
            settings = Settings.read(directory.settings());
            NetworkFile.read(directory.networkFile());
        } catch (Failure failure) {
            findings.add(Finding.failure("network", failure.cause(), failure.fix()));
            return findings;
        }
        boolean held = NetworkLock.isHeld(directory);
        SupervisorFile file = SupervisorFile.read(directory);
        findings.add(supervisor(directory, held, file));
        findings.addAll(processes(held, file));
        findings.add(ports(settings, held));
        findings.add(times(directory, settings, now));
        return findings;
    }

    private static Settings fresh() {
        return new Settings(
                Settings.VERSION,
                NetworkDirectory.DEFAULT_NAME,
                Settings.NODES_DEFAULT,
                Settings.NNS_NODES_DEFAULT,
                Settings.BIND_DEFAULT,
                Settings.PORT_DEFAULT,
                PortPlan.from(
                        Integer.parseInt(Settings.PORT_DEFAULT),
                        NodeNames.of(Settings.NODES_DEFAULT, Settings.NNS_NODES_DEFAULT)));
    }

    private static Finding supervisor(
            NetworkDirectory directory, boolean held, @Nullable SupervisorFile file) {
        String state = NetworkFile.read(directory.networkFile()).state();
        if (held && file != null && file.supervisor().runs()) {
            return Finding.ok("network", "runs, supervisor process " + file.supervisor().pid());
        }
        if (held) {
            return Finding.failure(
                    "network",
                    "a process holds " + directory.lock() + ", but the supervisor is gone",
                    "Find it: fuser " + directory.lock());
        }
        return state.equals(NetworkFile.RUNNING)
                ? Finding.warning(
                        "network",
                        "was not stopped in order: killed, or the machine went down",
                        "Nothing that was certified is lost: ic start resumes it")
                : Finding.ok("network", "stopped");
    }

    /// Nodes that outlived their supervisor, and processes that somebody has halted.
    private static List<Finding> processes(boolean held, @Nullable SupervisorFile file) {
        List<Finding> findings = new ArrayList<>();
        if (file == null) {
            return findings;
        }
        List<ProcessMark> halted = new ArrayList<>();
        List<ProcessMark> living = new ArrayList<>();
        List<ProcessMark> all = new ArrayList<>(List.of(file.supervisor()));
        file.nodes().forEach(node -> all.add(node.process()));
        for (ProcessMark mark : all) {
            if (mark.runs()) {
                living.add(mark);
                if (mark.halted()) {
                    halted.add(mark);
                }
            }
        }
        if (!halted.isEmpty()) {
            findings.add(
                    Finding.failure(
                            "processes of it",
                            pids(halted) + " halted (SIGSTOP)",
                            "Let them go on: kill -CONT " + pids(halted)));
        } else if (!held && !living.isEmpty()) {
            findings.add(
                    Finding.warning(
                            "processes of it",
                            pids(living) + " outlived the supervisor",
                            "They end by themselves; if not: kill " + pids(living)));
        }
        return findings;
    }

    private static Finding ports(Settings settings, boolean running) {
        String range =
                settings.ports().getFirst().http() + " to " + settings.ports().getLast().metrics();
        if (running) {
            return Finding.ok("ports", range + ", its own nodes");
        }
        List<Integer> taken;
        try {
            taken = PortPlan.taken(settings.ports(), settings.bind());
        } catch (Failure failure) {
            return Finding.failure("ports", failure.cause(), failure.fix());
        }
        if (taken.isEmpty()) {
            return Finding.ok("ports", range + " are free");
        }
        int first = taken.getFirst();
        return Finding.failure(
                "ports",
                first + " is taken by " + PortHolder.of(first),
                "End that program, or start a network with other ports: ic start --network NAME"
                        + " --port auto");
    }

    /// A clock that was set back: nodes would wait until it has caught up with their state.
    private static Finding times(NetworkDirectory directory, Settings settings, Instant now) {
        Instant newest = Instant.EPOCH;
        try {
            for (String node : settings.names()) {
                for (Path file :
                        List.of(directory.nodeLog(node), directory.node(node).resolve("journal"))) {
                    if (Files.exists(file)) {
                        Instant written = Files.getLastModifiedTime(file).toInstant();
                        newest = written.isAfter(newest) ? written : newest;
                    }
                }
            }
        } catch (IOException e) {
            return Finding.warning("times", e.getMessage() + " can't be read", "Check its rights");
        }
        return newest.isAfter(now.plus(CLOCK_TOLERANCE))
                ? Finding.failure(
                        "times",
                        "the network was written at " + newest + ", and now is " + now,
                        "Set the clock: it stands before what the network knows")
                : Finding.ok("times", "the clock is ahead of the network's files");
    }

    private static String pids(List<ProcessMark> marks) {
        return String.join(" ", marks.stream().map(m -> Long.toString(m.pid())).toList());
    }
}
