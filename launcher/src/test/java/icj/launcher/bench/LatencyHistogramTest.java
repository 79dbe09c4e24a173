package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

/// Told against exact percentiles.
final class LatencyHistogramTest {
    @Test
    void ofNothingThereAreNone() {
        assertTrue(Double.isNaN(new LatencyHistogram().millis(50)));
    }

    /// Never below the exact one, and at most one step above it.
    @Test
    void theyAreExactToAStep() {
        Random random = new Random(7);
        for (int count : new int[] {1, 2, 10, 5_000}) {
            LatencyHistogram histogram = new LatencyHistogram();
            Percentiles exact = new Percentiles();
            for (int i = 0; i < count; i++) {
                long sample = (long) (2e6 * Math.exp(10 * random.nextDouble()));
                histogram.add(sample);
                exact.add(sample);
            }
            for (double percent : new double[] {0, 1, 50, 99, 100}) {
                double told = histogram.millis(percent);
                double wanted = exact.millis(percent);
                assertTrue(
                        told >= wanted && told <= wanted * (1 + 1.0 / 64) + 1e-6,
                        count + " samples, " + percent + " %: " + told + " for " + wanted);
            }
        }
    }

    @Test
    void whatIsOutOfRangeCountsAtItsEnds() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(-5);
        histogram.add(Long.MAX_VALUE);
        assertEquals(2, histogram.count());
        assertTrue(histogram.millis(50) < 1.1);
        assertEquals(274_877.9, histogram.millis(100), 0.1);
    }

    @Test
    void partsAddUp() {
        LatencyHistogram one = new LatencyHistogram();
        LatencyHistogram other = new LatencyHistogram();
        one.add(10_000_000);
        other.add(1_000_000_000);
        one.add(other);
        assertEquals(2, one.count());
        assertEquals(10, one.millis(50), 0.2);
        assertEquals(1_000, one.millis(99), 16);
    }
}
