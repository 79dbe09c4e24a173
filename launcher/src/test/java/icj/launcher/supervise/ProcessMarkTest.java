package icj.launcher.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class ProcessMarkTest {
    @Test
    void aProcessIsFoundByIdAndStart() {
        ProcessMark self = ProcessMark.of(ProcessHandle.current());
        assertNotNull(self);
        assertTrue(self.runs());
        ProcessMark shifted = new ProcessMark(self.pid(), self.startedMillis() - 3_000);
        assertTrue(shifted.runs(), "the clock was set");
    }

    @Test
    void anotherProcessUnderTheSameIdIsNotTaken() throws Exception {
        ProcessMark self = ProcessMark.of(ProcessHandle.current());
        assertNotNull(self);
        ProcessMark earlier = new ProcessMark(self.pid(), self.startedMillis() - 60_000);
        assertFalse(earlier.runs());
        assertEquals(null, earlier.find());
        assertTrue(earlier.awaitEnd(Duration.ofDays(1)));
    }

    @Test
    void whatEndedIsGone() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        ProcessMark mark = ProcessMark.of(process.toHandle());
        assertNotNull(mark);
        assertTrue(mark.runs());
        assertFalse(mark.awaitEnd(Duration.ofMillis(1)));
        process.destroyForcibly().waitFor();
        assertFalse(mark.runs());
    }
}
