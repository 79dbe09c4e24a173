package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class HeapKeeperTest {
    private static final long MIB = 1L << 20;
    private static final long SECOND = 1_000_000_000L;

    private final Fake heap = new Fake();
    private final HeapKeeper keeper = new HeapKeeper(heap, 0);

    @Test
    void aGrownHeapIsCollectedOnceAndMeasuredFromWhatIsAlive() {
        heap.committed = 55 * MIB;
        keeper.look(20 * SECOND);
        assertEquals(0, heap.collections);
        heap.committed = 56 * MIB;
        heap.live = 80 * MIB;
        keeper.look(22 * SECOND);
        assertEquals(1, heap.collections);
        heap.committed = 99 * MIB;
        keeper.look(60 * SECOND);
        assertEquals(1, heap.collections);
        heap.committed = 100 * MIB;
        keeper.look(61 * SECOND);
        assertEquals(2, heap.collections);
    }

    @Test
    void whatALoadLeftIsCollectedAMinuteLater() {
        heap.committed = 44 * MIB;
        keeper.look(59 * SECOND);
        assertEquals(0, heap.collections);
        keeper.look(60 * SECOND);
        assertEquals(1, heap.collections);
        heap.committed = 43 * MIB;
        keeper.look(200 * SECOND);
        assertEquals(1, heap.collections);
    }

    @Test
    void aHeapFullOfLiveObjectsIsNotCollectedAllTheTime() {
        for (int second = 0; second < 100; second += 2) {
            heap.committed += 50 * MIB;
            heap.live = heap.committed;
            keeper.look(second * SECOND);
        }
        assertEquals(7, heap.collections);
    }

    @Test
    void aQuietHeapIsCollectedAfterMoreThanTheTimeOfRememberedCalls() {
        for (int second = 0; second < 1000; second += 2) {
            keeper.look(second * SECOND);
        }
        assertEquals(3, heap.collections);
    }

    private static final class Fake implements HeapKeeper.Heap {
        private long committed = 40 * MIB;
        private long live = 40 * MIB;
        private int collections;

        @Override
        public long committed() {
            return committed;
        }

        @Override
        public void collect() {
            collections++;
            committed = live;
        }
    }
}
