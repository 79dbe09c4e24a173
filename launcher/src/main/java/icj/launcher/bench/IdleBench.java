package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Locale;

/// `idle`: what a network uses that nobody asks anything.
final class IdleBench {
    static final int SECONDS = 60;

    private static final Duration SETTLING = Duration.ofSeconds(20);

    private IdleBench() {}

    /// Lets a network that was just started do what it puts off at the start.
    static void settle(Notes notes) throws InterruptedException {
        notes.say("Waiting " + SETTLING.toSeconds() + " s until it has settled ...");
        Thread.sleep(SETTLING);
    }

    static Figures run(Endpoint endpoint, BenchOptions options, Notes notes)
            throws InterruptedException, IOException {
        Endpoint.Local local = endpoint.local();
        if (local == null) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    "What processes elsewhere use can't be seen from here",
                    "Leave --url out");
        }
        Duration watched = options.loadOr(SECONDS);
        long bytes = bytes(local.directory());
        long cpu = NodeProcess.cpuNanos(local.processes());
        long began = System.nanoTime();
        Thread.sleep(watched);
        long wall = System.nanoTime() - began;
        double share = 100.0 * (NodeProcess.cpuNanos(local.processes()) - cpu) / wall;
        long grown = bytes(local.directory()) - bytes;
        Figures figures = new Figures().number("cpu_percent", share);
        double sum = 0;
        for (NodeProcess process : local.processes()) {
            double resident = process.residentMegabytes();
            sum += resident;
            figures.number("rss_mb_" + process.name(), resident);
        }
        notes.say(String.format(Locale.ROOT, "resident in all: %.0f MB", sum));
        return figures.count("disk_bytes_per_hour", (long) (grown * 3_600e9 / wall));
    }

    /// The sum of the sizes of all files, in MB; NaN when they can't be seen.
    static double megabytes(Path directory) {
        try {
            return bytes(directory) / 1e6;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /// The sum of the sizes of all files.
    private static long bytes(Path directory) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                        sum[0] += found.size();
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        // The store removes files while we look.
                        return FileVisitResult.CONTINUE;
                    }
                });
        return sum[0];
    }
}
