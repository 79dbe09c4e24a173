package icj.e2e;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.agent.Identity;
import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.crypto.Ed25519SigningKey;
import icj.types.Blob;
import icj.types.CanisterId;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that append numbers, each its own, to the canister of `examples/log`, and remember what
/// became of each.
final class LogClients implements AutoCloseable {
    /// What a client knows of a number that it sent.
    enum Fate {
        /// A valid certificate says so (R-I5).
        ACKNOWLEDGED,
        /// No answer, or one that is no certificate.
        UNKNOWN
    }

    private final CanisterId log;
    private final Blob rootKey;
    private final AtomicLong next;
    private final Map<Long, Fate> fates = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> failures = new ConcurrentSkipListMap<>();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();

    LogClients(CanisterId log, Blob rootKey, long first) {
        this.log = log;
        this.rootKey = rootKey;
        this.next = new AtomicLong(first);
    }

    /// Starts `count` clients, spread over the nodes, each with `open` calls at a time.
    LogClients start(int count, int open, List<URI> nodes) {
        for (int i = 0; i < count; i++) {
            URI node = nodes.get(i % nodes.size());
            Identity identity = Identity.of(Ed25519SigningKey.generate(new SecureRandom()));
            for (int j = 0; j < open; j++) {
                threads.add(Thread.ofPlatform().start(() -> run(node, identity)));
            }
        }
        return this;
    }

    private void run(URI node, Identity identity) {
        try (Agent agent =
                Agent.builder(node)
                        .rootKey(rootKey)
                        .identity(identity)
                        .callTimeout(Duration.ofSeconds(8))
                        .patience(Duration.ZERO)
                        .build()) {
            while (running.get()) {
                long number = next.getAndIncrement();
                fates.put(number, Fate.UNKNOWN);
                try {
                    agent.call(log, "append", Blob.owning(arguments(number)));
                    fates.put(number, Fate.ACKNOWLEDGED);
                } catch (AgentException e) {
                    failures.computeIfAbsent(e.getClass().getSimpleName(), c -> new AtomicLong())
                            .incrementAndGet();
                    pause();
                }
            }
        } catch (AgentException e) {
            throw new AssertionError("a client could not be made", e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /// Stops sending and waits until no call is open.
    void stop() {
        running.set(false);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// Every number that was sent.
    Map<Long, Fate> fates() {
        return new TreeMap<>(fates);
    }

    long acknowledged() {
        return fates.values().stream().filter(f -> f == Fate.ACKNOWLEDGED).count();
    }

    /// Failed calls by kind.
    Map<String, AtomicLong> failures() {
        return failures;
    }

    long nextNumber() {
        return next.get();
    }

    /// The numbers in the canister, in its order.
    static List<Long> read(Agent agent, CanisterId log) throws AgentException, CandidException {
        List<Long> numbers = new ArrayList<>();
        long size = nat64(one(agent.query(log, "size", Blob.owning(arguments()))));
        while (numbers.size() < size) {
            Blob part =
                    agent.query(
                            log, "read", Blob.owning(arguments((long) numbers.size(), 10_000L)));
            for (CandidValue value : ((CandidValue.Vec) one(part)).elements()) {
                numbers.add(nat64(value));
            }
        }
        return numbers;
    }

    private static CandidValue one(Blob reply) throws CandidException {
        return Candid.decode(reply.toBytes()).values().getFirst();
    }

    private static long nat64(CandidValue value) {
        return ((CandidValue.Fixed) value).bits();
    }

    static byte[] arguments(Long... numbers) {
        List<CandidValue> values = new ArrayList<>();
        for (long number : numbers) {
            values.add(new CandidValue.Fixed(CandidType.Primitive.NAT64, number));
        }
        return Candid.encode(values);
    }

    /// A client that failed waits a little, as people's clients do.
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
