package icj.launcher.bench;

import java.util.List;

/// The processor time that a load took, of the nodes and of this process.
final class Usage {
    private final List<NodeProcess> processes;
    private final long beganNanos = System.nanoTime();
    private final long ownBefore = NodeProcess.ownCpuNanos();
    private final long nodesBefore;

    private Usage(List<NodeProcess> processes) {
        this.processes = processes;
        nodesBefore = NodeProcess.cpuNanos(processes);
    }

    static Usage begin(Endpoint endpoint) {
        Endpoint.Local local = endpoint.local();
        return new Usage(local == null ? List.of() : local.processes());
    }

    /// Tells the shares; the processor time of the nodes in seconds, NaN when they are elsewhere.
    double end(Notes notes) {
        long wall = System.nanoTime() - beganNanos;
        notes.say(LatencyBench.share("client", NodeProcess.ownCpuNanos() - ownBefore, wall));
        if (processes.isEmpty()) {
            return Double.NaN;
        }
        long nodes = NodeProcess.cpuNanos(processes) - nodesBefore;
        notes.say(LatencyBench.share("nodes", nodes, wall));
        return nodes / 1e9;
    }
}
