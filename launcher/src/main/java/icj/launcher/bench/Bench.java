package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Runs benches.
///
/// @param locations of the user's files
/// @param nodes of the application subnet of a network of its own
/// @param nnsNodes of its NNS subnet
/// @param runs how often; the figures are medians
/// @param cleanup undoes what is left
/// @param notes hears what goes on
public record Bench(
        Locations locations, int nodes, int nnsNodes, int runs, Cleanup cleanup, Notes notes) {
    /// How many nodes, where a bench takes none.
    private static final String NO_NODES = "0";

    private record Step(BenchName name, BenchOptions options) {}

    /// A network of its own, started.
    public Endpoint ownNetwork() {
        notes.say("Making a network of " + nodesText() + " nodes for this bench ...");
        OwnNetwork network = OwnNetwork.make(nodes, nnsNodes, locations, cleanup);
        network.start();
        return network.endpoint();
    }

    /// Waits until a network that was just started has settled.
    public void settle() throws InterruptedException {
        IdleBench.settle(notes);
    }

    private String nodesText() {
        return nnsNodes == 0 ? "" + nodes : nodes + "+" + nnsNodes;
    }

    /// Runs one.
    ///
    /// @param endpoint what is measured; may be null for those that need none
    public Report run(
            BenchName name, BenchOptions options, @Nullable Endpoint endpoint, Surroundings here)
            throws InterruptedException {
        List<Figures> all = new ArrayList<>();
        for (int i = 1; i <= runs; i++) {
            notes.say(name.variant(options) + (runs == 1 ? "" : ", run " + i + " of " + runs));
            all.add(once(name, options, endpoint));
        }
        String count =
                endpoint != null && name.isOfNetwork()
                        ? endpoint.nodesText()
                        : name == BenchName.START ? nodesText() : NO_NODES;
        return here.report(name, options, count, Figures.medians(all));
    }

    /// Runs all of them, those of a network on this one.
    ///
    /// @param endpoint the network; null for one of its own
    /// @param options that each takes as far as they mean something to it
    /// @param each hears each report at once
    public List<Report> all(
            @Nullable Endpoint endpoint, BenchOptions options, Surroundings here, Listener each)
            throws InterruptedException {
        List<Report> reports = new ArrayList<>();
        reports.add(run(BenchName.START, options, null, here));
        each.hear(reports.getLast());
        Endpoint network = endpoint;
        if (network == null) {
            network = ownNetwork();
            settle();
        }
        for (Step step : steps(options)) {
            reports.add(run(step.name, step.options, network, here));
            each.hear(reports.getLast());
        }
        return reports;
    }

    /// Hears reports.
    @FunctionalInterface
    public interface Listener {
        /// One.
        void hear(Report report);
    }

    private static List<Step> steps(BenchOptions options) {
        return List.of(
                new Step(BenchName.IDLE, options),
                new Step(BenchName.LATENCY, options),
                new Step(BenchName.PHASES, options),
                new Step(BenchName.THROUGHPUT, options),
                new Step(BenchName.THROUGHPUT, options.apart()),
                new Step(BenchName.QUERY, options),
                new Step(BenchName.QUERY, options.asAnonymous(false)),
                new Step(BenchName.QUERY, options.asAnonymous(true)),
                new Step(BenchName.ROOT, options),
                new Step(BenchName.WASM, options));
    }

    private Figures once(BenchName name, BenchOptions options, @Nullable Endpoint endpoint)
            throws InterruptedException {
        try {
            return switch (name) {
                case START -> start();
                case ROOT -> RootBench.run(locations, cleanup);
                case WASM -> WasmBench.run(locations, cleanup, notes);
                case LATENCY, THROUGHPUT, QUERY, IDLE, PHASES, SOAK, ALL ->
                        onNetwork(name, options, endpoint);
            };
        } catch (IOException e) {
            throw new Failure(
                    Problem.BENCH_FAILED,
                    "The bench lost its network: " + e.getMessage(),
                    "See: ic status, ic logs");
        }
    }

    private Figures onNetwork(BenchName name, BenchOptions options, @Nullable Endpoint endpoint)
            throws IOException, InterruptedException {
        if (endpoint == null) {
            throw new IllegalArgumentException(name.text() + " needs a network");
        }
        return switch (name) {
            case LATENCY -> LatencyBench.run(endpoint, options, notes);
            case THROUGHPUT -> ThroughputBench.run(endpoint, options, notes);
            case QUERY -> QueryBench.run(endpoint, options, notes);
            case IDLE -> IdleBench.run(endpoint, options, notes);
            case PHASES -> PhasesBench.run(endpoint, options, notes);
            case SOAK -> SoakBench.run(endpoint, options, notes);
            case START, ROOT, WASM, ALL ->
                    throw new IllegalArgumentException(name.text() + " is none of a network");
        };
    }

    private Figures start() {
        OwnNetwork network = OwnNetwork.make(nodes, nnsNodes, locations, cleanup);
        try {
            return StartBench.run(network);
        } finally {
            network.remove();
        }
    }
}
