package icj.replica;

import icj.candid.Principal;
import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.MessageCall;
import icj.execution.wasm.MessageResult;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.execution.wasm.engine.RuntimeSettings.Engine;
import icj.replica.record.BatchEntry;
import icj.replica.record.RecordFile;
import icj.replica.record.Replay;
import icj.types.Blob;
import icj.types.NodeId;
import icj.types.SubnetId;
import icj.types.registry.Genesis;
import icj.types.registry.Registry;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// Replays the batches that a node recorded and compares every root: `HEIGHT ROOT` and what differs
/// for each that does, then `REPLAYED n heights, roots agree` or how many differ. Ends with 0 when
/// all agree, else 1; with 6 when the record isn't readable or of another network.
@Command(
        name = "replay",
        description = "Executes recorded batches from genesis on and compares the roots.")
public final class ReplayMain implements Callable<Integer> {
    private static final int SHOWN_MAX = 20;

    @Option(names = "--genesis", required = true, paramLabel = "FILE")
    @SuppressWarnings("NullAway.Init") // Picocli sets it.
    private Path genesis;

    @Option(names = "--record", required = true, paramLabel = "FILE")
    @SuppressWarnings("NullAway.Init") // Picocli sets it.
    private Path recording;

    @Option(
            names = "--subnet",
            paramLabel = "ID",
            description = "The subnet that the record must be of.")
    private @Nullable String subnet;

    @Option(
            names = "--node",
            paramLabel = "ID",
            description = "A node of the subnet that the record must be of.")
    private @Nullable String node;

    @Option(names = "--evict", description = "Every message gets a new instance.")
    private boolean evict;

    @Option(names = "--interpreter", description = "Canisters are interpreted, not compiled.")
    private boolean interpreter;

    @Option(
            names = "--class-cache",
            paramLabel = "DIRECTORY",
            description =
                    "Compiled canisters are taken from here and kept here; without it they are"
                            + " compiled anew.")
    private @Nullable Path classCache;

    @Option(names = "--heights", paramLabel = "N", description = "Replay so many heights at most.")
    private int heightsMax = Integer.MAX_VALUE;

    /// Replays and ends the process.
    public static void main(String[] arguments) throws InterruptedException {
        AtomicInteger code = new AtomicInteger(ExitCode.FAILURE.code());
        // Canisters recurse: the same stack as a node's execution thread has (R-E5).
        Thread execution =
                new Thread(
                        null,
                        () -> code.set(new CommandLine(new ReplayMain()).execute(arguments)),
                        "execution",
                        WasmRuntime.STACK_BYTES_MIN);
        execution.start();
        execution.join();
        System.out.flush();
        // Threads of libraries may still run.
        Runtime.getRuntime().halt(code.get());
    }

    @Override
    public Integer call() throws IOException {
        try {
            Blob bytes = Blob.owning(Files.readAllBytes(genesis));
            Registry registry = Genesis.decode(bytes);
            try (RecordFile file = RecordFile.open(recording, Genesis.networkId(bytes));
                    WasmRuntime runtime = runtime()) {
                checkSubnet(registry, file.subnet());
                return replay(file, new Replay(registry, file.subnet(), runtime));
            }
        } catch (MalformedException e) {
            System.err.println(e.getMessage());
            return ExitCode.DAMAGED.code();
        }
    }

    private void checkSubnet(Registry registry, SubnetId found) throws MalformedException {
        if (registry.subnets().get(found) == null) {
            throw new MalformedException("Subnet " + found + " is not in " + genesis);
        }
        SubnetId wanted =
                subnet != null
                        ? new SubnetId(Principal.fromText(subnet))
                        : node != null
                                ? registry.subnetOf(new NodeId(Principal.fromText(node))).id()
                                : found;
        if (!wanted.equals(found)) {
            throw new MalformedException(
                    recording + " is of subnet " + found + ", not of " + wanted);
        }
    }

    private int replay(RecordFile file, Replay replay) throws IOException, MalformedException {
        long differences = 0;
        BatchEntry entry = file.next();
        while (entry != null && replay.heights() < heightsMax) {
            for (String difference : replay.take(entry)) {
                differences++;
                if (differences <= SHOWN_MAX) {
                    System.out.println(difference);
                }
            }
            entry = file.next();
        }
        System.out.println(replay.summary());
        System.out.println(
                "REPLAYED "
                        + replay.heights()
                        + " heights, "
                        + (differences == 0 ? "roots agree" : differences + " roots differ"));
        return differences == 0 ? ExitCode.OK.code() : ExitCode.FAILURE.code();
    }

    private WasmRuntime runtime() throws IOException {
        Engine engine = interpreter ? Engine.INTERPRETED : Engine.COMPILED;
        RuntimeSettings settings =
                classCache == null || interpreter
                        ? RuntimeSettings.inProcess(engine)
                        : RuntimeSettings.forNode(classCache, classCache);
        ChicoryRuntime runtime = new ChicoryRuntime(settings);
        return evict ? new Evicting(runtime) : runtime;
    }

    /// No instance outlives a message (R-E1).
    private record Evicting(ChicoryRuntime runtime) implements WasmRuntime {
        @Override
        public CanisterModule load(Blob wasm) throws InvalidModuleException {
            return runtime.load(wasm);
        }

        @Override
        public MessageResult run(MessageCall call) {
            runtime.evictInstances();
            return runtime.run(call);
        }

        @Override
        public List<Kept> kept() {
            return runtime.kept();
        }

        @Override
        public void close() {
            runtime.close();
        }
    }
}
