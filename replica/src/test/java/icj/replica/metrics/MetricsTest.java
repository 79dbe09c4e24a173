package icj.replica.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.types.Invariant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

final class MetricsTest {
    @Test
    void everythingIsShownInThePrometheusTextFormat() {
        Metrics metrics = new Metrics();
        metrics.counter("ic_b_total", "Things", "kind", "a \"quoted\" one").add(3);
        metrics.gauge("ic_a", "A level", () -> 2.5);
        metrics.histogram("ic_c_seconds", "Times").observeNanos(3_000_000);
        String text = metrics.render();
        assertTrue(text.startsWith("# HELP ic_a A level\n# TYPE ic_a gauge\nic_a 2.5\n"), text);
        assertTrue(text.contains("ic_b_total{kind=\"a \\\"quoted\\\" one\"} 3\n"), text);
        assertTrue(text.contains("ic_c_seconds_bucket{le=\"0.0025\"} 0\n"), text);
        assertTrue(text.contains("ic_c_seconds_bucket{le=\"0.005\"} 1\n"), text);
        assertTrue(text.contains("ic_c_seconds_bucket{le=\"+Inf\"} 1\n"), text);
        assertTrue(text.contains("ic_c_seconds_sum 0.003\n"), text);
        assertTrue(text.contains("ic_c_seconds_count 1\n"), text);
    }

    @Test
    void aSeriesIsRegisteredOnceAndKeepsItsKind() {
        Metrics metrics = new Metrics();
        Counter counter = metrics.counter("ic_x_total", "X", "a", "1");
        assertSame(counter, metrics.counter("ic_x_total", "X", "a", "1"));
        assertThrows(Invariant.Violation.class, () -> metrics.histogram("ic_x_total", "X"));
    }

    @Test
    void theNumberOfSeriesIsBoundedAndThoseBeyondCountUnseen() {
        Metrics metrics = new Metrics();
        for (int i = 0; i < Metrics.SERIES_MAX; i++) {
            metrics.counter("ic_x_total", "X", "i", Integer.toString(i));
        }
        Counter beyond = metrics.counter("ic_x_total", "X", "i", "one more");
        beyond.increment();
        metrics.gauge("ic_y", "Y", () -> 1);
        String text = metrics.render();
        assertEquals(Metrics.SERIES_MAX, text.lines().filter(it -> it.charAt(0) != '#').count());
        assertFalse(text.contains("one more"));
        Counter known = metrics.counter("ic_x_total", "X", "i", "0");
        assertSame(known, metrics.counter("ic_x_total", "X", "i", "0"));
    }

    /// A gauge may wait for a thread that waits to count something.
    @Test
    @Timeout(60)
    void gaugesAreAskedOutsideTheLock() {
        Metrics metrics = new Metrics();
        metrics.gauge(
                "ic_a",
                "A level",
                () -> CompletableFuture.supplyAsync(() -> counted(metrics)).join());
        assertTrue(metrics.render().contains("ic_a 1\n"));
    }

    private static long counted(Metrics metrics) {
        Counter counter = metrics.counter("ic_b_total", "Things", "kind", "new");
        counter.increment();
        return counter.value();
    }

    @Test
    void readinessNamesWhatIsMissing() {
        Readiness readiness = new Readiness();
        AtomicReference<String> reason = new AtomicReference<>("1 of \"3\" peers");
        readiness.part("replay", () -> null);
        readiness.part("peers", reason::get);
        readiness.complete();
        assertEquals("peers: 1 of \"3\" peers", readiness.firstReason());
        assertEquals(
                "{\"ready\":false,\"parts\":{\"start\":{\"ready\":true},\"replay\":{\"ready\":true},\"peers\":{\"ready\":false,\"reason\":\"1"
                    + " of \\\"3\\\" peers\"}}}\n",
                readiness.toJson());
        reason.set(null);
        assertNull(readiness.firstReason());
        assertFalse(readiness.toJson().contains("false"));
    }
}
