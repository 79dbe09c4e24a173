package icj.state.model;

import icj.candid.Principal;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.SubnetId;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// Prints what remembered update calls cost: bytes of heap and processor time of each. Not a test:
/// `java -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx1g -cp ...
/// icj.state.model.HistoryBenchmark 150000`
public final class HistoryBenchmark {
    private static final long SECOND = 1_000_000_000L;
    private static final int CALLS_A_ROUND = 200;
    private static final int ROUNDS_A_SECOND = 5;
    private static final int SENDERS = 16;

    private HistoryBenchmark() {}

    /// @param arguments how many calls, then bytes of a reply
    public static void main(String[] arguments) {
        int calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 150_000;
        int replyBytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        for (int run = 0; run < 3; run++) {
            run(calls, replyBytes);
        }
    }

    private static void run(int calls, int replyBytes) {
        Prng prng = Prng.of(1);
        List<Principal> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(Principal.of(prng.bytes(29)));
        }
        CanisterId canister = CanisterId.ofNumber(1 << 20);
        ReplicatedState state =
                ReplicatedState.genesis(
                        new SubnetId(Principal.of(prng.bytes(29))), new ConsensusTime(1), 0);
        long heap = heap();
        long cpu = cpu();
        long now = SECOND;
        for (int i = 0; i < calls; i += CALLS_A_ROUND) {
            ReplicatedState.Edit edit = state.edit();
            now += SECOND / ROUNDS_A_SECOND;
            for (int j = 0; j < CALLS_A_ROUND; j++) {
                edit.put(
                        new IngressEntry(
                                new RequestId(Digest.owning(prng.bytes(32))),
                                senders.get(j % SENDERS),
                                canister,
                                new IngressEntry.Status.Replied(
                                        Blob.owning(prng.bytes(replyBytes))),
                                now + 300 * SECOND));
            }
            state = edit.commit(state.system());
            state.root();
            state.requestLabels().digest();
        }
        double put = (cpu() - cpu) / 1e3 / calls;
        int remembered = state.ingress().size();
        double bytes = (double) (heap() - heap) / remembered;
        cpu = cpu();
        long end = now + 302 * SECOND;
        for (now = 301 * SECOND; now < end; now += SECOND / ROUNDS_A_SECOND) {
            ReplicatedState.Edit edit = state.edit();
            edit.forget(new ConsensusTime(now));
            state = edit.commit(state.system());
            state.root();
            state.requestLabels().digest();
        }
        System.out.printf(
                "%,d calls: %.0f bytes each; remembered in %.1f us, forgotten in %.1f us of CPU"
                        + " each (%d left)%n",
                remembered, bytes, put, (cpu() - cpu) / 1e3 / remembered, state.ingress().size());
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heap() {
        // The serial collector leaves dead objects in place, but for each fourth collection.
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
