package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

final class LogLineTest {
    private static String line(LogLine lines, Level level, @Nullable Throwable thrown) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent(
                        "",
                        context.getLogger("icj.replica.loop.ConsensusLoop"),
                        level,
                        "height {}",
                        thrown,
                        new Object[] {7});
        event.setThreadName("consensus");
        event.setInstant(Instant.parse("2026-02-03T04:05:06.007Z"));
        return new String(lines.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aLineNamesTimeLevelNodeAndOrigin() {
        assertEquals(
                "2026-02-03T04:05:06.007Z INFO  nns1 [consensus] i.r.l.ConsensusLoop - height 7\n",
                line(new LogLine("nns1", true), Level.INFO, null));
        assertEquals(
                "2026-02-03T04:05:06.007Z ERROR 1 height 7\n",
                line(new LogLine("1", false), Level.ERROR, null));
    }

    @Test
    void aStackTraceFollowsItsLine() {
        String text =
                line(new LogLine("1", true), Level.WARN, new IllegalStateException("the reason"));
        assertTrue(text.contains("height 7\njava.lang.IllegalStateException: the reason"), text);
        assertTrue(text.contains("\tat icj.replica.LogLineTest."), text);
    }

    @Test
    void aTimeBeforeTheEpochIsATimeToo() {
        StringBuilder line = new StringBuilder();
        LogLine.time(line, -1);
        assertEquals("1969-12-31T23:59:59.999Z", line.toString());
    }
}
