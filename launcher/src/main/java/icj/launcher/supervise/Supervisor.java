package icj.launcher.supervise;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NodeNames;
import icj.launcher.network.Settings;
import icj.types.registry.Registry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs the nodes of one network as child processes, starts them again when they die, and does what
/// commands ask through the control port. Whoever makes one holds the network's lock.
///
/// One thread, the loop, owns all state; nothing polls, so that an idle supervisor costs nothing.
public final class Supervisor implements AutoCloseable {
    private static final int TOKEN_BYTES = 16;
    private static final long REWRITE_MILLIS = 2_000;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final NetworkDirectory directory;
    private final Settings settings;
    private final Registry registry;
    private final SupervisorLog log;
    private final Loop loop;
    private final List<NodeUnit> units = new ArrayList<>();
    private final String token;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable ControlServer control;
    private boolean stopping;

    /// Whether the files are older than what they tell of, and whether they are to be written again
    /// by a timer.
    private boolean unwritten;

    private boolean retrying;

    /// @param registry what the genesis file holds
    /// @param command what a node's process is
    public Supervisor(
            NetworkDirectory directory, Settings settings, Registry registry, NodeCommand command) {
        this(directory, settings, registry, command, STOP_PATIENCE);
    }

    /// @param registry what the genesis file holds
    /// @param command what a node's process is
    /// @param stopPatience how long a node may take to end before it is killed
    public Supervisor(
            NetworkDirectory directory,
            Settings settings,
            Registry registry,
            NodeCommand command,
            Duration stopPatience) {
        this.directory = directory;
        this.settings = settings;
        this.registry = registry;
        this.log = new SupervisorLog(directory);
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        this.token = HexFormat.of().formatHex(secret);
        this.loop = new Loop(log::add);
        // R-C20: the root subnet starts first, others need its certificates.
        List<String> names = new ArrayList<>(settings.names());
        names.sort(Comparator.comparing(name -> !NodeNames.isNns(name)));
        for (String name : names) {
            units.add(
                    new NodeUnit(
                            name, directory, command, stopPatience, loop, log::add, this::changed));
        }
    }

    /// Starts all nodes and listens for commands.
    public void start() {
        try {
            control = ControlServer.start(token, this::command);
        } catch (IOException e) {
            throw new Failure(
                    Problem.SUPERVISOR_START,
                    "The supervisor can't listen on a loopback port: " + e.getMessage(),
                    "See: ic doctor");
        }
        log.add("supervisor runs as process " + ProcessHandle.current().pid());
        loop.ask(() -> {
            // Nobody finds a supervisor that can't say where it listens.
            writeFiles();
            units.forEach(NodeUnit::start);
            return true;
        });
    }

    /// Ends all nodes, then the supervision, unless that happened before. Returns when no node runs
    /// any more; whether there was something to end.
    public boolean stop() {
        if (ended.getCount() == 0) {
            return false;
        }
        loop.execute(this::beginStop);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /// Waits until somebody has stopped the network and has been told so.
    public void awaitEnd() throws InterruptedException {
        ended.await();
        awaitAnswers();
    }

    /// Waits until somebody has stopped the network and has been told so; whether that happened
    /// within the time.
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        if (!ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        awaitAnswers();
        return true;
    }

    private void awaitAnswers() throws InterruptedException {
        ControlServer server = control;
        if (server != null) {
            server.awaitAnswers();
        }
    }

    /// How the nodes are, in the order of their ports.
    public List<NodeStatus> status() {
        return loop.ask(this::statuses);
    }

    /// Stops.
    @Override
    public void close() {
        stop();
    }

    /// What a command through the control port does; runs on a thread of the control server.
    private ControlAnswer command(ControlRequest request) {
        return switch (request.command()) {
            case ControlRequest.STATUS -> ControlAnswer.of(status());
            case ControlRequest.STOP -> {
                stop();
                yield ControlAnswer.of(List.of());
            }
            case ControlRequest.KILL, ControlRequest.NODE_STOP, ControlRequest.NODE_START ->
                    loop.ask(() -> nodeCommand(request));
            default -> ControlAnswer.failed("The supervisor knows no command " + request.command());
        };
    }

    private ControlAnswer nodeCommand(ControlRequest request) {
        for (NodeUnit unit : units) {
            if (unit.name().equals(request.node())) {
                switch (request.command()) {
                    case ControlRequest.KILL -> {
                        if (!unit.kill()) {
                            return ControlAnswer.failed("Node " + unit.name() + " doesn't run");
                        }
                    }
                    case ControlRequest.NODE_STOP -> unit.stop();
                    default -> unit.start();
                }
                return ControlAnswer.of(statuses());
            }
        }
        return ControlAnswer.failed("There is no node " + request.node());
    }

    private void beginStop() {
        if (!stopping) {
            stopping = true;
            log.add("stopping");
            units.forEach(NodeUnit::stop);
        }
        endWhenAllEnded();
    }

    private void endWhenAllEnded() {
        if (ended.getCount() == 0 || units.stream().anyMatch(NodeUnit::isRunning)) {
            return;
        }
        try {
            file(null).write(directory.networkFile());
            log.add("stopped");
        } catch (RuntimeException e) {
            // The folder is gone or the disk is full: the processes have ended all the same.
            log.add("stopped, but network.json could not be written: " + e);
        }
        ControlServer server = control;
        if (server != null) {
            server.close();
        }
        ended.countDown();
        loop.end();
    }

    /// A process started or ended: the files that others read follow.
    private void changed() {
        if (stopping) {
            endWhenAllEnded();
            return;
        }
        try {
            writeFiles();
            unwritten = false;
        } catch (RuntimeException e) {
            // The disk is full: nodes are looked after all the same, and the files follow.
            if (!unwritten) {
                log.add("network.json can't be written, it is tried again: " + e);
            }
            if (!retrying) {
                retrying = true;
                loop.after(
                        REWRITE_MILLIS,
                        () -> {
                            retrying = false;
                            changed();
                        });
            }
            unwritten = true;
        }
    }

    private void writeFiles() {
        ProcessHandle self = ProcessHandle.current();
        ProcessMark mark = ProcessMark.of(self);
        ControlServer server = control;
        if (mark == null || server == null) {
            throw new IllegalStateException("The supervisor listens before it starts nodes");
        }
        List<SupervisorFile.Node> nodes = new ArrayList<>();
        for (NodeUnit unit : units) {
            ProcessMark process = unit.mark();
            if (process != null) {
                nodes.add(new SupervisorFile.Node(unit.name(), process));
            }
        }
        new SupervisorFile(SupervisorFile.VERSION, mark, server.port(), token, nodes)
                .write(directory);
        file(self.pid()).write(directory.networkFile());
    }

    private NetworkFile file(@Nullable Long pid) {
        SortedMap<String, Long> pids = new TreeMap<>();
        for (NodeUnit unit : units) {
            Long running = unit.status().pid();
            if (running != null) {
                pids.put(unit.name(), running);
            }
        }
        return NetworkFile.of(directory, settings, registry, pid, pids);
    }

    private List<NodeStatus> statuses() {
        List<NodeStatus> statuses = new ArrayList<>();
        for (String name : settings.names()) {
            for (NodeUnit unit : units) {
                if (unit.name().equals(name)) {
                    statuses.add(unit.status());
                }
            }
        }
        return statuses;
    }
}
