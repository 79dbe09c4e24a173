package icj.testing.simulation;

import java.util.ArrayList;
import java.util.List;

/// `simulate --nodes N --seeds A..B [--mutant KIND]`: runs seeds and prints those that fail with
/// the command that repeats them. Ends with 1 when one failed.
public final class SimulateMain {
    private SimulateMain() {}

    /// The command.
    public static void main(String[] arguments) {
        int nodes = 4;
        long from = 1;
        long to = 100;
        Mutant.Kind mutant = Mutant.Kind.NONE;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--nodes" -> nodes = Integer.parseInt(value);
                case "--seeds" -> {
                    int dots = value.indexOf("..");
                    from = Long.parseLong(dots < 0 ? value : value.substring(0, dots));
                    to = dots < 0 ? from : Long.parseLong(value.substring(dots + 2));
                }
                case "--mutant" -> mutant = Mutant.Kind.valueOf(value);
                default -> {
                    System.err.println(
                            "usage: simulate --nodes N (0: each size of 1 to 8) --seeds A..B"
                                    + " [--mutant KIND]");
                    System.exit(2);
                }
            }
        }
        System.exit(run(nodes, from, to, mutant) ? 0 : 1);
    }

    private static boolean run(int nodes, long from, long to, Mutant.Kind mutant) {
        long begun = System.nanoTime();
        List<Simulation.Outcome> failed = new ArrayList<>();
        long counted = 0;
        long events = 0;
        long heights = 0;
        long requests = 0;
        long restarts = 0;
        for (long seed = from; seed <= to; seed++) {
            int count = nodes == 0 ? (int) (seed % 8) + 1 : nodes;
            Simulation.Outcome outcome = Simulation.run(seed, count, mutant);
            events += outcome.events();
            heights += outcome.heights();
            requests += outcome.requests();
            restarts += outcome.restarts();
            if (outcome.failure() != null) {
                failed.add(outcome);
                System.out.println("SEED=" + seed + " nodes=" + count + " " + outcome.failure());
                System.out.println(
                        "  repeat: ./testing/simulate --nodes "
                                + count
                                + " --seeds "
                                + seed
                                + ".."
                                + seed
                                + (mutant == Mutant.Kind.NONE ? "" : " --mutant " + mutant));
            } else if (outcome.counts()) {
                counted++;
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "%d seeds, %d failed, %d count (20 heights in each phase), %d heights, %d requests,"
                        + " %d restarts, %d events in %.1f s: %.1f seeds/s%n",
                to - from + 1,
                failed.size(),
                counted,
                heights,
                requests,
                restarts,
                events,
                seconds,
                (to - from + 1) / seconds);
        return failed.isEmpty();
    }
}
