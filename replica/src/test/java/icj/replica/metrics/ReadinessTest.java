package icj.replica.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicReference;

final class ReadinessTest {
    @Test
    void aNodeThatIsStillWiredIsNotReady() {
        Readiness readiness = new Readiness();
        assertEquals("start: the node starts", readiness.firstReason());
        assertTrue(readiness.toJson().startsWith("{\"ready\":false,"), readiness::toJson);
        AtomicReference<String> reason = new AtomicReference<>("not \"yet\"");
        readiness.part("replay", reason::get);
        readiness.complete();
        assertEquals("replay: not \"yet\"", readiness.firstReason());
        assertTrue(readiness.toJson().contains("\"not \\\"yet\\\"\""), readiness::toJson);
        reason.set(null);
        assertNull(readiness.firstReason());
        assertTrue(readiness.toJson().startsWith("{\"ready\":true,"), readiness::toJson);
    }
}
