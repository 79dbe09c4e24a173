package icj.replica.loop;

import icj.consensus.Consensus;
import icj.consensus.ConsensusStatus;
import icj.consensus.Effect;
import icj.consensus.Input;
import icj.consensus.Now;
import icj.consensus.pool.PoolChange;
import icj.replica.metrics.Counter;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.types.NodeId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/// The one thread that owns the consensus core.
///
/// R-C13, one turn: take what has arrived, at most 256 inputs, step each, write all that must be
/// remembered in one write, synced if anything in it must be durable, and only then carry out the
/// other effects in order. The queue is bounded: each peer has a share of it and is not read from
/// while the share is used up; all other inputs are answers, whose number the core itself bounds.
public final class ConsensusLoop implements AutoCloseable {
    /// Inputs of one turn (R-C13).
    static final int TURN_INPUTS_MAX = 256;

    /// Inputs of one peer that may wait; then the peer is not read from.
    public static final int PEER_INPUTS_MAX = 1_024;

    private static final long PEER_BYTES_MAX = 16L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(ConsensusLoop.class);

    /// @param from the peer whose share of the queue this takes, null for our own
    private record Pending(Input input, @Nullable Inbox from, int bytes) {}

    /// One peer's share of the queue.
    private static final class Inbox {
        private final NodeId peer;
        private final AtomicInteger inputs = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicBoolean paused = new AtomicBoolean();

        Inbox(NodeId peer) {
            this.peer = peer;
        }

        boolean isFull() {
            return inputs.get() >= PEER_INPUTS_MAX || bytes.get() >= PEER_BYTES_MAX;
        }

        boolean isHalfEmpty() {
            return inputs.get() <= PEER_INPUTS_MAX / 2 && bytes.get() <= PEER_BYTES_MAX / 2;
        }
    }

    private final Consensus core;
    private final JournalStore journal;
    private final EffectRunner runner;
    private final Consumer<NodeId> resume;
    private final Fatal fatal;
    private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Map<NodeId, Inbox> inboxes = new ConcurrentHashMap<>();
    private final Histogram syncs;
    private final Histogram turns;
    private final Counter steps;
    private final Counter persists;
    private final Counter appends;
    private final Thread thread;
    private final AtomicLongArray risenNanos = new AtomicLongArray(Stage.values().length);
    private volatile ConsensusStatus status;
    private volatile boolean running = true;

    /// @param committee how many members the subnet has, this node included
    /// @param resume told when a peer may be read from again
    public ConsensusLoop(
            int committee,
            Consensus core,
            JournalStore journal,
            EffectRunner runner,
            Consumer<NodeId> resume,
            Fatal fatal,
            Metrics metrics,
            Phases phases) {
        this.core = core;
        this.journal = journal;
        this.runner = runner;
        this.resume = resume;
        this.fatal = fatal;
        status = core.status();
        for (Stage stage : Stage.values()) {
            risenNanos.set(stage.ordinal(), System.nanoTime());
        }
        syncs = phases.of(Phases.Phase.SYNC);
        turns = metrics.histogram("ic_consensus_turn_seconds", "Time of one turn of the loop");
        steps = metrics.counter("ic_consensus_inputs_total", "Inputs of the consensus core");
        persists = metrics.counter("ic_journal_writes_total", "Synced writes of the journal");
        appends =
                metrics.counter(
                        "ic_journal_appends_total",
                        "Writes of the journal that became durable with the next synced one");
        metrics.bounded(
                "ic_consensus_queue",
                "Inputs that wait for the core",
                queue::size,
                // Of all peers and as many of our own, which are answers to the core.
                PEER_INPUTS_MAX * (double) committee);
        thread = new Thread(this::run, "consensus");
    }

    /// Starts the thread.
    public void start() {
        thread.start();
    }

    /// Where the core stood after its last turn.
    public ConsensusStatus status() {
        return status;
    }

    /// Hands the core an input of our own.
    public void tell(Input input) {
        queue.add(new Pending(input, null, 0));
    }

    /// Hands the core what a peer sent.
    ///
    /// @param bytes its size on the wire
    /// @return false when the peer's share of the queue is now used up: read nothing more of it
    ///   until told to
    public boolean tell(NodeId from, Input input, int bytes) {
        Inbox inbox = inboxes.computeIfAbsent(from, Inbox::new);
        inbox.inputs.incrementAndGet();
        inbox.bytes.addAndGet(bytes);
        queue.add(new Pending(input, inbox, bytes));
        if (inbox.isFull()) {
            inbox.paused.set(true);
            // The loop may have emptied the share between the two lines above.
            return inbox.isHalfEmpty() && inbox.paused.compareAndSet(true, false);
        }
        return true;
    }

    private void run() {
        try {
            while (running) {
                turn();
            }
        } catch (Throwable e) {
            fatal.end("The consensus loop failed", e);
        }
    }

    private void turn() throws InterruptedException {
        List<Pending> inputs = new ArrayList<>();
        List<Input> answers = runner.takeAnswers();
        if (answers.isEmpty()) {
            long wait = core.nextWakeUpNanos() - System.nanoTime();
            Pending first = wait <= 0 ? queue.poll() : queue.poll(wait, TimeUnit.NANOSECONDS);
            if (first != null) {
                inputs.add(first);
            }
        }
        queue.drainTo(inputs, TURN_INPUTS_MAX - inputs.size() - answers.size());
        long began = System.nanoTime();
        List<Effect> effects = new ArrayList<>();
        for (Pending pending : inputs) {
            release(pending);
            core.step(pending.input(), now(), effects);
        }
        // Answers come last: what the questions changed, as the level of demand, is in the queue.
        for (Input answer : answers) {
            core.step(answer, now(), effects);
        }
        if (inputs.isEmpty() && answers.isEmpty()) {
            core.step(new Input.WokenUp(), now(), effects);
        }
        steps.add(Math.max(1, inputs.size() + answers.size()));
        persist(effects);
        for (Effect effect : effects) {
            runner.run(effect);
        }
        runner.flush();
        publish(core.status());
        turns.observeSince(began);
    }

    private void publish(ConsensusStatus next) {
        ConsensusStatus before = status;
        for (Stage stage : Stage.values()) {
            if (stage.in(next).isAbove(stage.in(before))) {
                risenNanos.set(stage.ordinal(), System.nanoTime());
            }
        }
        status = next;
    }

    /// How many seconds ago the highest height of `stage` last rose; since the start of the node
    /// when it never did.
    public double secondsSince(Stage stage) {
        return (System.nanoTime() - risenNanos.get(stage.ordinal())) / 1e9;
    }

    private void persist(List<Effect> effects) {
        List<PoolChange> changes = new ArrayList<>();
        boolean synced = false;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                changes.addAll(persist.changes());
                synced |= persist.synced();
            }
        }
        if (synced) {
            long began = System.nanoTime();
            journal.write(changes, true);
            syncs.observeSince(began);
            persists.increment();
        } else if (!changes.isEmpty()) {
            journal.write(changes, false);
            appends.increment();
        }
    }

    private void release(Pending pending) {
        Inbox inbox = pending.from();
        if (inbox == null) {
            return;
        }
        inbox.inputs.decrementAndGet();
        inbox.bytes.addAndGet(-pending.bytes());
        if (inbox.paused.get() && inbox.isHalfEmpty() && inbox.paused.compareAndSet(true, false)) {
            resume.accept(inbox.peer);
        }
    }

    private static Now now() {
        return new Now(WallClock.nanos(), System.nanoTime());
    }

    /// Ends the thread after its turn.
    @Override
    public void close() {
        running = false;
        tell(new Input.WokenUp());
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The consensus loop did not end within five seconds");
        }
    }
}
