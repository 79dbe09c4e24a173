package icj.launcher.supervise;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process by its id and the moment it started: systems give ids out again, so an id alone might
/// name somebody else's process.
///
/// @param pid its id
/// @param startedMillis when it started, milliseconds since 1970-01-01 UTC
public record ProcessMark(long pid, long startedMillis) {
    /// Linux tells the start relative to a boot time that moves when the clock is set.
    private static final long CLOCK_SHIFT_MILLIS = 5_000;

    /// Of a living process; null when it ended meanwhile or its start can't be learned.
    public static @Nullable ProcessMark of(ProcessHandle process) {
        Optional<Instant> started = process.info().startInstant();
        return started.isPresent()
                ? new ProcessMark(process.pid(), started.get().toEpochMilli())
                : null;
    }

    /// The process, or null when it ended: then another one may have its id.
    public @Nullable ProcessHandle find() {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null || !process.isAlive()) {
            return null;
        }
        ProcessMark now = of(process);
        boolean same =
                now != null && Math.abs(now.startedMillis - startedMillis) <= CLOCK_SHIFT_MILLIS;
        return same ? process : null;
    }

    /// Whether a process has the id. Enough for one that proves otherwise who it is: a clock that
    /// is set moves the start of each process.
    public boolean mayRun() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /// Whether the process still runs.
    public boolean runs() {
        return find() != null;
    }

    /// Whether the process is halted (SIGSTOP), as far as the system tells. No `is` in its name: it
    /// would become a part of files that hold this record.
    public boolean halted() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The state follows the name in parentheses.
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /// Waits until the process has ended; whether it did within the time.
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        ProcessHandle process = find();
        if (process == null) {
            return true;
        }
        try {
            process.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Waiting for process " + pid + " failed", e);
        }
    }
}
