package icj.replica;

import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.replica.loop.Fatal;
import icj.types.registry.Registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The process of one node. Ends on SIGTERM, or when its standard input closes, so that nodes never
/// outlive their supervisor; `--alone` leaves the input out, for a node that another program looks
/// after, such as systemd. Exit codes: [ExitCode].
///
/// Reads its options by hand: a library for command lines costs a node a tenth of its start.
public final class ReplicaMain {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaMain.class);
    private static final String USAGE =
            "Usage: replica --config FILE [--alone] (FILE is the node's node.json; --alone: don't"
                    + " end when the standard input closes)";
    private static final String ALONE = "--alone";

    private final Path config;
    private final boolean alone;

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private ReplicaMain(Path config, boolean alone) {
        this.config = config;
        this.alone = alone;
    }

    /// Runs the node until it ends.
    public static void main(String[] arguments) {
        int code = run(List.of(arguments));
        // Threads of libraries may still run.
        Runtime.getRuntime().halt(code);
    }

    private static int run(List<String> arguments) {
        boolean alone = arguments.size() == 3 && arguments.getLast().equals(ALONE);
        if (arguments.size() != (alone ? 3 : 2) || !arguments.getFirst().equals("--config")) {
            say(USAGE);
            return ExitCode.USAGE.code();
        }
        return new ReplicaMain(Path.of(arguments.get(1)), alone).live();
    }

    private int live() {
        try {
            run(NodeConfig.read(config));
            return ExitCode.OK.code();
        } catch (NodeFailure e) {
            String sentence = String.valueOf(e.getMessage());
            return e.exitCode() == ExitCode.FAILURE
                    ? failed(sentence, e)
                    : failed(e.exitCode(), sentence);
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOG.error("The node failed", e);
            return failed(e.toString(), e);
        }
    }

    private int failed(String sentence, Throwable cause) {
        String noRoom = DiskSpace.spent(sentence, cause, folder());
        return noRoom == null
                ? failed(ExitCode.FAILURE, sentence)
                : failed(ExitCode.DISK_FULL, noRoom);
    }

    /// Where the node's data lie: beside its configuration.
    private Path folder() {
        Path parent = config.toAbsolutePath().getParent();
        return parent == null ? config : parent;
    }

    private int failed(ExitCode code, String sentence) {
        LOG.error("{} (exit code {})", sentence, code.code());
        NodeLog.close();
        say(sentence);
        return code.code();
    }

    private void run(NodeConfig node) throws NodeFailure, IOException, InterruptedException {
        Files.createDirectories(node.log());
        Files.createDirectories(node.nativeCache());
        Files.createDirectories(node.classCache());
        NodeLog.open(node.log(), node.name());
        if (System.getProperty("icj.native.dir") == null) {
            System.setProperty("icj.native.dir", node.nativeCache().toString());
        }
        Registry registry = GenesisCheck.registry(node);
        WasmRuntime runtime =
                new ChicoryRuntime(
                        RuntimeSettings.forNode(
                                node.classCache(), node.state().resolveSibling("spill")));
        Replica replica = Replica.start(node, registry, runtime, new End());
        Thread hook = new Thread(this::endBySignal, "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        if (!alone) {
            Thread watcher = new Thread(this::watchInput, "stdin");
            watcher.setDaemon(true);
            watcher.start();
        }
        HeapKeeper heap = HeapKeeper.ofThisProcess();
        while (!ending.await(HeapKeeper.LOOK_SECONDS, TimeUnit.SECONDS)) {
            heap.look(System.nanoTime());
        }
        LOG.info("The node ends");
        replica.close();
        NodeLog.close();
        closed.countDown();
    }

    private void endBySignal() {
        ending.countDown();
        try {
            if (!closed.await(15, TimeUnit.SECONDS)) {
                say("The node did not end within 15 seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The supervisor holds the other end of the pipe.
    private void watchInput() {
        try {
            byte[] buffer = new byte[256];
            while (System.in.read(buffer) >= 0) {
                // What comes is of no interest, only that the pipe is open.
            }
        } catch (IOException e) {
            LOG.debug("The standard input failed", e);
        }
        ending.countDown();
    }

    /// Ends this process at once.
    private final class End implements Fatal {
        @Override
        public void end(String sentence, Throwable cause) {
            LOG.error("{}: the process ends", sentence, cause);
            String noRoom = DiskSpace.spent(sentence, cause, folder());
            if (noRoom == null) {
                exit(ExitCode.FAILURE, sentence + ": " + cause);
            } else {
                LOG.error("{}", noRoom);
                exit(ExitCode.DISK_FULL, noRoom);
            }
        }

        @Override
        public void halt(String sentence) {
            LOG.error("{} (exit code {})", sentence, ExitCode.DAMAGED.code());
            exit(ExitCode.DAMAGED, sentence);
        }

        private void exit(ExitCode code, String lastWords) {
            NodeLog.close();
            say(lastWords);
            Runtime.getRuntime().halt(code.code());
        }
    }

    /// On the standard error: the supervisor keeps it.
    private static void say(String sentence) {
        System.err.println(sentence);
    }
}
