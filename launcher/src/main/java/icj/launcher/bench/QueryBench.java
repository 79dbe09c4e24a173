package icj.launcher.bench;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.agent.Identity;
import icj.types.Blob;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `query`: clients that ask one query after the other, spread over all nodes; with
/// `--while-updating` others send updates meanwhile. One answer in 20 is verified afterwards: an
/// answer whose signature doesn't stand does not count.
final class QueryBench {
    static final int SECONDS = 15;

    /// Enough to keep two cores busy, few enough that a query waits for little but its own turn.
    static final int CLIENTS = 8;

    private static final int UPDATE_CLIENTS = 16;
    private static final int SIGNED_MAX = 60_000;
    private static final int SIGNED_PER_SECOND = 12_000;
    private static final int VERIFIED_EVERY = 20;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private QueryBench() {}

    private record Kept(LoadRequest request, byte[] answer) {}

    /// Counts answers.
    private static final class Load implements LoadFeed {
        private final SignedRequests requests;
        private final Percentiles latencies = new Percentiles();
        private final List<Kept> kept = new ArrayList<>();
        private final Map<String, Long> reasons = new TreeMap<>();

        Load(SignedRequests requests) {
            this.requests = requests;
        }

        @Override
        public LoadRequest next() {
            return requests.next();
        }

        @Override
        public void answered(LoadRequest request, int status, byte[] body, long nanos) {
            if (status != 200) {
                failed(request, "HTTP " + status);
                return;
            }
            latencies.add(nanos);
            if (latencies.count() % VERIFIED_EVERY == 0) {
                kept.add(new Kept(request, body));
            }
        }

        @Override
        public void failed(LoadRequest request, String reason) {
            reasons.merge(reason, 1L, Long::sum);
        }

        /// How many of the answers count, judged by those that were kept.
        long verified(LoadCanister canister) {
            Agent agent = canister.agent();
            long wrong = 0;
            for (Kept one : kept) {
                try {
                    agent.queryReply(canister.id(), one.request.id(), Blob.owning(one.answer));
                } catch (AgentException e) {
                    wrong++;
                    reasons.merge(e.getMessage(), 1L, Long::sum);
                }
            }
            return kept.isEmpty()
                    ? latencies.count()
                    : latencies.count() - latencies.count() * wrong / kept.size();
        }
    }

    static Figures run(Endpoint endpoint, BenchOptions options, Notes notes)
            throws IOException, InterruptedException {
        Duration load = options.loadOr(SECONDS);
        int clients = options.clientsOr(CLIENTS);
        Identity identity = options.anonymous() ? Identity.anonymous() : LoadCanister.newIdentity();
        try (LoadCanister canister = LoadCanister.make(endpoint)) {
            int ahead = (int) Math.min(SIGNED_MAX, load.toSeconds() * SIGNED_PER_SECOND);
            SignedRequests queries = SignedRequests.queries(identity, canister.id()).sign(ahead);
            List<URI> nodes = endpoint.nodes();
            String path = "/api/v3/canister/" + canister.id() + "/query";
            UpdatesBeside beside = null;
            try {
                if (options.whileUpdating()) {
                    beside =
                            UpdatesBeside.start(
                                    endpoint, canister, UPDATE_CLIENTS, load.plus(WARM_UP));
                }
                new HttpLoad(nodes, path, clients, new Load(queries)).run(WARM_UP, DRAIN);
                Load asked = new Load(queries);
                Usage usage = Usage.begin(endpoint);
                double seconds = new HttpLoad(nodes, path, clients, asked).run(load, DRAIN) / 1e9;
                double nodeSeconds = usage.end(notes);
                long good = asked.verified(canister);
                asked.reasons.forEach((reason, count) -> notes.say(count + " x " + reason));
                return new Figures()
                        .number("queries_per_s", good / seconds)
                        .number("queries_per_s_per_core", good / nodeSeconds)
                        .number("p50_ms", asked.latencies.millis(50))
                        .number("p99_ms", asked.latencies.millis(99));
            } finally {
                if (beside != null) {
                    beside.end(notes);
                }
            }
        }
    }
}
