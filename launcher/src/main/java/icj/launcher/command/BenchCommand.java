package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.Problem;

import picocli.CommandLine.Command;

/// `ic bench`: reserved.
@Command(
        name = "bench",
        description = "Will measure a network; not there yet.",
        footer = {"ic bench"})
final class BenchCommand extends NetworkCommand {
    @Override
    public Integer call() {
        throw new Failure(
                Problem.DEFECT,
                "ic bench is not there yet: it will measure latency and throughput of updates and"
                        + " queries on this network and print them with date and machine",
                "Figures measured by the tests stand in docs/performance.md");
    }
}
