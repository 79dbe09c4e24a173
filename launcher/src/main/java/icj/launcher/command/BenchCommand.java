package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.bench.Bench;
import icj.launcher.bench.BenchName;
import icj.launcher.bench.BenchOptions;
import icj.launcher.bench.Cleanup;
import icj.launcher.bench.Endpoint;
import icj.launcher.bench.LocalNetwork;
import icj.launcher.bench.Notes;
import icj.launcher.bench.OtherEndpoint;
import icj.launcher.bench.PerformancePage;
import icj.launcher.bench.Report;
import icj.launcher.bench.Surroundings;
import icj.launcher.network.Settings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

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
            "ic bench query --anonymous --runs 3 # medians",
            "ic bench soak --minutes 120 --json # nodes are killed meanwhile",
            "ic bench soak --seconds 60 --rate 5000 --no-kill # an overload",
            "ic bench latency --url http://127.0.0.1:8000 # any other endpoint",
            "ic bench all --markdown --runs 3 # writes docs/performance.md"
        })
final class BenchCommand extends NetworkCommand {
    private static final int SAMPLES_MAX = 100_000;

    /// Two hours: beyond that, repeat.
    private static final int SECONDS_MAX = 7_200;

    /// A connection each, and nodes take so many.
    private static final int CLIENTS_MAX = 2_048;

    private static final int RUNS_MAX = 99;

    private static final int MINUTES_MAX = 7 * 24 * 60;
    private static final int RATE_MAX = 100_000;
    private static final int KILL_SECONDS_MAX = 3_600;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "latency, throughput, query, start, idle, phases, root, wasm, soak or all.")
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
            description = "How long (default: throughput and idle 60, query 15; soak: --minutes).")
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

    @Option(names = "--minutes", paramLabel = "N", description = "soak: how long (default: 120).")
    private @Nullable Integer minutes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "soak: updates per second (default: half of what a burst reaches).")
    private @Nullable Integer rate;

    @Option(
            names = "--kill-every",
            paramLabel = "SECONDS",
            description = "soak: kill one application node after the other (default: 60).")
    private @Nullable Integer killEvery;

    @Option(names = "--no-kill", description = "soak: kill none.")
    private boolean noKill;

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

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "latency, throughput, query: measure this endpoint; may be repeated.")
    private List<String> urls = List.of();

    @Option(
            names = "--root-key",
            paramLabel = "HEX",
            description = "Of the network behind --url (default: it is asked).")
    private @Nullable String rootKey;

    @Option(
            names = "--effective-canister",
            paramLabel = "ID",
            description = "An id that the subnet behind --url hosts (default: it is asked).")
    private @Nullable String effective;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "all --markdown: the page (default: docs/performance.md here).")
    private @Nullable Path output;

    @Override
    public Integer call() throws InterruptedException {
        if (name == BenchName.ALL) {
            ic().streaming();
        }
        check();
        Path page = output == null ? PerformancePage.place() : output;
        if (name == BenchName.ALL && markdown) {
            PerformancePage.check(page);
        }
        Cleanup cleanup = new Cleanup();
        try (cleanup) {
            Bench bench = new Bench(ic().locations(), nodes, nnsNodes, runs, cleanup, notes());
            BenchOptions options =
                    new BenchOptions(
                            samples,
                            seconds,
                            clients,
                            distinctPages,
                            anonymous,
                            whileUpdating,
                            soak());
            Surroundings here = Surroundings.now();
            Endpoint endpoint = endpoint();
            if (name == BenchName.ALL) {
                List<Report> reports = bench.all(endpoint, options, here, this::printOfMany);
                if (markdown) {
                    PerformancePage.write(page, reports, runs);
                    ic().progress("Written: " + page);
                }
                return ExitCode.OK.number();
            }
            if (endpoint == null && name.isOfNetwork()) {
                endpoint = bench.ownNetwork();
                if (name == BenchName.IDLE) {
                    bench.settle();
                }
            }
            print(bench.run(name, options, endpoint, here));
            return ExitCode.OK.number();
        } catch (Failure failure) {
            if (cleanup.isInterrupted()) {
                // The process ends by a signal; what fails meanwhile is of no interest.
                return ExitCode.FAILURE.number();
            }
            throw failure;
        }
    }

    /// Hours are long: a soak tells of each minute also where its figures go to a program.
    private Notes notes() {
        return name == BenchName.SOAK ? ic()::aside : ic()::progress;
    }

    private BenchOptions.Soak soak() {
        BenchOptions.Soak usual = BenchOptions.Soak.DEFAULT;
        Integer every = killEvery == null ? usual.killSeconds() : killEvery;
        int length = seconds != null ? seconds : minutes != null ? 60 * minutes : usual.seconds();
        return new BenchOptions.Soak(length, rate, noKill ? null : every);
    }

    /// What the command line names; null for a network of its own, or none.
    private @Nullable Endpoint endpoint() {
        if (!urls.isEmpty()) {
            return OtherEndpoint.of(urls, rootKey, effective);
        }
        return ic().namesNetwork() ? LocalNetwork.endpoint(ic().directory()) : null;
    }

    private void check() {
        range("--samples", samples, SAMPLES_MAX, BenchName.LATENCY, BenchName.PHASES);
        range(
                "--seconds",
                seconds,
                SECONDS_MAX,
                BenchName.THROUGHPUT,
                BenchName.QUERY,
                BenchName.IDLE,
                BenchName.SOAK);
        range("--clients", clients, CLIENTS_MAX, BenchName.THROUGHPUT, BenchName.QUERY);
        range("--minutes", minutes, MINUTES_MAX, BenchName.SOAK);
        range("--rate", rate, RATE_MAX, BenchName.SOAK);
        range("--kill-every", killEvery, KILL_SECONDS_MAX, BenchName.SOAK);
        fits("--no-kill", noKill, BenchName.SOAK);
        range("--runs", runs, RUNS_MAX, BenchName.values());
        range("--nodes", nodes, Settings.NODES_MAX, BenchName.values());
        fits("--distinct-pages", distinctPages, BenchName.THROUGHPUT);
        fits("--anonymous", anonymous, BenchName.QUERY);
        fits("--while-updating", whileUpdating, BenchName.QUERY);
        fits("--network", ic().namesNetwork(), having(BenchName::isOfNetwork));
        fits("--url", !urls.isEmpty(), having(BenchName::isOfAnyEndpoint));
        fits("--output", output != null, BenchName.ALL);
        if (urls.isEmpty() ? rootKey != null || effective != null : ic().namesNetwork()) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    "--url names an endpoint, --network a network on this machine; --root-key and"
                            + " --effective-canister belong to --url",
                    "See: ic bench --help");
        }
    }

    private static BenchName[] having(Predicate<BenchName> quality) {
        return Arrays.stream(BenchName.values()).filter(quality).toArray(BenchName[]::new);
    }

    private void range(String option, @Nullable Integer value, int max, BenchName... benches) {
        if (value != null && (value < 1 || value > max)) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    option + " is 1 to " + max + ", not " + value,
                    "See: ic bench --help");
        }
        fits(option, value != null && name != BenchName.ALL, benches);
    }

    private void fits(String option, boolean given, BenchName... benches) {
        if (given && !List.of(benches).contains(name)) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    option + " means nothing to ic bench " + name.text(),
                    "Leave it out, or see: ic bench --help");
        }
    }

    private void print(Report report) {
        ic().print(report.json());
        ic().say(markdown ? report.markdown() : report.text());
    }

    /// One of several: a line by `--json`.
    private void printOfMany(Report report) {
        if (ic().json()) {
            ic().printLine(report.json());
        } else {
            ic().say(report.text());
        }
    }
}
