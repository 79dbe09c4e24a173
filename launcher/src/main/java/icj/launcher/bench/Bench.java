package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Runs benches.
public final class Bench {
    private Bench() {}

    /// Runs one on a network that runs.
    ///
    /// @param runs how often; the figures are medians
    public static Figures run(
            BenchName name, Endpoint endpoint, BenchOptions options, int runs, Notes notes)
            throws InterruptedException {
        List<Figures> all = new ArrayList<>();
        for (int i = 1; i <= runs; i++) {
            if (runs > 1) {
                notes.say(name.variant(options) + ", run " + i + " of " + runs);
            }
            all.add(once(name, endpoint, options, notes));
        }
        return Figures.medians(all);
    }

    /// Measures starts; each run makes a network of its own.
    public static Figures start(
            int nodes, int nnsNodes, int runs, Locations locations, Cleanup cleanup, Notes notes) {
        List<Figures> all = new ArrayList<>();
        for (int i = 1; i <= runs; i++) {
            if (runs > 1) {
                notes.say("start, run " + i + " of " + runs);
            }
            OwnNetwork network = OwnNetwork.make(nodes, nnsNodes, locations, cleanup);
            all.add(StartBench.run(network));
            network.remove();
        }
        return Figures.medians(all);
    }

    private static Figures once(
            BenchName name, Endpoint endpoint, BenchOptions options, Notes notes)
            throws InterruptedException {
        try {
            return switch (name) {
                case LATENCY -> LatencyBench.run(endpoint, options, notes);
                case THROUGHPUT -> ThroughputBench.run(endpoint, options, notes);
                case QUERY -> QueryBench.run(endpoint, options, notes);
                case IDLE -> IdleBench.run(endpoint, options, notes);
                case PHASES -> PhasesBench.run(endpoint, options, notes);
                case START -> throw new IllegalStateException("A start needs its own network");
            };
        } catch (IOException e) {
            throw new Failure(
                    Problem.BENCH_FAILED,
                    "The bench lost its network: " + e.getMessage(),
                    "See: ic status, ic logs");
        }
    }
}
