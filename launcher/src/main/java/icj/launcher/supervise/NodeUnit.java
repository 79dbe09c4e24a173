package icj.launcher.supervise;

import icj.launcher.ExitCode;
import icj.launcher.network.NetworkDirectory;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.Consumer;

/// One node under supervision. All methods and all its events run on the supervisor's loop.
///
/// The process holds one end of a pipe as its standard input; it ends when the pipe closes, which
/// the system does when the supervisor ends, however it ends. So there are no orphans.
final class NodeUnit {
    private static final long CONSOLE_BYTES_MAX = 1 << 20;

    /// A full disk is no fault of the node: it is tried again for as long as it takes, not too
    /// often.
    private static final long DISK_FULL_MILLIS = 3_000;

    private final String name;
    private final NetworkDirectory directory;
    private final NodeCommand command;
    private final Duration stopPatience;
    private final Loop loop;
    private final Consumer<String> log;
    private final Runnable changed;
    private final RestartPolicy policy = new RestartPolicy();

    private NodeStatus.Phase phase = NodeStatus.Phase.STOPPED;
    private @Nullable Process process;
    private @Nullable ProcessMark mark;
    private long startNanos;
    private int restarts;
    private String note = "";
    private @Nullable Integer lastExit;
    private boolean killedByHand;

    /// Whether the node is to be started when the process that was asked to end has ended.
    private boolean again;

    NodeUnit(
            String name,
            NetworkDirectory directory,
            NodeCommand command,
            Duration stopPatience,
            Loop loop,
            Consumer<String> log,
            Runnable changed) {
        this.name = name;
        this.directory = directory;
        this.command = command;
        this.stopPatience = stopPatience;
        this.loop = loop;
        this.log = log;
        this.changed = changed;
    }

    String name() {
        return name;
    }

    NodeStatus status() {
        Process current = process;
        return new NodeStatus(
                name, phase, current == null ? null : current.pid(), restarts, note, lastExit);
    }

    /// The running process, or null.
    @Nullable ProcessMark mark() {
        return process == null ? null : mark;
    }

    boolean isRunning() {
        return process != null;
    }

    /// Starts the node unless it runs; forgets deaths.
    void start() {
        policy.forget();
        note = "";
        if (process == null) {
            launch();
        } else {
            again = phase == NodeStatus.Phase.STOPPED;
        }
    }

    /// Sends SIGKILL; the node is started again as after any death. Whether there was a process.
    boolean kill() {
        Process current = process;
        if (current == null) {
            return false;
        }
        killedByHand = true;
        current.destroyForcibly();
        return true;
    }

    /// Asks the node to end and keeps it down; a node that doesn't in time is killed.
    void stop() {
        phase = NodeStatus.Phase.STOPPED;
        note = "stopped by hand";
        again = false;
        Process current = process;
        if (current == null) {
            changed.run();
            return;
        }
        closeInput(current);
        current.destroy();
        loop.after(
                stopPatience.toMillis(),
                () -> {
                    if (current.isAlive()) {
                        log.accept("node " + name + " doesn't end; killing it");
                        current.destroyForcibly();
                    }
                });
    }

    private void launch() {
        Process started;
        try {
            started = run();
        } catch (IOException e) {
            giveUp("can't be started: " + e.getMessage());
            return;
        }
        process = started;
        mark = ProcessMark.of(started.toHandle());
        startNanos = System.nanoTime();
        phase = NodeStatus.Phase.RUNNING;
        killedByHand = false;
        log.accept("node " + name + " runs as process " + started.pid());
        Thread.ofVirtual().name("wait-" + name).start(() -> await(started));
        changed.run();
    }

    private Process run() throws IOException {
        Path console = directory.nodeConsole(name);
        Files.createDirectories(directory.nodeLog(name).resolveSibling("x").getParent());
        if (Files.exists(console) && Files.size(console) > CONSOLE_BYTES_MAX) {
            Files.move(
                    console,
                    console.resolveSibling("console.log.1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        File output = console.toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command.of(name))
                        .directory(directory.node(name).toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        // One arena for native memory instead of eight for each core.
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        return builder.start();
    }

    private void await(Process running) {
        try {
            running.waitFor();
            loop.execute(() -> ended(running));
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
    }

    private void ended(Process ended) {
        closeInput(ended);
        process = null;
        int exit = ended.exitValue();
        lastExit = exit;
        log.accept("node " + name + " ended with " + describe(exit));
        if (phase == NodeStatus.Phase.STOPPED) {
            if (again) {
                again = false;
                launch();
            } else {
                changed.run();
            }
            return;
        }
        if (exit == ExitCode.DAMAGED.number()) {
            giveUp("it can't go on from its state (exit code 6)");
            return;
        }
        if (exit == NodeStatus.EXIT_DISK_FULL) {
            restartIn(DISK_FULL_MILLIS, "the disk is full: make room");
            return;
        }
        if (killedByHand) {
            policy.forget();
        }
        switch (policy.died(startNanos, System.nanoTime())) {
            case RestartPolicy.Verdict.GiveUp(int deaths) ->
                    giveUp(
                            "died "
                                    + deaths
                                    + " times within a minute, at last with "
                                    + describe(exit));
            case RestartPolicy.Verdict.Restart(long delayMillis) ->
                    restartIn(delayMillis, "ended with " + describe(exit));
        }
    }

    private void restartIn(long delayMillis, String reason) {
        phase = NodeStatus.Phase.WAITING;
        note = reason;
        loop.after(delayMillis, this::restart);
        changed.run();
    }

    private void restart() {
        if (phase == NodeStatus.Phase.WAITING && process == null) {
            restarts++;
            launch();
        }
    }

    private void giveUp(String reason) {
        phase = NodeStatus.Phase.GIVEN_UP;
        note = reason;
        log.accept("node " + name + " is given up: " + reason);
        changed.run();
    }

    private static String describe(int exit) {
        // Shells and the JVM report a signal as 128 plus its number.
        return exit > 128 && exit < 160 ? "signal " + (exit - 128) : "exit code " + exit;
    }

    private static void closeInput(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The other end is gone already: closed is what was wanted.
            return;
        }
    }
}
