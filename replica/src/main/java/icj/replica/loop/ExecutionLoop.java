package icj.replica.loop;

import icj.consensus.Input;
import icj.consensus.Limits;
import icj.execution.BatchExecutor;
import icj.execution.CertifiedTree;
import icj.execution.ExecutedBatch;
import icj.execution.wasm.WasmRuntime;
import icj.replica.metrics.Counter;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.replica.record.BatchRecorder;
import icj.state.model.PageWork;
import icj.state.model.ReplicatedState;
import icj.state.tree.LabelTree;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;
import icj.types.message.Batch;
import icj.types.message.NextWork;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// The one thread that executes batches. Batches come in order without gaps; how many wait is
/// bounded by the core (`batchesInFlightMax`). For each it makes the next state and its certified
/// tree, puts both on the board, hands the state to the store's background writer and tells
/// consensus. The stack is large since canisters may recurse deeply (R-E5).
public final class ExecutionLoop implements AutoCloseable {
    private static final List<Blob> HEIGHT_PATH =
            List.of(CertifiedTree.METADATA, CertifiedTree.HEIGHT);
    private static final Logger LOG = LoggerFactory.getLogger(ExecutionLoop.class);

    private final BatchExecutor executor;
    private final CertifiedTree trees;
    private final SnapshotBoard board;
    private final Consumer<ReplicatedState> store;
    private final Consumer<Input> consensus;
    private final @Nullable BatchRecorder recorder;
    private final RoundTimes times;
    private final Fatal fatal;
    private final LinkedBlockingQueue<Optional<Batch>> queue = new LinkedBlockingQueue<>();
    private final Histogram executions;
    private final Histogram hashes;
    private final Counter batches;
    private final Counter inducted;
    private final Counter messages;
    private final Counter trapped;
    private final Counter instructions;
    private final Counter dirtyPages;
    private final Counter pagesChanged;
    private final Counter pagesHashed;
    private final Thread thread;
    private ReplicatedState state;

    /// @param restored the state to go on from
    /// @param store takes each state, to write it when it sees fit; may wait when it is far behind
    /// @param consensus takes the results
    /// @param recorder writes all batches down, or null
    public ExecutionLoop(
            BatchExecutor executor,
            CertifiedTree trees,
            ReplicatedState restored,
            SnapshotBoard board,
            Consumer<ReplicatedState> store,
            Consumer<Input> consensus,
            @Nullable BatchRecorder recorder,
            RoundTimes times,
            Fatal fatal,
            Metrics metrics) {
        this.executor = executor;
        this.trees = trees;
        this.board = board;
        this.store = store;
        this.consensus = consensus;
        this.recorder = recorder;
        this.times = times;
        this.fatal = fatal;
        state = restored;
        executions = metrics.histogram("ic_execution_seconds", "Time of running a batch");
        hashes = metrics.histogram("ic_state_hash_seconds", "Time of hashing a state");
        batches = metrics.counter("ic_execution_batches_total", "Executed batches");
        inducted = metrics.counter("ic_execution_updates_total", "Update calls taken");
        messages = metrics.counter("ic_execution_messages_total", "Executions of canister code");
        trapped = metrics.counter("ic_execution_traps_total", "Executions that trapped");
        instructions = metrics.counter("ic_execution_instructions_total", "Instructions used");
        dirtyPages = metrics.counter("ic_execution_dirty_pages_total", "Pages written");
        pagesChanged =
                metrics.counter(
                        "ic_state_pages_changed_total", "Distinct pages changed, height by height");
        pagesHashed = metrics.counter("ic_state_pages_hashed_total", "Pages hashed");
        metrics.bounded(
                "ic_execution_queue",
                "Batches that wait for execution",
                queue::size,
                Limits.STANDARD.batchesInFlightMax());
        metrics.bounded(
                "ic_execution_snapshots",
                "Executed states that are kept",
                board::size,
                Limits.STANDARD.openHeightsMax());
        thread = new Thread(null, this::run, "execution", WasmRuntime.STACK_BYTES_MIN);
    }

    /// Tells consensus where the state stands and starts the thread.
    ///
    /// @param needsTape whether the restored state waits for randomness
    public void start() {
        var _ = publish(state, state, new NextWork.Now(), state.needsTape());
        thread.start();
    }

    /// Executes `batch` after those delivered before.
    public void deliver(Batch batch) {
        queue.add(Optional.of(batch));
    }

    private void run() {
        try {
            while (true) {
                Optional<Batch> next = queue.take();
                if (next.isEmpty()) {
                    return;
                }
                execute(next.get());
            }
        } catch (Throwable e) {
            fatal.end("The execution loop failed", e);
        }
    }

    private void execute(Batch batch) {
        Invariant.check(
                batch.height().equals(state.height().next()),
                "Batches come without gaps, this is %s",
                batch.height());
        long began = System.nanoTime();
        times.executing(batch.height());
        ExecutedBatch executed = executor.execute(state, batch);
        times.executed(batch.height());
        executions.observeSince(began);
        ReplicatedState before = state;
        state = executed.after();
        count(executed.stats());
        Digest root = publish(before, state, executed.next(), executed.needsTape());
        CanisterLines.log(executed.printed());
        if (recorder != null) {
            recorder.executed(before, batch, state, root);
        }
        store.accept(state);
    }

    private Digest publish(
            ReplicatedState before, ReplicatedState after, NextWork next, boolean needsTape) {
        long began = System.nanoTime();
        LabelTree tree = trees.of(after);
        Digest root = tree.digest();
        Blob witness = tree.witness(List.of(HEIGHT_PATH)).encode();
        hashes.observeSince(began);
        PageWork work = PageWork.between(before, after);
        pagesChanged.add(work.changed());
        pagesHashed.add(work.hashed());
        board.put(new SnapshotBoard.Executed(after, tree));
        times.hashed(after.height());
        consensus.accept(new Input.BatchExecuted(after.height(), root, witness, next, needsTape));
        return root;
    }

    private void count(ExecutedBatch.Stats stats) {
        batches.increment();
        inducted.add(stats.inducted());
        messages.add(stats.messages());
        trapped.add(stats.trapped());
        instructions.add(stats.instructions());
        dirtyPages.add(stats.dirtyPages());
    }

    /// Ends the thread after the batches that were delivered.
    @Override
    public void close() {
        queue.add(Optional.empty());
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The execution loop did not end within ten seconds");
        }
    }
}
