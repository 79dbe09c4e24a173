package icj.execution;

import icj.execution.canister.Prices;
import icj.state.tree.LabelTree;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.message.IngressBody;
import icj.types.registry.SubnetLimits;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// What one update costs a node in execution: prints microseconds of CPU time, asserts nothing
/// about time.
@Tag("long")
final class ExecutionBench {
    private static final int BATCHES = 100;
    private static final int CALLS = 160;
    private static final int QUERIES = 20_000;

    @Test
    void updatesOfOneCounter() {
        TestSubnet subnet =
                new TestSubnet(SubnetLimits.local(), Prices.ofNodes(4), TestSubnet.runtime(64));
        CanisterId id = subnet.universalCanister();
        Program increase = Program.start().count(1).appendCounter().reply();
        subnet.step = 40_000_000L;
        for (int run = 0; run < 6; run++) {
            long executing = 0;
            long hashing = 0;
            for (int i = 0; i < BATCHES; i++) {
                IngressBody[] calls = new IngressBody[CALLS];
                for (int j = 0; j < CALLS; j++) {
                    calls[j] = subnet.call(id, increase);
                }
                executing += subnet.batchUnhashed(calls);
                ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                long executed = threads.getCurrentThreadCpuTime();
                Digest root = subnet.state().root();
                LabelTree requests = subnet.state().requestLabels();
                requests.digest();
                hashing += threads.getCurrentThreadCpuTime() - executed;
                if (root.equals(Digest.ZERO)) {
                    throw new AssertionError();
                }
            }
            System.out.printf(
                    "%.1f us executing, %.1f us hashing an update, %d calls remembered, %d MiB%n",
                    executing / 1e3 / BATCHES / CALLS,
                    hashing / 1e3 / BATCHES / CALLS,
                    subnet.state().ingress().size(),
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        }
    }

    @Test
    void queriesOfOneCounter() {
        TestSubnet subnet =
                new TestSubnet(SubnetLimits.local(), Prices.ofNodes(4), TestSubnet.runtime(64));
        CanisterId id = subnet.universalCanister();
        Program read = Program.start().appendCounter().reply();
        for (int run = 0; run < 6; run++) {
            long nanos = subnet.queryMany(id, read, QUERIES);
            System.out.printf("%.1f us a query%n", nanos / 1e3 / QUERIES);
        }
    }
}
