package icj.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Whole subnets of every size under faults. A failure prints the seed and the command that repeats
/// it; `-Dsimulation.seeds=N` runs more of them.
@Tag("sim")
final class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
    private static final int SIZES = 8;
    private static final int THREADS = 2;

    @Test
    void allPropertiesHoldOnEverySeed() throws InterruptedException {
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger counted = new AtomicInteger();
        AtomicLong next = new AtomicLong(1);
        long last = SEEDS + SEEDS / 10;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                while (counted.get() < SEEDS && failures.size() < 5) {
                                    long seed = next.getAndIncrement();
                                    if (seed > last) {
                                        return;
                                    }
                                    int nodes = (int) (seed % SIZES) + 1;
                                    Simulation.Outcome outcome =
                                            Simulation.run(seed, nodes, Mutant.Kind.NONE);
                                    if (outcome.failure() != null) {
                                        failures.add(report(outcome));
                                    } else if (outcome.counts()) {
                                        counted.incrementAndGet();
                                    }
                                }
                            },
                            "simulation-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        assertTrue(
                counted.get() >= SEEDS,
                "Of the seeds to " + last + " only " + counted + " finalized enough heights");
    }

    private static String report(Simulation.Outcome outcome) {
        String text =
                "SEED="
                        + outcome.seed()
                        + " "
                        + outcome.failure()
                        + "\nrepeat: ./testing/simulate --nodes "
                        + outcome.nodes()
                        + " --seeds "
                        + outcome.seed()
                        + ".."
                        + outcome.seed();
        System.out.println(text);
        return text;
    }

    @Test
    void allPropertiesHoldWithRealCryptography() {
        for (long seed = 1; seed <= 20; seed++) {
            int nodes = (int) (seed % 4) + 1;
            Simulation.Outcome outcome =
                    Simulation.run(seed, nodes, Mutant.Kind.NONE, RealKeys::new);
            assertEquals(null, outcome.failure(), "SEED=" + seed + " nodes=" + nodes);
        }
    }

    @Test
    void aSeedRepeatsItselfExactly() {
        Simulation.Outcome first = Simulation.run(7, 4, Mutant.Kind.NONE);
        Simulation.Outcome second = Simulation.run(7, 4, Mutant.Kind.NONE);
        assertEquals(first, second);
    }
}
