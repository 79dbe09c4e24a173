package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PercentilesTest {
    private static Percentiles of(long... millis) {
        Percentiles percentiles = new Percentiles();
        for (long sample : millis) {
            percentiles.add(sample * 1_000_000);
        }
        return percentiles;
    }

    @Test
    void ofNothingThereAreNone() {
        assertTrue(Double.isNaN(new Percentiles().millis(50)));
        assertEquals(0, new Percentiles().count());
    }

    @Test
    void ofOneSampleAllAreThatSample() {
        assertEquals(7, of(7).millis(1));
        assertEquals(7, of(7).millis(50));
        assertEquals(7, of(7).millis(100));
    }

    @Test
    void theyAreExactWhateverTheOrder() {
        Percentiles percentiles = new Percentiles();
        // 7 and 5000 have no common factor: each of 1 to 5000 once, in disorder, beyond the first
        // size of the array.
        for (long i = 1; i <= 5_000; i++) {
            percentiles.add((i * 7 % 5_000 + 1) * 1_000_000);
        }
        assertEquals(2_500, percentiles.millis(50));
        assertEquals(4_950, percentiles.millis(99));
        assertEquals(5_000, percentiles.millis(100));
        assertEquals(1, percentiles.millis(0));
    }

    @Test
    void theMedianOfTwoIsTheLowerOne() {
        assertEquals(1, of(2, 1).millis(50));
    }

    @Test
    void samplesMayFollowAQuestion() {
        Percentiles percentiles = of(5, 3);
        assertEquals(5, percentiles.millis(99));
        percentiles.add(1_000_000);
        assertEquals(3, percentiles.millis(50));
    }
}
