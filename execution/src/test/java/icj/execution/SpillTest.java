package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.canister.Prices;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.state.model.CanisterMemory;
import icj.state.model.IngressEntry;
import icj.state.model.MemoryKind;
import icj.state.model.PageDelta;
import icj.state.model.PageMap;
import icj.testing.WatAssembler;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Batch;
import icj.types.registry.SubnetLimits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Messages that write to more pages than stay in memory (R-E8), and to more than they may (R-S5).
final class SpillTest {
    private static final int LIMIT_PAGES = 32_768;

    /// More than stay in memory by far, fewer than a message may write to.
    private static final int MANY = 6_000;

    private TestSubnet subnet;
    private CanisterId canister;

    private static TestSubnet subnet(ChicoryRuntime runtime) {
        return new TestSubnet(SubnetLimits.local(), Prices.FREE, runtime);
    }

    private static Blob module() {
        try (InputStream in = SpillTest.class.getResourceAsStream("/universal/spill.wat")) {
            return Blob.owning(
                    WatAssembler.assemble(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void install() {
        subnet = subnet(TestSubnet.runtime(64));
        canister = subnet.create("");
        TestSubnet.replied(subnet.install(canister, "install", module(), Program.start()));
    }

    private static Blob argument(int pages) {
        return Blob.owning(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(pages).array());
    }

    private IngressEntry.Status run(String method, int pages) {
        return subnet.update(TestSubnet.USER, canister, method, argument(pages));
    }

    private long sum(String method, int pages) {
        return number(TestSubnet.replied(run(method, pages)));
    }

    private long asked(String method, int pages) {
        QueryOutcome outcome = subnet.query(canister, method, argument(pages), null);
        return number(((QueryOutcome.Replied) outcome).data());
    }

    private static long number(Blob reply) {
        return ByteBuffer.wrap(reply.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static long expected(long pages) {
        return 7 * pages * (pages + 1) / 2 + pages;
    }

    private CanisterMemory memory() {
        return subnet.canister(canister).memory();
    }

    /// What the pages from `first` on hold, each with the value of the one `shift` below it.
    private static PageDelta.Builder filled(int first, int pages, int shift) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = first; i <= pages; i++) {
            byte[] page = new byte[PageMap.PAGE_BYTES];
            ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong((i - shift) * 7L + 1);
            delta.put(i, page);
        }
        return delta;
    }

    @Test
    void stableMemoryBeyondWhatStaysInMemoryIsKept() {
        assertEquals(expected(MANY), sum("stable", MANY));
        PageMap same = PageMap.empty(MemoryKind.STABLE).with(filled(1, MANY, 0).build());
        assertEquals(same.root(8000), memory().stable().root(8000));
        assertEquals(expected(MANY), asked("sum_stable", MANY));
        // Once more: nothing changes, as the pages are equal to what is there.
        PageMap before = memory().stable();
        assertEquals(expected(MANY), sum("stable", MANY));
        assertSame(before, memory().stable());
    }

    @Test
    void theHeapToo() {
        assertEquals(expected(MANY), sum("heap", MANY));
        PageMap heap = memory().heap();
        PageDelta.Builder same = filled(1, MANY, 0);
        same.put(0, heap.page(0));
        assertEquals(PageMap.empty(MemoryKind.HEAP).with(same.build()).root(8000), heap.root(8000));
        assertEquals(expected(MANY), asked("sum", MANY));
        assertEquals(expected(MANY), sum("heap", MANY));
        assertEquals(2 * expected(MANY), sum("both", MANY));
    }

    @Test
    void oneInstructionMovesPagesThatLeaveMemoryMeanwhile() {
        sum("move", MANY);
        PageMap heap = memory().heap();
        PageDelta.Builder same = filled(2, MANY + 1, 1);
        same.put(0, heap.page(0));
        same.put(1, filled(1, 1, 0).build().page(0));
        assertEquals(PageMap.empty(MemoryKind.HEAP).with(same.build()).root(8000), heap.root(8000));
    }

    @Test
    void aTrapTakesAllOfItBack() {
        sum("both", MANY);
        PageMap heap = memory().heap();
        PageMap stable = memory().stable();
        assertEquals("IC0502", TestSubnet.rejected(run("clear_and_trap", MANY)).errorCode());
        assertSame(heap, memory().heap());
        assertSame(stable, memory().stable());
        // The instance that stayed shows what was before.
        assertEquals(expected(MANY), asked("sum", MANY));
        assertEquals(2 * expected(MANY), sum("both", MANY));
    }

    @Test
    void aQueryMayWriteAsMuchAndKeepsNothing() {
        PageMap heap = memory().heap();
        assertEquals(expected(MANY), asked("heap_in_query", MANY));
        assertSame(heap, memory().heap());
        assertEquals(0, asked("sum", MANY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "stable"})
    void theLimitIsThatOfTheRegistry(String method) {
        // One page more is the scratch of the heap.
        assertEquals(expected(LIMIT_PAGES - 1), sum(method, LIMIT_PAGES - 1));
        IngressEntry.Status.Rejected refused = TestSubnet.rejected(run(method, LIMIT_PAGES));
        assertEquals("IC0524", refused.errorCode());
        assertTrue(refused.message().contains("134217728 bytes"), refused.message());
        assertEquals(0, asked(method.equals("heap") ? "sum" : "sum_stable", 1) - 8);
    }

    @Test
    void heapAndStableMemoryShareTheLimit() {
        assertEquals("IC0524", TestSubnet.rejected(run("both", LIMIT_PAGES / 2 + 1)).errorCode());
        assertTrue(memory().heap().isZero());
        assertTrue(memory().stable().isZero());
    }

    @Test
    void comingBackCostsInstructionsSoThatRoundsEnd() {
        IngressEntry.Status.Rejected refused =
                TestSubnet.rejected(run("round_and_round", 2 * MANY));
        assertEquals("IC0522", refused.errorCode());
    }

    @Test
    void interpreterAndEvictedInstancesGiveTheSameRoots() throws IOException {
        sum("both", 4_500);
        run("clear_and_trap", 4_300);
        sum("move", 4_600);
        sum("stable", 4_700);
        ChicoryRuntime interpreter =
                new ChicoryRuntime(
                        RuntimeSettings.inProcess(RuntimeSettings.Engine.INTERPRETED)
                                .withInstancesMax(0));
        TestSubnet second = subnet(interpreter);
        for (Batch batch : subnet.batches()) {
            second.replay(batch);
        }
        assertEquals(subnet.roots(), second.roots());
    }
}
