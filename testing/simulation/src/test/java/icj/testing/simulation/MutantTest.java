package icj.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each planted bug is found by the very driver and checkers that the correct core passes.
@Tag("sim")
final class MutantTest {
    private static final int SEEDS_MAX = 150;
    private static final int NODES = 4;

    @ParameterizedTest
    @EnumSource(value = Mutant.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isFound(Mutant.Kind kind) {
        boolean found = false;
        for (long seed = 1; seed <= SEEDS_MAX && !found; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed, NODES, kind);
            if (outcome.failure() != null) {
                System.out.println(
                        kind
                                + " found by SEED="
                                + seed
                                + ": "
                                + outcome.failure().lines().findFirst().orElse(""));
                found = true;
            }
        }
        assertTrue(found, kind + " survived " + SEEDS_MAX + " seeds");
    }
}
