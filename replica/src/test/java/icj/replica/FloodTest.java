package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.consensus.Limits;
import icj.replica.loop.ConsensusLoop;
import icj.replica.p2p.PeerLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A member with the right keys that sends ten thousand wrong artifacts a second for ten seconds.
@Timeout(300)
final class FloodTest extends WholeNodes {
    private static final int SECONDS = 10;
    private static final int PER_SECOND = 10_000;
    private static final int PER_SLICE = 100;
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1) * PER_SLICE / PER_SECOND;

    /// Slots that the core has for one signer at one height: shares of notarization, finalization,
    /// beacon, tape and certification, and what was asked of it.
    private static final int SLOTS_PER_HEIGHT = 8;

    /// An artifact of the flood as Java objects, generously.
    private static final int ARTIFACT_BYTES = 2 << 10;

    /// What heap measurements of a whole JVM differ by, and what the chain adds meanwhile.
    private static final long NOISE_BYTES = 8L << 20;

    @Test
    void aPeerThatFloodsIsThrottledAndTheSubnetGoesOn() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 4);
        List<Replica> nodes = startAll(network, network.configs().subList(0, 3));
        String first = network.registry.root().ranges().getFirst().first().toString();
        long before;
        double height;
        int served = 0;
        long offered;
        // The fourth node's keys in the hands of someone else.
        try (HostilePeer hostile = new HostilePeer(network, "4")) {
            hostile.awaitConnected(3);
            // Classes, buffers and code that any flood brings are there when the measure begins.
            hostile.flood(2 * PER_SECOND);
            for (int i = 0; i < nodes.size(); i++) {
                update(nodes, first, i);
            }
            before = heapInUse();
            height = metric(nodes.getFirst(), "ic_height{stage=\"certified\"}");
            long already = hostile.offered();
            Thread flood = new Thread(() -> flood(hostile), "flood");
            flood.start();
            while (flood.isAlive()) {
                update(nodes, first, served++);
                assertBounded(nodes);
            }
            flood.join();
            offered = hostile.offered() - already;
        }
        assertEquals((long) SECONDS * PER_SECOND, offered);
        assertTrue(served >= SECONDS, served + " updates were certified during the flood");
        double now = metric(nodes.getFirst(), "ic_height{stage=\"certified\"}");
        assertTrue(now >= height + served, now + " after " + height);
        double refused = 0;
        for (Replica node : nodes) {
            refused += metric(node, "ic_artifacts_refused{reason=\"bad_signature\"}");
            assertTrue(metric(node, "ic_p2p_throttled_total") > 0, "the peer was made to wait");
        }
        assertTrue(refused > 0);
        long grown = heapInUse() - before;
        System.out.printf(
                "%d artifacts to each of three nodes: %d updates, %.0f heights, %.0f bad"
                        + " signatures, heap grew by %d KiB%n",
                offered, served, now - height, refused, grown >> 10);
        long bound =
                nodes.size()
                                * (ConsensusLoop.PEER_INPUTS_MAX
                                        + (long) Limits.STANDARD.windowHeights() * SLOTS_PER_HEIGHT)
                                * ARTIFACT_BYTES
                        + NOISE_BYTES;
        assertTrue(grown < bound, "the heap grew by " + grown + " bytes, bound " + bound);
    }

    private static void flood(HostilePeer hostile) {
        long due = System.nanoTime();
        for (int i = 0; i < SECONDS * PER_SECOND / PER_SLICE; i++) {
            hostile.flood(PER_SLICE);
            due += SLICE_NANOS;
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void update(List<Replica> nodes, String canister, int turn) throws Exception {
        HttpResponse<byte[]> answer =
                post(
                        nodes.get(turn % nodes.size()).httpPort(),
                        "/api/v3/canister/" + canister + "/call",
                        call(canister));
        assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
    }

    /// What waits and what is kept of all peers together, by the bounds that have names.
    private void assertBounded(List<Replica> nodes) throws Exception {
        int peers = nodes.size();
        for (Replica node : nodes) {
            atMost(node, "ic_consensus_queue", (peers + 1.0) * ConsensusLoop.PEER_INPUTS_MAX);
            atMost(
                    node,
                    "ic_pool_shares",
                    (double) Limits.STANDARD.windowHeights() * SLOTS_PER_HEIGHT * (peers + 1));
            atMost(
                    node,
                    "ic_p2p_queued_bytes",
                    (double) PeerLimits.STANDARD.queueBytesMax() * peers);
        }
    }

    private void atMost(Replica node, String series, double bound) throws Exception {
        double value = metric(node, series);
        assertTrue(value <= bound, series + " is " + value + ", bound " + bound);
    }

    private static long heapInUse() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
