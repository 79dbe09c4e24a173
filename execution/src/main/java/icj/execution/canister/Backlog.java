package icj.execution.canister;

import icj.state.model.CallTable;
import icj.state.model.CanisterMessage;

/// How many bytes the messages of a subnet take that wait, and how many they may (R-S8): all of
/// them lie in the heap of every node, and a heap that is used up ends all nodes at the same
/// height, again after each start. The counts are derived from the state, so that every node
/// decides alike. Used by one thread.
///
/// Calls are refused first and answers last: what is called may always answer, if shortly, and no
/// call is taken whose answer would find nothing left.
public final class Backlog {
    /// Users' calls of the whole subnet: eight full blocks; 5,000 calls of 6 KiB.
    static final long USERS_BYTES_MAX = 32L << 20;

    /// Users' calls of one canister: half of the subnet's, so that one that is slow or hostile
    /// leaves room for the others.
    public static final long USERS_BYTES_PER_CANISTER = 16L << 20;

    /// Calls of canisters and what is open because of them: three arguments of the largest size, or
    /// 20,000 small calls at once.
    static final long CALLS_BYTES_MAX = 32L << 20;

    /// The same with answers: eight replies of the largest size above it.
    static final long ANSWERS_BYTES_MAX = 48L << 20;

    /// An answer so short is always taken: what is open because of its call counts for it too.
    static final int SHORT_ANSWER_BYTES = 512;

    /// What the calls of one composite query may hold at once: one argument of the largest size and
    /// more, in each of the threads that run queries.
    private static final long QUERY_BYTES_MAX = 16L << 20;

    private long users;
    private long calls;

    /// @param users bytes of users' calls that wait
    /// @param calls bytes of all else
    public Backlog(long users, long calls) {
        this.users = users;
        this.calls = calls;
    }

    /// Of a query, which sees nothing of what waits in the state.
    public static Backlog ofQuery() {
        return new Backlog(0, CALLS_BYTES_MAX - QUERY_BYTES_MAX);
    }

    /// What a call adds when it leaves: itself and what is open until its answer is taken.
    public static long bytesOfCall(long methodBytes, long argumentBytes) {
        return CallTable.CALLBACK_BYTES
                + CanisterMessage.OVERHEAD_BYTES
                + methodBytes
                + argumentBytes;
    }

    /// Counts a message that waits from now on.
    public void add(CanisterMessage message) {
        count(message, message.bytes());
    }

    /// Counts a message that waits no longer.
    public void remove(CanisterMessage message) {
        count(message, -message.bytes());
    }

    private void count(CanisterMessage message, long bytes) {
        if (message instanceof CanisterMessage.Ingress) {
            users += bytes;
        } else {
            calls += bytes;
        }
    }

    /// Counts what a call holds; a negative number gives it back.
    public void addCall(long bytes) {
        calls += bytes;
    }

    /// Whether so many bytes of a user's call find room.
    public boolean hasRoomForUser(long bytes) {
        return users + bytes <= USERS_BYTES_MAX;
    }

    /// Whether so many bytes of calls find room ([#bytesOfCall]).
    public boolean hasRoomForCalls(long bytes) {
        return calls + bytes <= CALLS_BYTES_MAX;
    }

    /// Whether an answer of so many bytes finds room; a short one always does.
    public boolean hasRoomForAnswer(long bytes) {
        return bytes <= SHORT_ANSWER_BYTES || calls + bytes <= ANSWERS_BYTES_MAX;
    }
}
