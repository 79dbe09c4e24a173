package icj.execution.system;

import icj.execution.canister.Accounting;
import icj.execution.canister.CanisterDraft;
import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Ic0;
import icj.execution.wasm.Ic0Host;
import icj.execution.wasm.Trap;
import icj.state.model.Answer;
import icj.state.model.CanisterMemory;
import icj.state.model.PageMap;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/// One execution of canister code as the System API sees it: what it may ask ([ExecutionInput]) and
/// what it did so far. Nothing of that reaches the canister before the execution ended well; after
/// a trap only the printed lines are kept.
public final class Execution implements Ic0Host {
    /// The most bytes of a reply.
    static final int REPLY_BYTES_MAX = 2 << 20;

    /// The most bytes of a query's reply.
    static final int QUERY_REPLY_BYTES_MAX = 3 << 20;

    /// The longest text of a reject, in characters.
    private static final int REJECT_TEXT_MAX = 8 << 10;

    /// Bytes of printed lines that an execution keeps, the newest: a canister's log keeps 4 KiB of
    /// them, the node's log shows the others too.
    static final int PRINTED_BYTES_MAX = 256 << 10;

    /// What a line takes beside its bytes, about.
    static final int PRINTED_LINE_BYTES = 64;

    private final ExecutionInput input;
    private final StableMemory stable;
    private long heapPages;
    private Cycles balance;
    private Cycles available;
    private Cycles accepted = Cycles.ZERO;
    private Cycles burned = Cycles.ZERO;
    private final ByteBuffer reply = new ByteBuffer();
    private @Nullable Answer answer;
    private boolean accepts;
    private @Nullable Blob certifiedData;
    private @Nullable Long globalTimer;
    private @Nullable PendingCall pending;
    private final List<OutgoingCall> calls = new ArrayList<>();
    private final TreeMap<CanisterId, Integer> callsTo = new TreeMap<>();
    private long callBytes;
    private final Deque<Blob> lines = new ArrayDeque<>();
    private int lineBytes;
    private long linesDropped;
    private @Nullable Blob certificate;

    /// @param input all that the code can ask
    public Execution(ExecutionInput input) {
        this(input, input.canister().memory());
    }

    /// @param input all that the code can ask
    /// @param memory that it starts from, in place of the canister's own
    public Execution(ExecutionInput input, CanisterMemory memory) {
        this.input = input;
        this.stable = new StableMemory(memory.stable(), memory.stablePages());
        this.heapPages = memory.heapPages();
        this.balance = input.balance();
        this.available = input.cyclesAvailable();
    }

    /// Bytes that grow.
    static final class ByteBuffer {
        private byte[] bytes = new byte[0];
        private int size;

        int size() {
            return size;
        }

        void append(byte[] more) {
            if (size + more.length > bytes.length) {
                int capacity = Math.max(size + more.length, Math.min(2 * bytes.length, 16 << 20));
                bytes = Arrays.copyOf(bytes, capacity);
            }
            System.arraycopy(more, 0, bytes, size, more.length);
            size += more.length;
        }

        Blob toBlob() {
            return Blob.owning(Arrays.copyOf(bytes, size));
        }
    }

    @Override
    public long call(Ic0 function, long[] arguments, Guest guest) {
        return ApiTable.INSTANCE.call(function, this, arguments, guest);
    }

    @Override
    public void growsHeap(long pagesBefore, long pagesAfter) {
        long limit = input.canister().settings().wasmMemoryLimit();
        boolean limited =
                switch (input.context()) {
                    case UPDATE, INIT -> true;
                    case START,
                            PRE_UPGRADE,
                            REPLICATED_QUERY,
                            QUERY,
                            TRANSFORM,
                            COMPOSITE_QUERY,
                            REPLY,
                            REJECT,
                            COMPOSITE_REPLY,
                            COMPOSITE_REJECT,
                            CLEANUP,
                            COMPOSITE_CLEANUP,
                            INSPECT,
                            TASK ->
                            false;
                };
        if (limited && limit != 0 && pagesAfter * CanisterMemory.WASM_PAGE > limit) {
            throw new GuestTrap(
                    Trap.WASM_MEMORY_LIMIT,
                    "Canister exceeded its current Wasm memory limit of "
                            + limit
                            + " bytes. Increase the limit or free memory.");
        }
        grows(pagesAfter - pagesBefore);
        heapPages = pagesAfter;
    }

    /// Traps when the subnet or the canister's cycles don't carry so many more pages of 64 KiB.
    void grows(long pages) {
        if (!input.context().isReplicated()) {
            return;
        }
        if (!hasRoom(pages)) {
            throw new GuestTrap(Trap.OUT_OF_MEMORY, "The subnet has no memory left");
        }
        CanisterDraft canister = input.canister();
        if (input.settings().prices().isFree()) {
            return;
        }
        long bytes = usage() + pages * CanisterMemory.WASM_PAGE;
        Cycles needed = Accounting.freezingLimit(canister, bytes, input.settings().prices());
        if (balance.compareTo(needed) < 0) {
            throw new GuestTrap(
                    CYCLES_FOR_MEMORY,
                    "Canister cannot grow memory by "
                            + pages * CanisterMemory.WASM_PAGE
                            + " bytes due to insufficient cycles. At least "
                            + needed.minus(balance)
                            + " additional cycles are required.");
        }
    }

    private static final int CYCLES_FOR_MEMORY = 532;

    boolean hasRoom(long pages) {
        long allocated = input.canister().settings().memoryAllocation();
        long before = Math.max(allocated, input.canister().memoryUsage());
        long after = Math.max(allocated, usage() + pages * CanisterMemory.WASM_PAGE);
        return after - before <= input.subnetBytesLeft();
    }

    /// Bytes that the canister would take if the execution ended now.
    private long usage() {
        CanisterMemory memory = input.canister().memory();
        return input.canister().memoryUsage()
                - memory.heapBytes()
                - memory.stableBytes()
                + (heapPages + stable.pages()) * CanisterMemory.WASM_PAGE;
    }

    // What the code may ask.

    ApiContext context() {
        return input.context();
    }

    ExecutionInput input() {
        return input;
    }

    StableMemory stable() {
        return stable;
    }

    Cycles balance() {
        return balance;
    }

    Cycles liquid() {
        return Accounting.liquid(balance, input.canister(), input.settings().prices());
    }

    Cycles available() {
        return answer == null ? available : Cycles.ZERO;
    }

    long globalTimer() {
        Long set = globalTimer;
        return set == null ? input.canister().globalTimer() : set;
    }

    Blob certificate() {
        Blob made = certificate;
        if (made == null) {
            var maker = input.dataCertificate();
            if (maker == null) {
                throw ApiTable.violation("No data certificate is present");
            }
            made = maker.get();
            certificate = made;
        }
        return made;
    }

    @Nullable PendingCall pending() {
        return pending;
    }

    /// Calls of this execution to one canister.
    int callsTo(CanisterId callee) {
        return callsTo.getOrDefault(callee, 0);
    }

    /// Calls of the canister that have no response yet, those of this execution among them.
    int openCalls() {
        return input.canister().callbacks().size() + calls.size();
    }

    boolean hasRoomForCall(long bytes) {
        return input.canister().backlog().hasRoomForCalls(callBytes + bytes);
    }

    /// Whether an answer of so many bytes finds room; only a canister's answer waits in memory.
    private boolean hasRoomForAnswer(long bytes) {
        return !input.settings().hosts(new CanisterId(input.caller()))
                || input.canister().backlog().hasRoomForAnswer(bytes);
    }

    // What the code did.

    void answerDue() {
        if (!input.answerDue() || answer != null) {
            throw ApiTable.violation(
                    "The call was already answered, or nobody waits for an answer");
        }
    }

    void append(byte[] bytes) {
        answerDue();
        int max = context().isReplicated() ? REPLY_BYTES_MAX : QUERY_REPLY_BYTES_MAX;
        if (reply.size() + bytes.length > max) {
            throw ApiTable.violation("The reply is larger than the limit of " + max + " bytes");
        }
        if (!hasRoomForAnswer(reply.size() + bytes.length)) {
            throw new GuestTrap(
                    Trap.OUT_OF_MEMORY,
                    "The subnet has no room for the reply: too many messages wait. Try again"
                            + " later");
        }
        reply.append(bytes);
    }

    void reply() {
        answerDue();
        answer = new Answer.Reply(reply.toBlob());
    }

    void reject(String message) {
        answerDue();
        String text =
                message.length() > REJECT_TEXT_MAX
                        ? message.substring(0, REJECT_TEXT_MAX)
                        : message;
        answer = new Answer.Reject(4, text, "IC0406");
    }

    Cycles accept(Cycles most) {
        Cycles amount = most.min(available());
        available = available.minus(amount);
        accepted = accepted.plus(amount);
        balance = balance.plus(amount);
        return amount;
    }

    Cycles burn(Cycles most) {
        Cycles amount = most.min(liquid());
        balance = balance.minus(amount);
        burned = burned.plus(amount);
        return amount;
    }

    void spend(Cycles amount) {
        balance = balance.minus(amount);
    }

    void giveBack(Cycles amount) {
        balance = balance.plus(amount);
    }

    void pending(@Nullable PendingCall next) {
        pending = next;
    }

    void send(OutgoingCall call) {
        calls.add(call);
        callsTo.merge(call.callee(), 1, Integer::sum);
        callBytes += call.bytes();
    }

    void acceptMessage() {
        if (accepts) {
            throw ApiTable.violation("accept_message was called twice");
        }
        accepts = true;
    }

    void certifiedData(Blob data) {
        certifiedData = data;
    }

    void globalTimer(long time) {
        globalTimer = time;
    }

    void print(Blob line) {
        lines.addLast(line);
        lineBytes += PRINTED_LINE_BYTES + line.length();
        while (lineBytes > PRINTED_BYTES_MAX) {
            lineBytes -= PRINTED_LINE_BYTES + lines.removeFirst().length();
            linesDropped++;
        }
    }

    // What the caller of the execution reads when it ended.

    /// What the code answered, or null.
    public @Nullable Answer answer() {
        return answer;
    }

    /// Whether the code accepted the inspected message.
    public boolean accepts() {
        return accepts;
    }

    /// Cycles left in the balance that it started with; those of a call that was begun and not
    /// performed are in it again.
    public Cycles balanceAfter() {
        PendingCall open = pending;
        return open == null ? balance : balance.plus(open.cycles());
    }

    /// Cycles of the call that were not accepted.
    public Cycles availableAfter() {
        return available;
    }

    /// Cycles that were accepted.
    public Cycles accepted() {
        return accepted;
    }

    /// Cycles that were burned.
    public Cycles burned() {
        return burned;
    }

    /// Calls that were performed, in order.
    public List<OutgoingCall> calls() {
        return calls;
    }

    /// New certified data, or null.
    public @Nullable Blob newCertifiedData() {
        return certifiedData;
    }

    /// The new setting of the global timer, or null.
    public @Nullable Long newGlobalTimer() {
        return globalTimer;
    }

    /// The newest lines that were printed.
    public List<Blob> lines() {
        return List.copyOf(lines);
    }

    /// How many older lines were printed and not kept.
    public long linesDropped() {
        return linesDropped;
    }

    /// Stable memory after the execution.
    public PageMap stableAfter() {
        return stable.after();
    }

    /// The size of stable memory after the execution, in pages of 64 KiB.
    public long stablePagesAfter() {
        return stable.pages();
    }

    /// Pages of stable memory that were written.
    public int stableDirtyPages() {
        return stable.dirtyPages();
    }
}
