package icj.replica;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// A line of a node's log: `2026-11-22T10:00:00.000Z INFO 1 [main] i.r.Replica - The sentence`,
/// then the stack trace if there is one. Written out here since the library's patterns and date
/// formats cost a node a twentieth of its start.
final class LogLine extends EncoderBase<ILoggingEvent> {
    private static final int LOGGER_LENGTH = 20;
    private static final int LEVEL_LENGTH = 5;
    private static final byte[] NONE = {};

    private final String node;
    private final boolean withOrigin;
    private final TargetLengthBasedClassNameAbbreviator abbreviator =
            new TargetLengthBasedClassNameAbbreviator(LOGGER_LENGTH);

    /// @param node for people
    /// @param withOrigin whether thread and logger are named
    LogLine(String node, boolean withOrigin) {
        this.node = node;
        this.withOrigin = withOrigin;
    }

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        time(line, event.getTimeStamp());
        String level = event.getLevel().toString();
        line.append(' ').append(level).repeat(' ', Math.max(1, LEVEL_LENGTH + 1 - level.length()));
        line.append(node).append(' ');
        if (withOrigin) {
            line.append('[').append(event.getThreadName()).append("] ");
            line.append(abbreviator.abbreviate(event.getLoggerName())).append(" - ");
        }
        line.append(event.getFormattedMessage()).append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }

    /// RFC 3339 in UTC with milliseconds.
    static void time(StringBuilder line, long millis) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1_000L), 0, ZoneOffset.UTC);
        digits(line, time.getYear(), 4).append('-');
        digits(line, time.getMonthValue(), 2).append('-');
        digits(line, time.getDayOfMonth(), 2).append('T');
        digits(line, time.getHour(), 2).append(':');
        digits(line, time.getMinute(), 2).append(':');
        digits(line, time.getSecond(), 2).append('.');
        digits(line, Math.floorMod(millis, 1_000), 3).append('Z');
    }

    private static StringBuilder digits(StringBuilder line, int number, int width) {
        String digits = Integer.toString(number);
        return line.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }
}
