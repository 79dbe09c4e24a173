package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.bench.Bench;
import icj.launcher.bench.BenchName;
import icj.launcher.bench.BenchOptions;
import icj.launcher.bench.Cleanup;
import icj.launcher.bench.Endpoint;
import icj.launcher.bench.Figures;
import icj.launcher.bench.LocalNetwork;
import icj.launcher.bench.OwnNetwork;
import icj.launcher.bench.Report;
import icj.launcher.bench.Surroundings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Arrays;
import java.util.List;

/// `ic bench`: measures a network.
@Command(
        name = "bench",
        description = {
            "Measures a network: the running one that --network or --state-dir names, else one of"
                    + " its own that is removed afterwards.",
        },
        footer = {
            "ic bench latency # on a network of its own",
            "ic bench throughput --network local --seconds 20 # on the one that runs",
            "ic bench throughput --distinct-pages --json",
            "ic bench query --anonymous --runs 3 # medians"
        })
final class BenchCommand extends NetworkCommand {
    private static final int SAMPLES_MAX = 100_000;

    /// Two hours: beyond that, repeat.
    private static final int SECONDS_MAX = 7_200;

    /// A connection each, and nodes take so many.
    private static final int CLIENTS_MAX = 2_048;

    private static final int RUNS_MAX = 99;

    @Parameters(
            paramLabel = "NAME",
            description = "latency, throughput, query, start, idle or phases.")
    private BenchName name = BenchName.LATENCY;

    @Option(names = "--markdown", description = "Print a table in Markdown.")
    private boolean markdown;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Repeat and print medians (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--samples", paramLabel = "N", description = "Latencies (default: 500).")
    private @Nullable Integer samples;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long (default: throughput and idle 60, query 15).")
    private @Nullable Integer seconds;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Clients at the same time (default: throughput 256, query 8).")
    private @Nullable Integer clients;

    @Option(
            names = "--distinct-pages",
            description = "throughput: each update writes a page of its own.")
    private boolean distinctPages;

    @Option(names = "--anonymous", description = "query: without signatures.")
    private boolean anonymous;

    @Option(names = "--while-updating", description = "query: beside a load of updates.")
    private boolean whileUpdating;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "4",
            description = "Application nodes of its own network (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--nns-nodes",
            paramLabel = "M",
            defaultValue = "1",
            description = "NNS nodes of its own network (default: ${DEFAULT-VALUE}).")
    private int nnsNodes;

    @Override
    public Integer call() throws InterruptedException {
        check();
        Cleanup cleanup = new Cleanup();
        try (cleanup) {
            BenchOptions options =
                    new BenchOptions(
                            samples, seconds, clients, distinctPages, anonymous, whileUpdating);
            Surroundings here = Surroundings.now();
            if (name == BenchName.START) {
                Figures figures =
                        Bench.start(
                                nodes, nnsNodes, runs, ic().locations(), cleanup, ic()::progress);
                print(here.report(name, options, nodesText(), figures));
                return ExitCode.OK.number();
            }
            Endpoint endpoint = endpoint(cleanup);
            Figures figures = Bench.run(name, endpoint, options, runs, ic()::progress);
            print(here.report(name, options, endpoint.nodesText(), figures));
            return ExitCode.OK.number();
        } catch (Failure failure) {
            if (cleanup.isInterrupted()) {
                // The process ends by a signal; what fails meanwhile is of no interest.
                return ExitCode.FAILURE.number();
            }
            throw failure;
        }
    }

    private void check() {
        range("--samples", samples, SAMPLES_MAX, BenchName.LATENCY, BenchName.PHASES);
        range(
                "--seconds",
                seconds,
                SECONDS_MAX,
                BenchName.THROUGHPUT,
                BenchName.QUERY,
                BenchName.IDLE);
        range("--clients", clients, CLIENTS_MAX, BenchName.THROUGHPUT, BenchName.QUERY);
        range("--runs", runs, RUNS_MAX, BenchName.values());
        fits("--distinct-pages", distinctPages, BenchName.THROUGHPUT);
        fits("--anonymous", anonymous, BenchName.QUERY);
        fits("--while-updating", whileUpdating, BenchName.QUERY);
        fits("--network and --state-dir", ic().namesNetwork(), runningNetworks());
    }

    /// A start is measured on a network of its own.
    private static BenchName[] runningNetworks() {
        return Arrays.stream(BenchName.values())
                .filter(bench -> bench != BenchName.START)
                .toArray(BenchName[]::new);
    }

    private void range(String option, @Nullable Integer value, int max, BenchName... benches) {
        if (value != null && (value < 1 || value > max)) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    option + " is 1 to " + max + ", not " + value,
                    "See: ic bench --help");
        }
        fits(option, value != null, benches);
    }

    private void fits(String option, boolean given, BenchName... benches) {
        if (given && !List.of(benches).contains(name)) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    option + " means nothing to ic bench " + name.text(),
                    "Leave it out, or see: ic bench --help");
        }
    }

    private String nodesText() {
        return nnsNodes == 0 ? "" + nodes : nodes + "+" + nnsNodes;
    }

    private Endpoint endpoint(Cleanup cleanup) {
        if (ic().namesNetwork()) {
            return LocalNetwork.endpoint(ic().directory());
        }
        ic().progress("Making a network of " + nodesText() + " nodes for this bench ...");
        OwnNetwork network = OwnNetwork.make(nodes, nnsNodes, ic().locations(), cleanup);
        network.start();
        return network.endpoint();
    }

    private void print(Report report) {
        ic().print(report.json());
        ic().say(markdown ? report.markdown() : report.text());
    }
}
