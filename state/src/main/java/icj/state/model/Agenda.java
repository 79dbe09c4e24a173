package icj.state.model;

import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.wire.ByteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Which canisters have something to do and when: derived from the canisters, so that a round with
/// a hundred thousand idle ones costs what the busy ones cost. Not hashed and not stored.
public final class Agenda {
    /// Nobody has anything to do.
    static final Agenda EMPTY =
            new Agenda(
                    SortedTrie.empty(),
                    SortedTrie.empty(),
                    SortedTrie.empty(),
                    SortedTrie.empty(),
                    SortedTrie.empty(),
                    0,
                    0,
                    0,
                    0);

    private final SortedTrie<CanisterId> ready;
    private final SortedTrie<CanisterId> beating;
    private final SortedTrie<CanisterId> timers;
    private final SortedTrie<CanisterId> deadlines;
    private final SortedTrie<CanisterId> charged;
    private final long memoryUsage;
    private final int computeAllocation;
    private final long userBytes;
    private final long callBytes;

    private Agenda(
            SortedTrie<CanisterId> ready,
            SortedTrie<CanisterId> beating,
            SortedTrie<CanisterId> timers,
            SortedTrie<CanisterId> deadlines,
            SortedTrie<CanisterId> charged,
            long memoryUsage,
            int computeAllocation,
            long userBytes,
            long callBytes) {
        this.ready = ready;
        this.beating = beating;
        this.timers = timers;
        this.deadlines = deadlines;
        this.charged = charged;
        this.memoryUsage = memoryUsage;
        this.computeAllocation = computeAllocation;
        this.userBytes = userBytes;
        this.callBytes = callBytes;
    }

    /// Canisters whose queues aren't empty, by id.
    public SortedTrie<CanisterId> ready() {
        return ready;
    }

    /// Running canisters with a heartbeat, by id.
    public SortedTrie<CanisterId> beating() {
        return beating;
    }

    /// The canisters whose global timer is due at `now`, in the order of their timers.
    public List<CanisterId> timersDue(long now) {
        return due(timers, now, Integer.MAX_VALUE);
    }

    /// The canisters of which a best-effort call's or a stop call's time is over at `now`.
    public List<CanisterId> deadlinesDue(long now) {
        return due(deadlines, now, Integer.MAX_VALUE);
    }

    /// The canisters that were charged for storage at `time` or before, the longest ago first, at
    /// most `max`. They ask for no round: charging can wait for the next one.
    public List<CanisterId> chargedBy(long time, int max) {
        return due(charged, time, max);
    }

    /// When the next timer or deadline comes, nanoseconds since 1970, unsigned; 0 when there is
    /// none.
    public long next() {
        SortedTrie.Entry<CanisterId> timer = timers.first();
        SortedTrie.Entry<CanisterId> deadline = deadlines.first();
        long first = timer == null ? 0 : time(timer.key());
        long second = deadline == null ? 0 : time(deadline.key());
        long sooner = Long.compareUnsigned(first, second) < 0 ? first : second;
        return first == 0 ? second : second == 0 ? first : sooner;
    }

    /// Bytes that all canisters take.
    public long memoryUsage() {
        return memoryUsage;
    }

    /// Per cent of computing that all canisters have reserved.
    public int computeAllocation() {
        return computeAllocation;
    }

    /// Bytes of users' calls that wait for canisters.
    public long userBytes() {
        return userBytes;
    }

    /// Bytes of canisters' calls and their answers that wait for canisters, and of open calls.
    public long callBytes() {
        return callBytes;
    }

    /// The agenda after one canister changed; null stands for one that isn't there.
    Agenda replace(@Nullable CanisterState before, @Nullable CanisterState after) {
        CanisterState known = before == null ? after : before;
        if (known == null) {
            return this;
        }
        CanisterId id = known.id();
        Blob key = Blob.owning(id.principal().toBytes());
        return new Agenda(
                flag(ready, key, id, isReady(before), isReady(after)),
                flag(beating, key, id, isBeating(before), isBeating(after)),
                move(timers, id, timer(before), timer(after)),
                move(deadlines, id, deadline(before), deadline(after)),
                move(charged, id, chargedUntil(before), chargedUntil(after)),
                memoryUsage + usage(after) - usage(before),
                computeAllocation + compute(after) - compute(before),
                userBytes + users(after) - users(before),
                callBytes + calls(after) - calls(before));
    }

    private static boolean isReady(@Nullable CanisterState canister) {
        return canister != null && !canister.queues().isEmpty();
    }

    private static boolean isBeating(@Nullable CanisterState canister) {
        if (canister == null || !canister.lifecycle().isRunning()) {
            return false;
        }
        ModuleCode module = canister.module();
        return module != null && module.heartbeat();
    }

    /// A timer of a canister that doesn't run waits until it runs again.
    private static long timer(@Nullable CanisterState canister) {
        return canister == null || !canister.lifecycle().isRunning()
                ? 0
                : canister.vitals().globalTimer();
    }

    private static long chargedUntil(@Nullable CanisterState canister) {
        return canister == null ? 0 : canister.vitals().chargedUntil();
    }

    private static long deadline(@Nullable CanisterState canister) {
        if (canister == null) {
            return 0;
        }
        long first = canister.calls().firstDeadline();
        if (canister.lifecycle() instanceof Lifecycle.Stopping(List<Lifecycle.StopCall> waiting)) {
            for (Lifecycle.StopCall call : waiting) {
                long end = call.since() + Lifecycle.STOP_TIMEOUT_NANOS;
                first = first == 0 ? end : Math.min(first, end);
            }
        }
        return first;
    }

    private static long usage(@Nullable CanisterState canister) {
        return canister == null
                ? 0
                : Math.max(canister.memoryUsage(), canister.settings().memoryAllocation());
    }

    private static int compute(@Nullable CanisterState canister) {
        return canister == null ? 0 : canister.settings().computeAllocation();
    }

    private static long users(@Nullable CanisterState canister) {
        return canister == null ? 0 : canister.userBytes();
    }

    private static long calls(@Nullable CanisterState canister) {
        return canister == null ? 0 : canister.callBytes();
    }

    private static SortedTrie<CanisterId> flag(
            SortedTrie<CanisterId> set, Blob key, CanisterId id, boolean before, boolean after) {
        if (before == after) {
            return set;
        }
        return after ? set.with(key, id) : set.without(key);
    }

    private static SortedTrie<CanisterId> move(
            SortedTrie<CanisterId> set, CanisterId id, long before, long after) {
        if (before == after) {
            return set;
        }
        SortedTrie<CanisterId> without = before == 0 ? set : set.without(key(before, id));
        return after == 0 ? without : without.with(key(after, id), id);
    }

    private static Blob key(long time, CanisterId id) {
        return new ByteWriter(40).u64(time).raw(id.principal().toBytes()).toBlob();
    }

    private static long time(Blob key) {
        long time = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            time = time << 8 | (key.at(i) & 0xff);
        }
        return time;
    }

    private static List<CanisterId> due(SortedTrie<CanisterId> set, long now, int max) {
        List<CanisterId> due = new ArrayList<>();
        for (SortedTrie.Entry<CanisterId> entry : set) {
            if (due.size() == max || Long.compareUnsigned(time(entry.key()), now) > 0) {
                break;
            }
            due.add(entry.value());
        }
        return due;
    }
}
