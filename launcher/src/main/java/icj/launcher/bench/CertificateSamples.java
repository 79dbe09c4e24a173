package icj.launcher.bench;

import icj.agent.Agent;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Verifies the certificate of one answer in [#EVERY] beside a load, on a thread of its own.
@SuppressWarnings("try") // who is interrupted while it closes shall hear of it
final class CertificateSamples {
    /// A verification takes about a millisecond: at 2,000 updates/s two per cent of a core.
    static final int EVERY = 200;

    /// Answers that wait; when it is full, one is left out.
    private static final int WAITING_MAX = 256;

    /// @param request null for the last one, after which nothing comes
    private record Answer(@Nullable LoadRequest request, byte[] body) {}

    private final Agent agent;
    private final CanisterId canister;
    private final SoakCount count;
    private final BlockingQueue<Answer> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread = Thread.ofPlatform().daemon().name("verify").unstarted(this::run);
    private long seen;
    private final AtomicLong verified = new AtomicLong();

    CertificateSamples(Agent agent, CanisterId canister, SoakCount count) {
        this.agent = agent;
        this.canister = canister;
        this.count = count;
        thread.start();
    }

    /// An answer that looks like a reply; called by the thread of the load.
    void offer(LoadRequest request, byte[] body) {
        if (seen++ % EVERY == 0) {
            // A full queue is no failure: the next one that finds room is verified.
            var _ = waiting.offer(new Answer(request, body));
        }
    }

    private void run() {
        try {
            while (true) {
                Answer answer = waiting.take();
                LoadRequest request = answer.request;
                if (request == null) {
                    return;
                }
                String refusal = Replies.refusal(agent, canister, request, 200, answer.body);
                if (refusal == null) {
                    verified.incrementAndGet();
                } else {
                    count.refuted(request.number(), refusal);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How many certificates were found good.
    long verified() {
        return verified.get();
    }

    /// Verifies what still waits.
    void end() throws InterruptedException {
        waiting.put(new Answer(null, new byte[0]));
        thread.join();
    }
}
