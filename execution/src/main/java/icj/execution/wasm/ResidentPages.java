package icj.execution.wasm;

import java.util.Arrays;

/// Which of the pages that a message wrote are in memory: the ones that came last (R-E8). The order
/// depends on the message alone, so that what leaves, and what bringing it back costs, is the same
/// on every node.
public final class ResidentPages {
    /// Pages of 4 KiB of one memory: 16 MiB of heap and 16 MiB of stable memory together make the
    /// 32 MiB of R-E8.
    public static final int PAGES_MAX = 4096;

    /// What it costs to bring a page back, about as many instructions as take the same time: a
    /// message that goes round and round over more than fits ends by its limit, not by the clock.
    public static final int RELOAD_INSTRUCTIONS = 5_000;

    private int[] ring = new int[16];
    private int count;
    private int oldest;

    /// Notes that a page is in memory from now on.
    ///
    /// @return the page that leaves for it, or -1
    public int admit(int index) {
        if (count < PAGES_MAX) {
            if (count == ring.length) {
                ring = Arrays.copyOf(ring, count * 2);
            }
            ring[count] = index;
            count++;
            return -1;
        }
        int leaves = ring[oldest];
        ring[oldest] = index;
        oldest = (oldest + 1) % PAGES_MAX;
        return leaves;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// Whether the next page makes another one leave.
    public boolean isFull() {
        return count == PAGES_MAX;
    }

    /// Forgets all.
    public void clear() {
        count = 0;
        oldest = 0;
    }
}
