package icj.launcher.doctor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether this machine can run networks. Pure: the machine is what the caller says.
public final class MachineChecks {
    private static final int JAVA_WANTED = 25;
    private static final long GIB = 1L << 30;

    /// Five nodes of 250 MiB each and their supervisor.
    private static final long MEMORY_WANTED = 3 * GIB / 2;

    /// Below this not even one node starts.
    private static final long MEMORY_LEAST = GIB / 4;

    /// Two RocksDB stores, peers and some hundred clients of one node.
    private static final long FILES_WANTED = 4_096;

    private static final long FILES_LEAST = 512;

    /// Threads count as processes: some 60 a node.
    private static final long PROCESSES_WANTED = 1_024;

    /// No clock that is right stands before this program was written.
    private static final Instant WRITTEN = Instant.parse("2026-01-01T00:00:00Z");

    private MachineChecks() {}

    /// All of them, in the order in which they are told.
    public static List<Finding> of(Machine machine) {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(machine));
        findings.add(system(machine));
        findings.add(memory(machine));
        findings.add(files(machine));
        findings.add(processes(machine));
        findings.add(clock(machine));
        return findings;
    }

    private static Finding java(Machine machine) {
        String found = "Java " + machine.java();
        return machine.javaFeature() >= JAVA_WANTED
                ? Finding.ok("java", found)
                : Finding.failure(
                        "java",
                        found,
                        "Install a JDK " + JAVA_WANTED + " or later, or set ICJ_JAVA_HOME");
    }

    private static Finding system(Machine machine) {
        String system = machine.system().toLowerCase(Locale.ROOT);
        boolean known =
                system.contains("linux") && (system.contains("amd64") || system.contains("x86_64"));
        return known
                ? Finding.ok("system", machine.system())
                : Finding.warning(
                        "system", machine.system(), "Linux on x86-64 is what ICJ was tried on");
    }

    private static Finding memory(Machine machine) {
        long free = machine.memoryFreeBytes();
        if (free < 0) {
            return Finding.ok("memory", "unknown");
        }
        String found = Machine.bytes(free) + " free";
        if (free < MEMORY_LEAST) {
            return Finding.failure("memory", found, "End other programs: a node takes 250 MiB");
        }
        return free < MEMORY_WANTED
                ? Finding.warning(
                        "memory",
                        found,
                        "Five nodes take 1.5 GiB; fewer: ic start --nodes 1 --nns-nodes 0")
                : Finding.ok("memory", found);
    }

    private static Finding files(Machine machine) {
        long most = machine.openFiles();
        if (most < 0) {
            return Finding.ok("open files", "unknown");
        }
        String found = "at most " + number(most) + " a process";
        String remedy = "Raise the limit: ulimit -n 65536";
        if (most < FILES_LEAST) {
            return Finding.failure("open files", found, remedy);
        }
        return most < FILES_WANTED
                ? Finding.warning("open files", found, remedy)
                : Finding.ok("open files", found);
    }

    private static Finding processes(Machine machine) {
        long most = machine.processes();
        if (most < 0) {
            return Finding.ok("processes", "unknown");
        }
        String found = "at most " + number(most);
        return most < PROCESSES_WANTED
                ? Finding.warning(
                        "processes", found, "Threads count; raise the limit: ulimit -u 4096")
                : Finding.ok("processes", found);
    }

    private static Finding clock(Machine machine) {
        if (machine.clock().isBefore(WRITTEN)) {
            return Finding.failure(
                    "clock",
                    machine.clock() + " is long ago",
                    "Set the clock: calls expire by it, and certificates are checked by it");
        }
        String found = machine.clock().toString().substring(0, "2026-01-01T00:00".length());
        return Finding.ok(
                "clock",
                found.replace('T', ' ')
                        + " UTC"
                        + (machine.clockSynchronised() ? ", synchronised" : ""));
    }

    private static String number(long limit) {
        return limit == Long.MAX_VALUE ? "any number" : Long.toString(limit);
    }
}
