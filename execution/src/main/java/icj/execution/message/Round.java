package icj.execution.message;

import icj.execution.canister.Accounting;
import icj.execution.canister.Backlog;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.SubnetSettings;
import icj.state.model.Answer;
import icj.state.model.CallOrigin;
import icj.state.model.CanisterMessage;
import icj.state.model.CanisterSettings;
import icj.state.model.CanisterState;
import icj.state.model.IngressEntry;
import icj.state.model.Lifecycle;
import icj.state.model.ReplicatedState;
import icj.state.model.SystemState;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Cycles;
import icj.types.Height;
import icj.types.RequestId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The state of a subnet while one batch is executed: drafts of the canisters that are touched, and
/// the ways that messages and answers take between them. Used by one thread.
public final class Round {
    /// How long a finished call is remembered.
    public static final long REMEMBERED_NANOS = 300_000_000_000L;

    /// Lines of one round that go to the node's log: a canister that prints without end fills no
    /// memory.
    private static final int PRINTED_MAX = 1_000;

    /// What is left of a reject's text when the subnet has no room for all of it, in characters.
    private static final int SHORT_REJECT_TEXT = 200;

    /// A canister's callbacks are numbered from its first height times this: in no round does it
    /// make so many calls.
    private static final int CALLBACK_BITS = 32;

    private final ReplicatedState before;
    private final SubnetSettings settings;
    private final Height height;
    private final ConsensusTime time;
    private final ReplicatedState.Edit edit;
    private final TreeMap<CanisterId, CanisterDraft> drafts = new TreeMap<>();
    private final TreeSet<CanisterId> ready = new TreeSet<>();
    private final Map<RequestId, IngressEntry> calls = new LinkedHashMap<>();
    private final Deque<CanisterMessage> management = new ArrayDeque<>();
    private long managementBytes;
    private final Backlog backlog;
    private final List<SystemState.RandomnessRequest> randomness;
    private final List<PrintedLine> printed = new ArrayList<>();
    private long nextCanister;
    private long bytesLeft;
    private long updates;
    private Cycles consumed;
    private long instructions;
    private long dirtyPages;
    private int messages;
    private int trapped;
    private int managementCalls;

    /// @param before the state that the batch is executed on
    /// @param settings of the subnet
    /// @param height of the batch
    /// @param time of the batch
    public Round(
            ReplicatedState before, SubnetSettings settings, Height height, ConsensusTime time) {
        this.before = before;
        this.settings = settings;
        this.height = height;
        this.time = time;
        this.edit = before.edit();
        SystemState system = before.system();
        this.backlog = new Backlog(before.agenda().userBytes(), before.agenda().callBytes());
        for (SystemState.ManagementCall call : system.calls()) {
            manage(call.message());
        }
        this.randomness = new ArrayList<>(system.randomness());
        this.nextCanister = system.nextCanister();
        this.bytesLeft = settings.limits().subnetBytesMax() - before.agenda().memoryUsage();
        this.updates = system.updates();
        this.consumed = system.consumed();
        for (var entry : before.agenda().ready()) {
            ready.add(entry.value());
        }
    }

    /// The state that the batch is executed on.
    public ReplicatedState before() {
        return before;
    }

    /// The change in the making.
    public ReplicatedState.Edit edit() {
        return edit;
    }

    /// Of the subnet.
    public SubnetSettings settings() {
        return settings;
    }

    /// Of the batch.
    public Height height() {
        return height;
    }

    /// Of the batch, nanoseconds since 1970.
    public long now() {
        return time.value();
    }

    /// The draft of a canister, its storage paid up to now, or null when there is none.
    public @Nullable CanisterDraft canister(CanisterId id) {
        CanisterDraft draft = drafts.get(id);
        if (draft != null) {
            return draft;
        }
        CanisterState state = edit.canister(id);
        if (state == null) {
            return null;
        }
        draft = new CanisterDraft(state, backlog);
        drafts.put(id, draft);
        if (!Accounting.charge(draft, now(), settings.prices())) {
            Uninstallation.outOfCycles(this, draft);
        }
        return draft;
    }

    /// Whether a canister of this id is there.
    public boolean exists(CanisterId id) {
        return drafts.containsKey(id) || edit.canister(id) != null;
    }

    /// How many canisters there are.
    public int canisterCount() {
        int created = 0;
        for (CanisterDraft draft : drafts.values()) {
            if (!draft.existedBefore()) {
                created++;
            }
        }
        return edit.canisterCount() + created;
    }

    /// Makes an empty canister.
    public CanisterDraft create(CanisterId id, CanisterSettings with, Cycles balance) {
        CanisterDraft draft =
                new CanisterDraft(
                        id, with, balance, now(), height.value() << CALLBACK_BITS | 1, backlog);
        drafts.put(id, draft);
        return draft;
    }

    /// Removes a canister for good.
    public void delete(CanisterDraft canister) {
        canister.leaveBacklog();
        drafts.remove(canister.id());
        ready.remove(canister.id());
        edit.remove(canister.id());
    }

    /// The next free number for a new canister, or null when the ranges are used up.
    public @Nullable CanisterId allocate() {
        for (var range : settings.ranges()) {
            long number = range.contains(nextCanister) ? nextCanister : range.low();
            if (Long.compareUnsigned(number, nextCanister) < 0) {
                continue;
            }
            while (true) {
                CanisterId id = CanisterId.ofNumber(number);
                if (!exists(id)) {
                    nextCanister = number + 1;
                    return id;
                }
                if (number == range.high()) {
                    break;
                }
                number++;
            }
        }
        return null;
    }

    /// Bytes that the canisters of the subnet may still take.
    public long bytesLeft() {
        return bytesLeft;
    }

    /// Counts bytes that a canister takes from now on; negative ones were freed.
    public void take(long bytes) {
        bytesLeft -= bytes;
    }

    // Ways of messages.

    /// Canisters with something to run.
    public TreeSet<CanisterId> ready() {
        return ready;
    }

    /// Takes the next call to the management canister, or null.
    public @Nullable CanisterMessage nextManagementCall() {
        CanisterMessage call = management.poll();
        if (call != null) {
            backlog.remove(call);
            if (call instanceof CanisterMessage.Ingress) {
                managementBytes -= call.bytes();
            }
        }
        return call;
    }

    private void manage(CanisterMessage call) {
        management.add(call);
        backlog.add(call);
        if (call instanceof CanisterMessage.Ingress) {
            managementBytes += call.bytes();
        }
    }

    /// Whether so many bytes of a user's call to the management canister find room: as many as of
    /// any other.
    public boolean hasRoomForManagement(long bytes) {
        return managementBytes + bytes <= Backlog.USERS_BYTES_PER_CANISTER;
    }

    /// The messages that wait.
    public Backlog backlog() {
        return backlog;
    }

    /// `raw_rand` calls that wait, oldest first.
    public List<SystemState.RandomnessRequest> randomness() {
        return randomness;
    }

    /// Whether this names the management canister: by its own id or that of the subnet.
    public boolean isManagement(CanisterId receiver) {
        return receiver.equals(CanisterId.MANAGEMENT)
                || receiver.principal().equals(settings.subnet().principal());
    }

    /// Puts a message where its receiver finds it. A call to a canister that isn't here is
    /// rejected.
    public void deliver(CanisterMessage message) {
        if (isManagement(message.receiver())) {
            manage(message);
            return;
        }
        CanisterDraft receiver = canister(message.receiver());
        if (receiver != null) {
            receiver.enqueue(message);
            ready.add(receiver.id());
            return;
        }
        switch (message) {
            case CanisterMessage.Request request ->
                    answer(
                            new CallOrigin.Canister(
                                    request.sender(), request.callback(), request.deadline()),
                            request.receiver(),
                            settings.hosts(request.receiver())
                                    ? Rejects.noCanister(request.receiver())
                                    : Rejects.of(
                                            301,
                                            "Canister "
                                                    + request.receiver()
                                                    + " is not on this subnet, and calls to other"
                                                    + " subnets are not supported yet"),
                            request.cycles());
            case CanisterMessage.Ingress ingress ->
                    answer(
                            new CallOrigin.User(ingress.id(), ingress.sender()),
                            ingress.receiver(),
                            Rejects.noCanister(ingress.receiver()),
                            Cycles.ZERO);
            // Only a best-effort caller can be gone, and then nobody misses the answer.
            case CanisterMessage.Response _ -> {}
        }
    }

    /// Answers a call.
    ///
    /// @param origin who waits
    /// @param respondent who was called
    /// @param refund cycles that go back
    public void answer(CallOrigin origin, CanisterId respondent, Answer answer, Cycles refund) {
        switch (origin) {
            case CallOrigin.User(RequestId id, _) ->
                    status(id, IngressEntry.Status.of(answer), now() + REMEMBERED_NANOS);
            case CallOrigin.Canister(CanisterId canister, long callback, long deadline) ->
                    deliver(
                            new CanisterMessage.Response(
                                    respondent,
                                    canister,
                                    callback,
                                    refund,
                                    fitting(answer),
                                    deadline));
            case CallOrigin.System() -> {}
        }
    }

    /// A reject's text is cut when the subnet has no room for it; of a reply, whoever makes it asks
    /// first.
    private Answer fitting(Answer answer) {
        return answer instanceof Answer.Reject(int code, String message, String errorCode)
                        && !backlog.hasRoomForAnswer(answer.size())
                ? new Answer.Reject(
                        code,
                        message.substring(0, Math.min(message.length(), SHORT_REJECT_TEXT)),
                        errorCode)
                : answer;
    }

    // Update calls.

    /// The update call of this id as it is by now, or null.
    public @Nullable IngressEntry call(RequestId id) {
        IngressEntry entry = calls.get(id);
        return entry != null ? entry : edit.ingress(id);
    }

    /// How many update calls are remembered.
    public long callCount() {
        return (long) edit.ingressCount() + calls.size();
    }

    /// Remembers a call that has just arrived.
    public void remember(IngressEntry entry) {
        calls.put(entry.id(), entry);
    }

    /// Notes that a call is begun.
    public void processing(CallOrigin origin) {
        if (origin instanceof CallOrigin.User(RequestId id, _)) {
            status(id, new IngressEntry.Status.Processing(), 0);
        }
    }

    private void status(RequestId id, IngressEntry.Status status, long forgetAt) {
        IngressEntry entry = call(id);
        if (entry != null && entry.forgetAt() == 0) {
            calls.put(id, entry.with(status, forgetAt));
        }
    }

    // Stopping.

    /// Makes a stopping canister stopped once nothing is open, and answers those who wait for that.
    public void settle(CanisterDraft canister) {
        if (!(canister.lifecycle() instanceof Lifecycle.Stopping(List<Lifecycle.StopCall> waiting))
                || !canister.contexts().isEmpty()) {
            return;
        }
        canister.lifecycle(new Lifecycle.Stopped());
        canister.raiseVersion();
        for (Lifecycle.StopCall call : waiting) {
            answer(
                    call.origin(),
                    CanisterId.MANAGEMENT,
                    new Answer.Reply(EMPTY_REPLY),
                    call.cycles());
        }
    }

    /// Candid for no values.
    public static final Blob EMPTY_REPLY = Blob.owning(new byte[] {'D', 'I', 'D', 'L', 0, 0});

    // Counts.

    /// Counts an execution.
    public void executed(long usedInstructions, long usedPages, boolean trap) {
        instructions += usedInstructions;
        dirtyPages += usedPages;
        messages++;
        if (trap) {
            trapped++;
        }
    }

    /// Keeps what a canister printed: the newest lines in its state, all of them for the node's
    /// log.
    ///
    /// @param dropped older lines that were not kept
    public void printed(CanisterDraft canister, long dropped, List<Blob> lines) {
        if (lines.isEmpty()) {
            return;
        }
        canister.log(canister.log().with(now(), dropped, lines));
        for (Blob line : lines) {
            if (printed.size() < PRINTED_MAX) {
                printed.add(new PrintedLine(canister.id(), line));
            }
        }
    }

    /// What canisters printed by now.
    public List<PrintedLine> printed() {
        return printed;
    }

    /// Counts work of the system that takes about as long as so many instructions.
    public void worked(long likeInstructions) {
        instructions += likeInstructions;
    }

    /// Counts a message that changed a canister.
    public void updated() {
        updates++;
    }

    /// Counts a call to the management canister.
    public void managed() {
        managementCalls++;
    }

    /// Counts cycles that are gone.
    public void consumed(Cycles amount) {
        consumed = consumed.plus(amount);
    }

    /// Instructions used by now.
    public long instructions() {
        return instructions;
    }

    /// Pages written by now.
    public long dirtyPages() {
        return dirtyPages;
    }

    /// Executions by now.
    public int messages() {
        return messages;
    }

    /// Executions that trapped by now.
    public int trapped() {
        return trapped;
    }

    /// Calls to the management canister by now.
    public int managementCalls() {
        return managementCalls;
    }

    /// The state after the batch.
    ///
    /// @param lastServed where the scheduler goes on next time
    public ReplicatedState commit(CanisterId lastServed) {
        for (CanisterDraft draft : drafts.values()) {
            CanisterState after = draft.freeze();
            CanisterState known = edit.canister(draft.id());
            if (!after.equals(known)) {
                Cycles earlier = known == null ? Cycles.ZERO : known.vitals().consumed();
                consumed = consumed.plus(after.vitals().consumed().minus(earlier));
                edit.put(after);
            }
        }
        for (IngressEntry entry : calls.values()) {
            edit.put(entry);
        }
        edit.shedAnswers(settings.limits().historyBytesMax());
        List<SystemState.ManagementCall> waiting = new ArrayList<>(management.size());
        for (CanisterMessage message : management) {
            waiting.add(new SystemState.ManagementCall(message));
        }
        return edit.commit(
                new SystemState(
                        before.system().subnet(),
                        height,
                        time,
                        nextCanister,
                        lastServed,
                        waiting,
                        randomness,
                        updates,
                        consumed));
    }
}
