package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.testing.WatAssembler;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Over the heights of a running node the pages that are hashed are those that were written, each
/// once (R-S2), whatever the number of writes, of messages in a height, and of flushes to the store
/// meanwhile.
@Timeout(120)
final class PageWorkTest extends WholeNodes {
    private static final int PAGES = 64;

    /// Each call writes twice to each of 64 pages.
    private static final byte[] MODULE =
            WatAssembler.assemble(
                    """
                    (module
                      (import "ic0" "msg_reply" (func $reply))
                      (memory 8)
                      (func $count (param $at i32)
                        (i32.store (local.get $at)
                          (i32.add (i32.load (local.get $at)) (i32.const 1))))
                      (func $touch (export "canister_update touch") (local $page i32)
                        (loop $again
                          (call $count (i32.mul (local.get $page) (i32.const 4096)))
                          (call $count
                            (i32.add (i32.const 2000)
                              (i32.mul (local.get $page) (i32.const 4096))))
                          (local.set $page (i32.add (local.get $page) (i32.const 1)))
                          (br_if $again (i32.lt_u (local.get $page) (i32.const 64))))
                        (call $reply)))
                    """);

    @Test
    void asManyPagesAreHashedAsWereWritten() throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1);
        Replica node = startAll(network).getFirst();
        try (Agent agent = agent(network, node)) {
            CanisterId canister = install(agent, network, MODULE);
            double before = hashed(node);
            for (int i = 1; i <= 20; i++) {
                agent.call(canister, "touch", Blob.EMPTY);
                assertEquals(before + i * PAGES, hashed(node));
            }
            double alone = hashed(node);
            double written = metric(node, "ic_execution_dirty_pages_total");
            int calls = together(agent, canister);
            assertEquals(
                    written + (double) calls * PAGES,
                    metric(node, "ic_execution_dirty_pages_total"));
            double added = hashed(node) - alone;
            assertEquals(0, added % PAGES);
            assertTrue(
                    added > 0 && added < calls * PAGES,
                    added + " pages for " + calls + " calls, of which many share a height");
        }
    }

    private static int together(Agent agent, CanisterId canister) throws Exception {
        int clients = 8;
        List<Callable<Blob>> calls = new ArrayList<>();
        for (int i = 0; i < clients * 20; i++) {
            calls.add(() -> agent.call(canister, "touch", Blob.EMPTY));
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
            for (Future<Blob> done : pool.invokeAll(calls)) {
                done.get();
            }
        }
        return calls.size();
    }

    private double hashed(Replica node) throws Exception {
        double hashed = metric(node, "ic_state_pages_hashed_total");
        assertEquals(metric(node, "ic_state_pages_changed_total"), hashed);
        return hashed;
    }
}
