package icj.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What a machine tells of itself; tests make one up.
///
/// @param javaFeature version of the Java that runs
/// @param java its whole version
/// @param system name of the operating system and the processor
/// @param memoryFreeBytes what programs may still take; negative when unknown
/// @param openFiles the limit for one process; negative when unknown
/// @param processes the limit for this user; negative when unknown
/// @param clock now
/// @param clockSynchronised whether the system's time service says so
public record Machine(
        int javaFeature,
        String java,
        String system,
        long memoryFreeBytes,
        long openFiles,
        long processes,
        Instant clock,
        boolean clockSynchronised) {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path SYNCHRONISED = Path.of("/run/systemd/timesync/synchronized");
    private static final long UNLIMITED = Long.MAX_VALUE;

    /// This machine.
    public static Machine here() {
        return new Machine(
                Runtime.version().feature(),
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                memoryFree(),
                limit("Max open files"),
                limit("Max processes"),
                Instant.now(),
                Files.exists(SYNCHRONISED));
    }

    private static long memoryFree() {
        try {
            for (String line : Files.readAllLines(MEMORY)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            return -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /// The soft limit, which child processes inherit; Java has raised that of open files already.
    private static long limit(String name) {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                if (line.startsWith(name)) {
                    String soft = line.substring(name.length()).strip().split("\\s+")[0];
                    return soft.equals("unlimited") ? UNLIMITED : Long.parseLong(soft);
                }
            }
            return -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /// A number of bytes for people.
    static String bytes(long bytes) {
        double amount = bytes;
        for (String unit : List.of("bytes", "KiB", "MiB")) {
            if (amount < 1024) {
                return String.format(Locale.ROOT, "%.0f %s", amount, unit);
            }
            amount /= 1024;
        }
        return String.format(Locale.ROOT, "%.1f GiB", amount);
    }
}
