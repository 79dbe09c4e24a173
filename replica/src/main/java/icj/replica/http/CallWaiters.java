package icj.replica.http;

import icj.replica.loop.Admission;
import icj.replica.loop.RoundTimes;
import icj.replica.loop.SnapshotBoard;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.state.model.IngressEntry;
import icj.state.model.IngressHistory;
import icj.state.model.LongAnswer;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.RequestId;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Clients that wait for the outcome of their calls (R-I3). Waiters are kept by request id and
/// looked at when a height is certified: the ingress histories of two certified heights differ in
/// few entries, and only those are visited. Bounded in number and in time.
public final class CallWaiters {
    /// So many may wait; more get 202 and poll.
    static final int WAITERS_MAX = 8_192;

    /// So many may wait for one call, as its client tries again while connections break; more get
    /// 202. A waiter whose client has gone stays until its time is up, and sending a call again
    /// that is known costs nothing: one call must not take all places.
    static final int WAITERS_PER_CALL_MAX = 16;

    /// So long a client waits (R-I3).
    static final long WAIT_NANOS_MAX = 30_000_000_000L;

    private record Waiter(Consumer<HttpAnswer> answer, long deadlineNanos, long beganNanos) {}

    private final SnapshotBoard board;
    private final Certificates certificates;
    private final Executor workers;
    private final Map<RequestId, List<Waiter>> waiters = new HashMap<>();
    private final AtomicBoolean resolving = new AtomicBoolean();
    private final Histogram waits;
    private final RoundTimes times;
    private final Admission admission;
    private int count;
    private @Nullable IngressHistory seen;

    public CallWaiters(
            SnapshotBoard board,
            Certificates certificates,
            Executor workers,
            Metrics metrics,
            RoundTimes times,
            Admission admission) {
        this.board = board;
        this.certificates = certificates;
        this.workers = workers;
        waits = metrics.histogram("ic_call_wait_seconds", "Time synchronous calls waited");
        this.times = times;
        this.admission = admission;
        metrics.bounded("ic_call_waiters", "Synchronous calls that wait", this::count, WAITERS_MAX);
        board.onCertified(_ -> resolveSoon());
    }

    private synchronized int count() {
        return count;
    }

    /// Answers `answer` with the certificate once there is an outcome, or with 202 after the
    /// longest wait or when too many wait already. Nobody is answered under the lock of this class:
    /// who takes an answer may take locks of its own.
    public void await(RequestId id, Consumer<HttpAnswer> answer) {
        long now = System.nanoTime();
        if (!add(id, new Waiter(answer, now + WAIT_NANOS_MAX, now))) {
            answer.accept(HttpAnswer.accepted());
            return;
        }
        // The outcome may have been certified before the waiter stood in the map.
        SnapshotBoard.Certified latest = board.latest();
        if (latest != null && isAnswered(latest.state().ingress(id))) {
            answer(latest, id);
        }
    }

    private synchronized boolean add(RequestId id, Waiter waiter) {
        List<Waiter> same = waiters.get(id);
        if (count >= WAITERS_MAX || same != null && same.size() >= WAITERS_PER_CALL_MAX) {
            return false;
        }
        if (same == null) {
            same = new ArrayList<>(1);
            waiters.put(id, same);
        }
        same.add(waiter);
        count++;
        return true;
    }

    /// The answer to a call whose outcome this snapshot holds, or null if it holds none.
    public @Nullable HttpAnswer outcome(SnapshotBoard.Certified snapshot, RequestId id) {
        return isAnswered(snapshot.state().ingress(id)) ? replied(snapshot, id) : null;
    }

    private static boolean isAnswered(@Nullable IngressEntry entry) {
        return entry != null && entry.status().isAnswered();
    }

    private HttpAnswer replied(SnapshotBoard.Certified snapshot, RequestId id) {
        Blob certificate;
        try {
            certificate = certificates.of(snapshot, List.of(Certificates.requestPath(id)));
        } catch (LongAnswer.GoneException e) {
            // Who asks for the status now is told that it is done.
            return HttpAnswer.accepted();
        }
        return HttpAnswer.cbor(
                Cbor.encodeTagged(
                        CborValue.Dictionary.builder()
                                .text("status", "replied")
                                .bytes("certificate", certificate)
                                .build()));
    }

    private void resolveSoon() {
        if (resolving.compareAndSet(false, true)) {
            try {
                workers.execute(this::resolve);
            } catch (RejectedExecutionException e) {
                resolving.set(false);
            }
        }
    }

    private void resolve() {
        resolving.set(false);
        SnapshotBoard.Certified latest = board.latest();
        if (latest == null || certificates.unavailable() != null) {
            return;
        }
        IngressHistory now = latest.state().ingress();
        List<RequestId> answered = new ArrayList<>();
        synchronized (this) {
            IngressHistory before = seen;
            seen = now;
            if (waiters.isEmpty()) {
                return;
            }
            if (before == null) {
                for (RequestId id : waiters.keySet()) {
                    if (isAnswered(latest.state().ingress(id))) {
                        answered.add(id);
                    }
                }
            } else {
                now.changesSince(
                        before,
                        (key, _, entry) -> {
                            RequestId id = new RequestId(Digest.owning(key.shared()));
                            if (isAnswered(entry) && waiters.containsKey(id)) {
                                answered.add(id);
                            }
                        });
            }
        }
        for (RequestId id : answered) {
            answer(latest, id);
        }
    }

    private void answer(SnapshotBoard.Certified snapshot, RequestId id) {
        List<Waiter> done;
        synchronized (this) {
            done = waiters.remove(id);
            if (done == null) {
                return;
            }
            count -= done.size();
        }
        HttpAnswer answer = replied(snapshot, id);
        long now = System.nanoTime();
        for (Waiter waiter : done) {
            waits.observeNanos(now - waiter.beganNanos());
            waiter.answer().accept(answer);
        }
        long took = times.answered(id, snapshot.height());
        if (took > 0) {
            admission.answered(took);
        }
    }

    /// Lets those go whose time is up. Called about once a second.
    public void tick() {
        long now = System.nanoTime();
        List<Waiter> late = new ArrayList<>();
        synchronized (this) {
            Iterator<List<Waiter>> lists = waiters.values().iterator();
            while (lists.hasNext()) {
                List<Waiter> list = lists.next();
                list.removeIf(waiter -> now - waiter.deadlineNanos() >= 0 && late.add(waiter));
                if (list.isEmpty()) {
                    lists.remove();
                }
            }
            count -= late.size();
        }
        for (Waiter waiter : late) {
            waiter.answer().accept(HttpAnswer.accepted());
        }
    }
}
