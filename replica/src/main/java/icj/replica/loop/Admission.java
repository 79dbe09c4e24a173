package icj.replica.loop;

import icj.replica.metrics.Metrics;
import icj.types.Height;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/// Whether a node takes one more call of a client: not when the call would wait longer than clients
/// put up with, since a call that is refused at once, with the time after which asking again is
/// worth it, costs less than one that is taken and answered too late.
///
/// What waits is what this node has not verified yet, of its clients and of its peers, the calls in
/// its pool, the calls of blocks whose state is not certified yet, and the calls that wait at the
/// canister itself. How fast that goes is measured while there is always more to do: a rate of a
/// subnet that waits for its clients says nothing about what it could do. How long a call may take
/// follows from what it takes while few others are there: nodes in one room and on two continents
/// have rounds of their own.
///
/// Pure but for its supplier: time is what callers say. Any thread; each method is quick.
public final class Admission {
    /// So many calls are taken whatever they wait: fewer make blocks smaller and nothing faster.
    public static final int ALWAYS_CALLS = 128;

    /// So many are taken while a single round takes [#SLOW_ROUND_WAITS] times what a call may wait,
    /// because a node is away or the machine is busy. Refusing clients makes it no shorter.
    public static final int SLOW_ROUND_CALLS = 320;

    private static final int SLOW_ROUND_WAITS = 2;

    /// So many are taken while nothing is measured: a burst of clients after an idle time. Each
    /// node takes them before it knows of those that its peers take; 2,048 of four nodes wait a
    /// second or two.
    public static final int UNMEASURED_CALLS = 512;

    /// So many times what a call takes without a crowd may it take with one.
    private static final int CROWD_FACTOR = 3;

    /// What a call is taken to last without a crowd until calls were seen: on one machine (`ic
    /// bench latency`); nodes further apart measure more.
    private static final long ALONE_NANOS_DEFAULT = 30_000_000L;

    /// A subnet that answers faster has room for a few rounds all the same.
    private static final long WAIT_NANOS_MIN = 90_000_000L;

    /// Clients put up with no more, however far the nodes are apart.
    private static final long WAIT_NANOS_MAX = 3_000_000_000L;

    /// So many on their way to one certified height are a crowd, and for a while after it.
    private static final int CROWD_CALLS = 32;

    private static final long CROWD_NANOS = 1_000_000_000L;

    /// Each call seen counts so much: the time follows faster calls at once, and slower ones when
    /// they stay, so that a cold start or a node that is away makes nobody wait.
    private static final double FASTER_WEIGHT = 1.0 / 16;

    private static final double SLOWER_WEIGHT = 1.0 / 256;

    /// While so many wait from one certified height to the next, the time between them measures
    /// what the subnet can do. Half of those that are always taken: what they do is measured too.
    private static final int BUSY_CALLS = 64;

    /// Measures of the last second or so count: some twenty heights.
    private static final double SMOOTHING_NANOS = 1e9;

    /// Shorter measures say nothing.
    private static final long MEASURED_NANOS_MIN = 100_000_000L;

    /// What was measured longer ago is forgotten.
    private static final long FORGET_NANOS = 10_000_000_000L;

    private static final int RETRY_SECONDS_MAX = 10;

    /// Heights that are told apart: as many as may be open; of more, the oldest count as one.
    private static final int HEIGHTS_MAX = 250;

    private final IntSupplier waiting;
    private final TreeMap<Height, Integer> heights = new TreeMap<>();
    private int underway;
    private boolean busy;
    private boolean crowded;
    private long crowdedNanos;
    private long certifiedNanos;
    private long measuredNanos;
    private double calls;
    private double nanos;
    private double aloneNanos = ALONE_NANOS_DEFAULT;
    private int allowed = UNMEASURED_CALLS;

    /// @param waiting how many calls this node holds that are in no final block
    public Admission(IntSupplier waiting, Metrics metrics) {
        this.waiting = waiting;
        metrics.gauge(
                "ic_admission_waiting_calls",
                "Calls that wait for a certified outcome, as far as this node knows",
                this::ahead);
        metrics.gauge(
                "ic_admission_allowed_calls",
                "With so many that wait, further ones are refused",
                this::allowed);
    }

    /// A final block goes to execution.
    public synchronized void delivered(Height height, int count) {
        if (count == 0) {
            return;
        }
        heights.merge(height, count, Integer::sum);
        underway += count;
        if (heights.size() > HEIGHTS_MAX) {
            int oldest = heights.pollFirstEntry().getValue();
            heights.merge(heights.firstKey(), oldest, Integer::sum);
        }
    }

    /// The state after a height, and after all below it, is certified.
    ///
    /// @param now by `System.nanoTime()`
    public synchronized void certified(Height height, long now) {
        if (ahead() >= CROWD_CALLS) {
            crowded = true;
            crowdedNanos = now;
        } else if (now - crowdedNanos > CROWD_NANOS) {
            crowded = false;
        }
        int done = 0;
        Map<Height, Integer> upTo = heights.headMap(height, true);
        for (int count : upTo.values()) {
            done += count;
        }
        upTo.clear();
        underway -= done;
        if (busy) {
            double passed = Math.max(1, now - certifiedNanos);
            double kept = Math.exp(-passed / SMOOTHING_NANOS);
            calls = calls * kept + done;
            nanos = nanos * kept + passed;
            measuredNanos = now;
        } else if (now - measuredNanos > FORGET_NANOS) {
            calls = 0;
            nanos = 0;
        }
        certifiedNanos = now;
        busy = waiting.getAsInt() + underway >= BUSY_CALLS;
        allowed =
                nanos < MEASURED_NANOS_MIN
                        ? UNMEASURED_CALLS
                        : (int) Math.max(ALWAYS_CALLS, calls / nanos * waitNanos());
    }

    /// A client got its answer.
    ///
    /// @param tookNanos since its call was taken
    public synchronized void answered(long tookNanos) {
        if (!crowded) {
            double weight = tookNanos < aloneNanos ? FASTER_WEIGHT : SLOWER_WEIGHT;
            aloneNanos += weight * (tookNanos - aloneNanos);
        }
    }

    /// How long a call may be expected to take, in nanoseconds.
    synchronized double waitNanos() {
        return Math.clamp(CROWD_FACTOR * aloneNanos, WAIT_NANOS_MIN, WAIT_NANOS_MAX);
    }

    private synchronized int allowed() {
        return allowed;
    }

    /// How many calls wait, but for those at canisters.
    private synchronized int ahead() {
        return waiting.getAsInt() + underway;
    }

    /// After how many seconds a client should ask again; 0 when its call is taken.
    ///
    /// @param atCanister calls that wait at the canister that it goes to
    /// @param now by `System.nanoTime()`
    public synchronized int retrySeconds(int atCanister, long now) {
        int ahead = ahead() + atCanister;
        boolean slowRound = now - certifiedNanos > SLOW_ROUND_WAITS * waitNanos();
        int bound = slowRound ? Math.max(allowed, SLOW_ROUND_CALLS) : allowed;
        if (ahead < bound) {
            return 0;
        }
        double wait = ahead / (double) bound * waitNanos() / 1e9;
        return (int) Math.clamp(Math.ceil(wait), 1, RETRY_SECONDS_MAX);
    }
}
