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
/// subnet that waits for its clients says nothing about what it could do.
///
/// Pure but for its supplier: time is what callers say. Any thread; each method is quick.
public final class Admission {
    /// So many calls are taken whatever they wait: where rounds are slow because a node is away or
    /// the machine is busy, refusing a few clients makes nothing faster. 256 clients with one call
    /// each, and a quarter for calls that peers have answered and this node not yet.
    public static final int ALWAYS_CALLS = 320;

    /// So many are taken while nothing is measured: a burst of clients after an idle time. Each
    /// node takes them before it knows of those that its peers take; 2,048 of four nodes wait a
    /// second or two.
    public static final int UNMEASURED_CALLS = 512;

    /// How long a call may be expected to wait. By rounds alone a call takes 30 ms and nearly every
    /// one less than 100 ms (`ic bench latency`); those accepted under any load are meant to take
    /// no more than three times that.
    public static final long WAIT_NANOS_MAX = 150_000_000L;

    /// While so many wait from one certified height to the next, the time between them measures
    /// what the subnet can do.
    private static final int BUSY_CALLS = 128;

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
    private long certifiedNanos;
    private long measuredNanos;
    private double calls;
    private double nanos;
    private volatile int allowed = UNMEASURED_CALLS;

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
                () -> allowed);
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
                        : (int) Math.max(ALWAYS_CALLS, calls / nanos * WAIT_NANOS_MAX);
    }

    /// How many calls wait, but for those at canisters.
    private synchronized int ahead() {
        return waiting.getAsInt() + underway;
    }

    /// After how many seconds a client should ask again; 0 when its call is taken.
    ///
    /// @param atCanister calls that wait at the canister that it goes to
    public int retrySeconds(int atCanister) {
        int ahead = ahead() + atCanister;
        int bound = allowed;
        if (ahead < bound) {
            return 0;
        }
        double wait = (double) ahead / bound * WAIT_NANOS_MAX / 1e9;
        return (int) Math.clamp(Math.ceil(wait), 1, RETRY_SECONDS_MAX);
    }
}
