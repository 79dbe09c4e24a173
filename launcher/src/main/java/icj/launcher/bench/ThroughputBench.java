package icj.launcher.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;

/// `throughput`: many clients, each with one update open at a time, spread over all nodes. Every
/// update that was acknowledged is looked up in the canister afterwards.
final class ThroughputBench {
    static final int SECONDS = 60;
    static final int CLIENTS = 256;

    static final Duration WARM_UP = Duration.ofSeconds(3);

    /// Longer than a node lets a caller wait (R-I3).
    static final Duration DRAIN = Duration.ofSeconds(40);

    /// What is signed beforehand for each second; more is signed on the way.
    static final int UPDATES_PER_SECOND = 4_000;

    private ThroughputBench() {}

    static Figures run(Endpoint endpoint, BenchOptions options, Notes notes) throws IOException {
        Duration load = options.loadOr(SECONDS);
        int clients = options.clientsOr(CLIENTS);
        boolean apart = options.distinctPages();
        try (LoadCanister canister = LoadCanister.make(endpoint)) {
            if (apart) {
                canister.spread();
            }
            SignedRequests requests =
                    SignedRequests.marks(LoadCanister.newIdentity(), canister.id(), apart)
                            .sign((int) load.plus(WARM_UP).toSeconds() * UPDATES_PER_SECOND);
            String path = "/api/v4/canister/" + canister.id() + "/call";
            new HttpLoad(endpoint.nodes(), path, clients, new UpdateLoad(requests, WARM_UP))
                    .run(WARM_UP, DRAIN);
            UpdateLoad updates = new UpdateLoad(requests, load);
            Usage usage = Usage.begin(endpoint);
            HttpLoad driver = new HttpLoad(endpoint.nodes(), path, clients, updates);
            double seconds = driver.run(load, DRAIN) / 1e9;
            usage.end(notes);
            int verified = updates.verify(canister.agent(), canister.id());
            notes.say(verified + " certificates verified, " + requests.signedLate() + " late");
            updates.reasons().forEach((reason, count) -> notes.say(count + " x " + reason));
            BitSet acknowledged = updates.acknowledged();
            long lost = canister.lost(apart, acknowledged);
            return figures(updates, seconds, clients, lost);
        }
    }

    static Figures figures(UpdateLoad updates, double seconds, int clients, long lost) {
        return new Figures()
                .number("seconds", seconds)
                .count("clients", clients)
                .count("sent", updates.sent())
                .count("acknowledged", updates.acknowledged().cardinality())
                .count("refused_429", updates.refused())
                .count("errors", updates.errors())
                .count("lost", lost)
                .number("updates_per_s", updates.inTime() / seconds)
                .number("p99_ms", updates.latencies().millis(99));
    }
}
