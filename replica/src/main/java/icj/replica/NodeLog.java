package icj.replica;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;

import icj.replica.loop.CanisterLines;

import org.slf4j.LoggerFactory;

import java.nio.file.Path;

/// The logs of a node in its log folder: `replica.log`, and `canisters.log` with what canisters
/// print; each has 8 MiB and four older ones. Nothing that is secret is ever handed to a logger.
final class NodeLog {
    private static final long FILE_BYTES_MAX = 8L << 20;
    private static final int OLDER_FILES = 4;

    /// What all files in the folder take at most: those of the node, of its canisters, and what the
    /// supervisor keeps of its output; a check each second lets a file grow a little further.
    static final long BYTES_MAX = (2 * OLDER_FILES + 3) * FILE_BYTES_MAX;

    private NodeLog() {}

    static void open(Path folder, String node) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(file(context, folder, "replica", new LogLine(node, true)));
        context.getLogger("io.netty").setLevel(Level.WARN);
        // What canisters print has a file of its own: a chatty one doesn't push out the node's.
        Logger canisters = context.getLogger(CanisterLines.LOGGER);
        canisters.setAdditive(false);
        canisters.addAppender(file(context, folder, "canisters", new LogLine(node, false)));
    }

    private static RollingFileAppender<ILoggingEvent> file(
            LoggerContext context, Path folder, String name, LogLine encoder) {
        encoder.setContext(context);
        encoder.start();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(folder.resolve(name + ".log").toString());
        appender.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(folder.resolve(name + ".%i.log").toString());
        rolling.setMinIndex(1);
        rolling.setMaxIndex(OLDER_FILES);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
        trigger.setCheckIncrement(Duration.buildBySeconds(1));
        trigger.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(trigger);
        appender.start();
        return appender;
    }

    /// Writes out what is buffered.
    static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
