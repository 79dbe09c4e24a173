package icj.launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process of a network, and what it uses.
///
/// @param name of the node, or `supervisor`
/// @param pid of the process
public record NodeProcess(String name, long pid) {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /// The processor time that it has used, in nanoseconds; 0 when it is gone.
    static long cpuNanos(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .orElse(0L);
    }

    /// The processor time of all of them.
    static long cpuNanos(List<NodeProcess> processes) {
        long sum = 0;
        for (NodeProcess process : processes) {
            sum += cpuNanos(process.pid);
        }
        return sum;
    }

    /// The processor time of this process.
    static long ownCpuNanos() {
        return cpuNanos(ProcessHandle.current().pid());
    }

    /// Resident memory in MB of 10^6 bytes; NaN where the system does not tell.
    double residentMegabytes() {
        try {
            Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc", "" + pid, "status")));
            return line.find() ? Long.parseLong(line.group(1)) * 1_024 / 1e6 : Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
