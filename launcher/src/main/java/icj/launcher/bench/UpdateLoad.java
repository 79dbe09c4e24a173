package icj.launcher.bench;

import icj.agent.Agent;
import icj.types.CanisterId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts what became of each update of a load. One answer in 20 is kept, and verified after it.
final class UpdateLoad implements LoadFeed {
    private static final int VERIFIED_EVERY = 20;

    /// So many different reasons of failures are told.
    private static final int REASONS_MAX = 20;

    private record Kept(LoadRequest request, byte[] answer) {}

    private final SignedRequests requests;
    private final Percentiles latencies = new Percentiles();
    private final BitSet acknowledged = new BitSet();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private long sent;
    private long refused;
    private long errors;

    private final long endNanos;
    private long inTime;

    /// @param load how long it will be sent; it begins now
    UpdateLoad(SignedRequests requests, Duration load) {
        this.requests = requests;
        endNanos = System.nanoTime() + load.toNanos();
    }

    @Override
    public LoadRequest next() {
        sent++;
        return requests.next();
    }

    @Override
    public void answered(LoadRequest request, int status, byte[] body, long nanos) {
        if (status == 429) {
            refused++;
        } else if (status == 200 && Replies.looksReplied(body)) {
            acknowledged.set((int) request.number());
            latencies.add(nanos);
            inTime += System.nanoTime() - endNanos <= 0 ? 1 : 0;
            if (latencies.count() % VERIFIED_EVERY == 0) {
                kept.add(new Kept(request, body));
            }
        } else {
            error(status == 202 ? "HTTP 202, no outcome in time" : "HTTP " + status);
        }
    }

    @Override
    public void failed(LoadRequest request, String reason) {
        error(reason);
    }

    private void error(String reason) {
        errors++;
        String known = reasons.size() < REASONS_MAX ? reason : "others";
        reasons.merge(known, 1L, Long::sum);
    }

    /// Verifies what was kept: an answer that doesn't stand acknowledges nothing. How many there
    /// were.
    int verify(Agent agent, CanisterId canister) {
        for (Kept one : kept) {
            String refusal = Replies.refusal(agent, canister, one.request, 200, one.answer);
            if (refusal != null) {
                acknowledged.clear((int) one.request.number());
                inTime--;
                error(refusal);
            }
        }
        int count = kept.size();
        kept.clear();
        return count;
    }

    long sent() {
        return sent;
    }

    long refused() {
        return refused;
    }

    long errors() {
        return errors;
    }

    /// The numbers of updates that were acknowledged.
    BitSet acknowledged() {
        return acknowledged;
    }

    /// How many were acknowledged before the load ended.
    long inTime() {
        return inTime;
    }

    Percentiles latencies() {
        return latencies;
    }

    /// How often each reason came.
    Map<String, Long> reasons() {
        return reasons;
    }
}
