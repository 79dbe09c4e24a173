package icj.execution.canister;

import icj.candid.Principal;
import icj.execution.wasm.WasmState;
import icj.state.model.CallContext;
import icj.state.model.CallOrigin;
import icj.state.model.CallTable;
import icj.state.model.Callback;
import icj.state.model.CanisterHistory;
import icj.state.model.CanisterLog;
import icj.state.model.CanisterMemory;
import icj.state.model.CanisterMessage;
import icj.state.model.CanisterSettings;
import icj.state.model.CanisterState;
import icj.state.model.ChunkStore;
import icj.state.model.Lifecycle;
import icj.state.model.MemoryKind;
import icj.state.model.MessageQueues;
import icj.state.model.ModuleCode;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// One canister while a round changes it. Messages read it while they run and change it only after
/// they ended well, so that nothing has to be undone. Used by one thread.
public final class CanisterDraft {
    private final CanisterId id;
    private final @Nullable CanisterState before;
    private final Backlog backlog;

    private CanisterSettings settings;
    private Lifecycle lifecycle;
    private @Nullable ModuleCode module;
    private CanisterMemory memory;
    private CanisterHistory history;
    private CanisterLog log;
    private ChunkStore chunks;
    private Cycles balance;
    private Cycles reserved;
    private Cycles consumed;
    private long version;
    private Blob certifiedData;
    private long globalTimer;
    private final long createdAt;
    private long installedAt;
    private long chargedUntil;
    private boolean lowMemoryArmed;

    private boolean callsTouched;
    private long nextContext;
    private long nextCallback;
    private final TreeMap<Long, CallContext> contexts = new TreeMap<>();
    private final TreeMap<Long, Callback> callbacks = new TreeMap<>();
    private final TreeMap<CanisterId, Integer> outstanding = new TreeMap<>();

    private boolean queuesTouched;
    private final Deque<MessageQueues.Queued> ingressQueue;
    private final Deque<MessageQueues.Queued> canisterQueue;
    private long ingressBytes;
    private boolean timerDue;
    private boolean lowMemoryDue;
    private boolean ingressTurn;

    /// The draft of a canister that is only looked at.
    public CanisterDraft(CanisterState state) {
        this(state, Backlog.ofQuery());
    }

    /// The draft of a canister that exists.
    ///
    /// @param backlog of the subnet, which counts the canister's messages already
    public CanisterDraft(CanisterState state, Backlog backlog) {
        this.before = state;
        this.backlog = backlog;
        this.id = state.id();
        this.settings = state.settings();
        this.lifecycle = state.lifecycle();
        this.module = state.module();
        this.memory = state.memory();
        this.history = state.history();
        this.log = state.log();
        this.chunks = state.chunks();
        CanisterState.Vitals vitals = state.vitals();
        this.balance = vitals.balance();
        this.reserved = vitals.reserved();
        this.consumed = vitals.consumed();
        this.version = vitals.version();
        this.certifiedData = vitals.certifiedData();
        this.globalTimer = vitals.globalTimer();
        this.createdAt = vitals.createdAt();
        this.installedAt = vitals.installedAt();
        this.chargedUntil = vitals.chargedUntil();
        this.lowMemoryArmed = vitals.lowMemoryArmed();
        this.nextContext = state.calls().nextContext();
        this.nextCallback = state.calls().nextCallback();
        for (CallContext context : state.calls().contexts()) {
            contexts.put(context.id(), context);
        }
        for (Callback callback : state.calls().callbacks()) {
            callbacks.put(callback.id(), callback);
            outstanding.merge(callback.callee(), 1, Integer::sum);
        }
        this.ingressQueue = new ArrayDeque<>(state.queues().ingress());
        this.canisterQueue = new ArrayDeque<>(state.queues().canister());
        this.ingressBytes = state.queues().ingressBytes();
        this.timerDue = state.queues().timerDue();
        this.lowMemoryDue = state.queues().lowMemoryDue();
        this.ingressTurn = state.queues().ingressTurn();
    }

    /// The draft of a new, empty canister.
    ///
    /// @param firstCallback above all numbers that calls of an earlier canister of this id had: a
    ///   late answer to one of those finds none of the new one's calls
    public CanisterDraft(
            CanisterId id,
            CanisterSettings settings,
            Cycles balance,
            long now,
            long firstCallback,
            Backlog backlog) {
        this.before = null;
        this.backlog = backlog;
        this.id = id;
        this.settings = settings;
        this.lifecycle = new Lifecycle.Running();
        this.memory = CanisterMemory.empty(MemoryKind.HEAP);
        this.history = CanisterHistory.EMPTY;
        this.log = CanisterLog.EMPTY;
        this.chunks = ChunkStore.EMPTY;
        this.balance = balance;
        this.reserved = Cycles.ZERO;
        this.consumed = Cycles.ZERO;
        this.certifiedData = Blob.EMPTY;
        this.createdAt = now;
        this.chargedUntil = now;
        this.lowMemoryArmed = true;
        this.nextContext = CallTable.EMPTY.nextContext();
        this.nextCallback = firstCallback;
        this.ingressQueue = new ArrayDeque<>();
        this.canisterQueue = new ArrayDeque<>();
        this.callsTouched = true;
        this.queuesTouched = true;
    }

    /// The canister as it is by now.
    public CanisterState freeze() {
        CallTable calls =
                before != null && !callsTouched
                        ? before.calls()
                        : new CallTable(
                                nextContext,
                                nextCallback,
                                new ArrayList<>(contexts.values()),
                                new ArrayList<>(callbacks.values()));
        MessageQueues queues =
                before != null && !queuesTouched
                        ? before.queues()
                        : isIdle() && !ingressTurn
                                ? MessageQueues.EMPTY
                                : new MessageQueues(
                                        new ArrayList<>(ingressQueue),
                                        new ArrayList<>(canisterQueue),
                                        timerDue,
                                        lowMemoryDue,
                                        ingressTurn);
        return new CanisterState(
                id,
                settings,
                lifecycle,
                module,
                memory,
                calls,
                queues,
                history,
                log,
                chunks,
                new CanisterState.Vitals(
                        balance,
                        reserved,
                        consumed,
                        version,
                        certifiedData,
                        globalTimer,
                        createdAt,
                        installedAt,
                        chargedUntil,
                        lowMemoryArmed));
    }

    /// The canister's id.
    public CanisterId id() {
        return id;
    }

    /// The messages that wait on the subnet, this canister's among them.
    public Backlog backlog() {
        return backlog;
    }

    /// What controllers set.
    public CanisterSettings settings() {
        return settings;
    }

    /// Sets all settings.
    public void settings(CanisterSettings next) {
        settings = next;
    }

    /// Whether `someone` controls the canister.
    public boolean isController(Principal someone) {
        return settings.isController(someone);
    }

    /// Running, stopping or stopped.
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /// Sets whether it takes calls.
    public void lifecycle(Lifecycle next) {
        lifecycle = next;
    }

    /// Its code, or null.
    public @Nullable ModuleCode module() {
        return module;
    }

    /// What it computes with.
    public CanisterMemory memory() {
        return memory;
    }

    /// Sets all memory.
    public void memory(CanisterMemory next) {
        memory = next;
    }

    /// Sets the code and when it came; null removes it.
    public void module(@Nullable ModuleCode next, long now) {
        module = next;
        installedAt = now;
    }

    /// What Wasm keeps between messages.
    public WasmState wasm() {
        return new WasmState(memory.heap(), memory.heapPages(), memory.globals());
    }

    /// Sets what Wasm keeps between messages.
    public void wasm(WasmState next) {
        memory =
                new CanisterMemory(
                        next.heap(),
                        next.heapPages(),
                        memory.stable(),
                        memory.stablePages(),
                        next.globals());
    }

    /// Its last changes.
    public CanisterHistory history() {
        return history;
    }

    /// Adds to its last changes.
    public void record(CanisterHistory.Change change) {
        history = history.with(change);
    }

    /// Its last lines.
    public CanisterLog log() {
        return log;
    }

    /// Replaces its last lines.
    public void log(CanisterLog next) {
        log = next;
    }

    /// Parts of modules uploaded in pieces.
    public ChunkStore chunks() {
        return chunks;
    }

    /// Replaces the chunks.
    public void chunks(ChunkStore next) {
        chunks = next;
    }

    /// Cycles to spend.
    public Cycles balance() {
        return balance;
    }

    /// Sets the cycles to spend.
    public void balance(Cycles next) {
        balance = next;
    }

    /// Adds cycles.
    public void credit(Cycles amount) {
        balance = balance.plus(amount);
    }

    /// Takes cycles that are used up; at most what is there.
    public void consume(Cycles amount) {
        Cycles taken = amount.min(balance);
        balance = balance.minus(taken);
        consumed = consumed.plus(taken);
    }

    /// Counts cycles as used up that left the balance earlier.
    public void consumed(Cycles amount) {
        consumed = consumed.plus(amount);
    }

    /// Cycles used up ever.
    public Cycles consumed() {
        return consumed;
    }

    /// Cycles set aside for storage.
    public Cycles reserved() {
        return reserved;
    }

    /// Sets the cycles set aside for storage.
    public void reserved(Cycles next) {
        reserved = next;
    }

    /// Rises with each change that others can see.
    public long version() {
        return version;
    }

    /// Raises the version by one.
    public void raiseVersion() {
        version++;
    }

    /// At most 32 bytes.
    public Blob certifiedData() {
        return certifiedData;
    }

    /// Sets the certified data.
    public void certifiedData(Blob next) {
        certifiedData = next;
    }

    /// When the global timer goes off, nanoseconds since 1970, unsigned; 0 when it isn't set.
    public long globalTimer() {
        return globalTimer;
    }

    /// Sets the global timer.
    public void globalTimer(long next) {
        globalTimer = next;
    }

    /// When it was made.
    public long createdAt() {
        return createdAt;
    }

    /// Storage is paid up to this time.
    public long chargedUntil() {
        return chargedUntil;
    }

    /// Sets up to when storage is paid.
    public void chargedUntil(long next) {
        chargedUntil = next;
    }

    /// Bytes that the canister takes.
    public long memoryUsage() {
        ModuleCode code = module;
        return memory.heapBytes()
                + memory.stableBytes()
                + 8L * memory.globals().size()
                + (code == null ? 0 : code.size())
                + history.bytes()
                + chunks.bytes();
    }

    // Calls.

    /// Opens a context for a call that arrives.
    public CallContext open(CallOrigin origin, Cycles cycles, long now) {
        callsTouched = true;
        CallContext context = CallContext.opened(nextContext++, origin, cycles, now);
        contexts.put(context.id(), context);
        return context;
    }

    /// The context of this number, or null.
    public @Nullable CallContext context(long number) {
        return contexts.get(number);
    }

    /// Replaces a context.
    public void context(CallContext next) {
        callsTouched = true;
        contexts.put(next.id(), next);
    }

    /// Closes a context.
    public void close(CallContext context) {
        callsTouched = true;
        contexts.remove(context.id());
    }

    /// All open contexts, oldest first.
    public Collection<CallContext> contexts() {
        return contexts.values();
    }

    /// Makes the callback of a call that leaves; the builder gets its number.
    public Callback expect(LongFunction<Callback> maker) {
        callsTouched = true;
        Callback callback = maker.apply(nextCallback++);
        callbacks.put(callback.id(), callback);
        outstanding.merge(callback.callee(), 1, Integer::sum);
        backlog.addCall(CallTable.CALLBACK_BYTES);
        return callback;
    }

    /// Takes the callback of this number away, or null when it is gone.
    public @Nullable Callback take(long number) {
        Callback callback = callbacks.remove(number);
        if (callback != null) {
            callsTouched = true;
            backlog.addCall(-CallTable.CALLBACK_BYTES);
            int left = outstanding.merge(callback.callee(), -1, Integer::sum);
            if (left == 0) {
                outstanding.remove(callback.callee());
            }
        }
        return callback;
    }

    /// Marks the callback as answered by its deadline.
    public void expire(Callback callback) {
        Invariant.check(callbacks.containsKey(callback.id()), "A callback that waits expires");
        callsTouched = true;
        callbacks.put(callback.id(), callback.asExpired());
    }

    /// All callbacks that wait, oldest first.
    public Collection<Callback> callbacks() {
        return callbacks.values();
    }

    /// How many calls to `callee` have no response yet.
    public int outstanding(CanisterId callee) {
        return outstanding.getOrDefault(callee, 0);
    }

    // Queues.

    /// Adds a message that arrives.
    public void enqueue(CanisterMessage message) {
        queuesTouched = true;
        backlog.add(message);
        MessageQueues.Queued queued = new MessageQueues.Queued(message);
        if (message instanceof CanisterMessage.Ingress) {
            ingressQueue.add(queued);
            ingressBytes += message.bytes();
        } else {
            canisterQueue.add(queued);
        }
    }

    /// The number of users' calls that wait.
    public int ingressWaiting() {
        return ingressQueue.size();
    }

    /// Whether so many bytes of a user's call find room in this canister's queue.
    public boolean hasRoomForUser(long bytes) {
        return ingressBytes + bytes <= Backlog.USERS_BYTES_PER_CANISTER;
    }

    /// Takes what the canister counts for out of [#backlog]: it is about to be removed.
    public void leaveBacklog() {
        ingressQueue.forEach(queued -> backlog.remove(queued.message()));
        canisterQueue.forEach(queued -> backlog.remove(queued.message()));
        backlog.addCall(-CallTable.CALLBACK_BYTES * callbacks.size());
    }

    /// Takes the next message, users' calls and canisters' messages in turns, or null.
    public @Nullable CanisterMessage next() {
        queuesTouched = true;
        boolean fromUser = !ingressQueue.isEmpty() && (ingressTurn || canisterQueue.isEmpty());
        MessageQueues.Queued queued = fromUser ? ingressQueue.poll() : canisterQueue.poll();
        ingressTurn = !fromUser && !ingressQueue.isEmpty();
        if (queued == null) {
            return null;
        }
        CanisterMessage message = queued.message();
        backlog.remove(message);
        if (fromUser) {
            ingressBytes -= message.bytes();
        }
        return message;
    }

    /// Whether the global timer has gone off and its task waits.
    public boolean timerDue() {
        return timerDue;
    }

    /// Sets whether the timer's task waits.
    public void timerDue(boolean due) {
        queuesTouched = true;
        timerDue = due;
    }

    /// Whether the low-memory hook waits.
    public boolean lowMemoryDue() {
        return lowMemoryDue;
    }

    /// Sets whether the low-memory hook waits.
    public void lowMemoryDue(boolean due) {
        queuesTouched = true;
        lowMemoryDue = due;
    }

    /// Whether the low-memory hook may run when memory runs low.
    public boolean lowMemoryArmed() {
        return lowMemoryArmed;
    }

    /// Sets whether the low-memory hook may run.
    public void lowMemoryArmed(boolean armed) {
        lowMemoryArmed = armed;
    }

    /// Whether there is nothing to run.
    public boolean isIdle() {
        return ingressQueue.isEmpty() && canisterQueue.isEmpty() && !timerDue && !lowMemoryDue;
    }

    /// Whether messages wait, the system's tasks apart.
    public boolean hasMessages() {
        return !ingressQueue.isEmpty() || !canisterQueue.isEmpty();
    }

    /// Whether it was in the state before the round.
    public boolean existedBefore() {
        return before != null;
    }
}
