package icj.execution.wasm.engine;

import icj.execution.wasm.Ic0Host;
import icj.execution.wasm.ResidentPages;
import icj.execution.wasm.SpillFile;
import icj.state.model.PageDelta;
import icj.state.model.PageMap;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// The heap of one instance (R-E8): pages of 4 KiB that are shared with the replicated state until
/// they are written to, up to 4 GiB with unsigned addresses (R-E3). It also holds the running
/// message's fuel and depth, since generated code has a memory at hand wherever it runs (R-E2).
///
/// A page is read from `readable`, where null stands for one not looked at yet, and written to in
/// `writable`, where null stands for one still shared. Both arrays may be longer than the memory;
/// what lies beyond its size is null, so that one look at an element is also the bounds check.
///
/// Public for generated code only. Used by one thread at a time.
public final class PagedMemory extends EngineMemory {
    private static final int SHIFT = 12;
    private static final int PAGE = PageMap.PAGE_BYTES;
    private static final int WITHIN = PAGE - 1;
    private static final int PAGES_PER_WASM_PAGE = 16;
    private static final long UNSIGNED = 0xffffffffL;

    /// Pages looked at but not written to that an instance may hold; beyond, it lets them go.
    private static final int CLEAN_PAGES_MAX = 16_384;

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] ZEROS = new byte[PAGE];

    private final EngineModule module;
    private final byte[][] segments;
    private final int[][] elements;
    private final GuestView guest = new GuestView(this);

    private PageMap base;
    private long wasmPages;
    private byte[] @Nullable [] readable = new byte[0][];
    private byte[] @Nullable [] writable = new byte[0][];
    private int clean;

    private int[] dirty = new int[16];
    private byte[] @Nullable [] before = new byte[16][];
    private int dirtyCount;
    private long wasmPagesBefore;

    /// Which of the pages written to are in memory; the others, of which there are none before it
    /// is full, lie in the file.
    private final ResidentPages resident = new ResidentPages();

    private final BitSet spilled = new BitSet();
    private final byte[] scratch = new byte[PAGE];
    private @Nullable SpillFile file;

    private long limit;
    private long fuel;
    private long depth;
    private long pagesMax;
    private long writtenBytesMax;
    private long pagesLeft;
    private @Nullable Ic0Host host;
    private final Path spillDirectory;
    private final List<SpillFile> spills = new ArrayList<>(2);

    PagedMemory(EngineModule module, PageMap base, Path spillDirectory) {
        this.module = module;
        this.base = base;
        this.spillDirectory = spillDirectory;
        // Only modules that get an instance for each message drop segments.
        boolean own = module.freshTables();
        this.segments = own ? module.passiveData().clone() : module.passiveData();
        this.elements = own ? module.passiveElements().clone() : module.passiveElements();
    }

    // The message.

    /// Sets what one message may use.
    void begin(long fuel, long depth, long pagesMax, long writtenBytesMax, Ic0Host host) {
        this.limit = fuel;
        this.fuel = fuel;
        this.depth = depth;
        this.pagesMax = pagesMax;
        this.writtenBytesMax = writtenBytesMax;
        this.pagesLeft = writtenBytesMax / PAGE;
        this.host = host;
        spills.clear();
    }

    /// Lets go of the message's host.
    void end() {
        host = null;
    }

    /// Counts a page that is written to, of the heap or of stable memory.
    void takePage() {
        if (pagesLeft == 0) {
            throw Traps.tooManyPagesWritten(writtenBytesMax);
        }
        pagesLeft--;
    }

    SpillFile openSpill() {
        SpillFile opened = SpillFile.open(spillDirectory);
        spills.add(opened);
        return opened;
    }

    /// Frees the files of a message whose pages nobody gets.
    void closeSpills() {
        for (SpillFile spill : spills) {
            spill.close();
        }
        spills.clear();
    }

    /// Leaves the files to the states that got them: an idle instance holds none open.
    void leaveSpills() {
        spills.clear();
    }

    int spillsHeld() {
        return spills.size();
    }

    Ic0Host host() {
        Ic0Host current = host;
        if (current == null) {
            throw new Invariant.Violation("A host function runs outside of a message");
        }
        return current;
    }

    EngineModule module() {
        return module;
    }

    GuestView guest() {
        return guest;
    }

    /// Never above the message's limit.
    long instructionsUsed() {
        return limit - Math.max(fuel, 0);
    }

    int[] elements(int segment) {
        return elements[segment];
    }

    void dropElements(int segment, int[] nothing) {
        elements[segment] = nothing;
    }

    /// Takes instructions.
    @Override
    public void charge(int cost) {
        long left = fuel - cost;
        fuel = left;
        if (left < 0) {
            throw Traps.outOfInstructions();
        }
    }

    /// Takes an unsigned number of instructions, as guests may ask for any.
    void chargeLong(long cost) {
        // A huge price must not wrap around.
        fuel = cost < 0 || cost > fuel ? -1 : fuel - cost;
        if (fuel < 0) {
            throw Traps.outOfInstructions();
        }
    }

    /// Enters a frame of so many bytes, or leaves it when negative (R-E5).
    @Override
    public void frame(long bytes) {
        long left = depth - bytes;
        depth = left;
        if (left < 0) {
            throw Traps.trap(Traps.STACK);
        }
    }

    // Versions.

    /// Makes the memory show a version of the state.
    void attach(PageMap map, long pages) {
        Invariant.check(dirtyCount == 0, "A memory is attached between messages only");
        base = map;
        wasmPages = pages;
        wasmPagesBefore = pages;
        clean = 0;
        int count = (int) (pages * PAGES_PER_WASM_PAGE);
        if (readable.length < count || readable.length > count * 2L + 1024) {
            readable = new byte[count][];
            writable = new byte[count][];
        } else {
            Arrays.fill(readable, null);
            Arrays.fill(writable, null);
        }
    }

    PageMap base() {
        return base;
    }

    long wasmPages() {
        return wasmPages;
    }

    int dirtyPages() {
        return dirtyCount;
    }

    /// Pages held by this memory that may not be held by the state.
    int pagesHeld() {
        return clean + resident.count();
    }

    /// The state with what was written. The pages written to now belong to it, so that this memory
    /// must be committed or rolled back next.
    PageMap written() {
        if (dirtyCount == 0) {
            return base;
        }
        PageDelta.Builder delta = new PageDelta.Builder();
        SpillFile rest = file;
        for (int i = 0; i < dirtyCount; i++) {
            byte[] page = writable[dirty[i]];
            if (page != null) {
                delta.put(dirty[i], page);
            } else if (rest != null) {
                delta.put(dirty[i], rest);
            }
        }
        return base.with(delta.build());
    }

    /// Makes what was written the state that this memory shows.
    PageMap commit() {
        base = written();
        for (int i = 0; i < dirtyCount; i++) {
            writable[dirty[i]] = null;
            before[i] = null;
        }
        clean += resident.count();
        forget();
        wasmPagesBefore = wasmPages;
        return base;
    }

    /// Forgets what was written since the memory was attached or committed, size included.
    void rollback() {
        for (int i = 0; i < dirtyCount; i++) {
            readable[dirty[i]] = before[i];
            writable[dirty[i]] = null;
            before[i] = null;
        }
        forget();
        if (wasmPages != wasmPagesBefore) {
            int from = (int) (wasmPagesBefore * PAGES_PER_WASM_PAGE);
            Arrays.fill(readable, Math.min(from, readable.length), readable.length, null);
            wasmPages = wasmPagesBefore;
        }
    }

    private void forget() {
        dirtyCount = 0;
        resident.clear();
        spilled.clear();
        file = null;
    }

    // Pages.

    private byte[] page(int index) {
        byte[] page = readable[index];
        return page != null ? page : load(index);
    }

    private byte[] load(int index) {
        if (spilled.get(index)) {
            return reload(index);
        }
        if (clean >= CLEAN_PAGES_MAX) {
            for (int i = 0; i < readable.length; i++) {
                if (writable[i] == null) {
                    readable[i] = null;
                }
            }
            clean = 0;
        }
        byte[] page = base.page(index);
        byte[] shown = page == null ? ZEROS : page;
        readable[index] = shown;
        clean++;
        return shown;
    }

    private byte[] own(int index) {
        byte[] mine = writable[index];
        if (mine != null) {
            return mine;
        }
        if (spilled.get(index)) {
            return reload(index);
        }
        takePage();
        byte[] shared = page(index);
        mine = admit(index);
        if (mine == null) {
            mine = shared.clone();
        } else {
            System.arraycopy(shared, 0, mine, 0, PAGE);
        }
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, dirtyCount * 2);
            before = Arrays.copyOf(before, dirtyCount * 2);
        }
        dirty[dirtyCount] = index;
        // With a file there are more old pages than memory should hold: they are read again.
        before[dirtyCount] = file == null ? shared : null;
        dirtyCount++;
        readable[index] = mine;
        writable[index] = mine;
        return mine;
    }

    /// R-E8: makes room for one more page that was written to.
    ///
    /// @return the array of the page that left for it, to be used again: a new one for each would
    ///   outlive the young generation and then be garbage in the old one; null when none left
    private byte @Nullable [] admit(int index) {
        int leaves = resident.admit(index);
        if (leaves < 0) {
            return null;
        }
        SpillFile to = file;
        if (to == null) {
            to = openSpill();
            file = to;
            Arrays.fill(before, 0, dirtyCount, null);
        }
        byte[] page = writable[leaves];
        Invariant.check(page != null, "Page %d leaves memory and is not there", leaves);
        to.write(leaves, page);
        spilled.set(leaves);
        readable[leaves] = null;
        writable[leaves] = null;
        return page;
    }

    private byte[] reload(int index) {
        chargeLong(ResidentPages.RELOAD_INSTRUCTIONS);
        SpillFile from = file;
        byte[] mine = admit(index);
        if (from == null || mine == null) {
            throw new Invariant.Violation("Page " + index + " is in no file");
        }
        from.read(index, mine);
        spilled.clear(index);
        readable[index] = mine;
        writable[index] = mine;
        return mine;
    }

    /// Traps unless so many bytes from an address on lie in the memory; both are unsigned.
    void check(long address, long size) {
        long bytes = wasmPages << 16;
        if (Long.compareUnsigned(size, bytes) > 0
                || Long.compareUnsigned(address, bytes - size) > 0) {
            throw Traps.trap(Traps.OUT_OF_BOUNDS);
        }
    }

    // Access by generated code: base and offset are unsigned (R-E3).

    /// Loads 8 bits.
    @Override
    public byte loadByte(int base, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int page = (int) (at >>> SHIFT);
        if (page < readable.length) {
            byte[] bytes = readable[page];
            if (bytes != null) {
                return bytes[(int) at & WITHIN];
            }
        }
        return (byte) loadSlowly(at, 1);
    }

    /// Loads 16 bits.
    @Override
    public short loadShort(int base, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int within = (int) at & WITHIN;
        int page = (int) (at >>> SHIFT);
        byte[][] pages = readable;
        if (Integer.compareUnsigned(page, pages.length) < 0) {
            byte[] bytes = pages[page];
            if (bytes != null && Integer.compareUnsigned(within, bytes.length - 1) < 0) {
                return (short) SHORTS.get(bytes, within);
            }
        }
        return (short) loadSlowly(at, 2);
    }

    /// Loads 32 bits.
    @Override
    public int loadInt(int base, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int within = (int) at & WITHIN;
        int page = (int) (at >>> SHIFT);
        byte[][] pages = readable;
        if (Integer.compareUnsigned(page, pages.length) < 0) {
            byte[] bytes = pages[page];
            if (bytes != null && Integer.compareUnsigned(within, bytes.length - 3) < 0) {
                return (int) INTS.get(bytes, within);
            }
        }
        return (int) loadSlowly(at, 4);
    }

    /// Loads 64 bits.
    @Override
    public long loadLong(int base, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int within = (int) at & WITHIN;
        int page = (int) (at >>> SHIFT);
        byte[][] pages = readable;
        if (Integer.compareUnsigned(page, pages.length) < 0) {
            byte[] bytes = pages[page];
            if (bytes != null && Integer.compareUnsigned(within, bytes.length - 7) < 0) {
                return (long) LONGS.get(bytes, within);
            }
        }
        return loadSlowly(at, 8);
    }

    /// Stores 8 bits.
    @Override
    public void storeByte(int base, byte value, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int page = (int) (at >>> SHIFT);
        if (page < writable.length) {
            byte[] bytes = writable[page];
            if (bytes != null) {
                bytes[(int) at & WITHIN] = value;
                return;
            }
        }
        storeSlowly(at, 1, value);
    }

    /// Stores 16 bits.
    @Override
    public void storeShort(int base, short value, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int within = (int) at & WITHIN;
        int page = (int) (at >>> SHIFT);
        byte[][] pages = writable;
        if (Integer.compareUnsigned(page, pages.length) < 0) {
            byte[] bytes = pages[page];
            if (bytes != null && Integer.compareUnsigned(within, bytes.length - 1) < 0) {
                SHORTS.set(bytes, within, value);
                return;
            }
        }
        storeSlowly(at, 2, value);
    }

    /// Stores 32 bits.
    @Override
    public void storeInt(int base, int value, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int within = (int) at & WITHIN;
        int page = (int) (at >>> SHIFT);
        byte[][] pages = writable;
        if (Integer.compareUnsigned(page, pages.length) < 0) {
            byte[] bytes = pages[page];
            if (bytes != null && Integer.compareUnsigned(within, bytes.length - 3) < 0) {
                INTS.set(bytes, within, value);
                return;
            }
        }
        storeSlowly(at, 4, value);
    }

    /// Stores 64 bits.
    @Override
    public void storeLong(int base, long value, int offset) {
        long at = (base & UNSIGNED) + (offset & UNSIGNED);
        int within = (int) at & WITHIN;
        int page = (int) (at >>> SHIFT);
        byte[][] pages = writable;
        if (Integer.compareUnsigned(page, pages.length) < 0) {
            byte[] bytes = pages[page];
            if (bytes != null && Integer.compareUnsigned(within, bytes.length - 7) < 0) {
                LONGS.set(bytes, within, value);
                return;
            }
        }
        storeSlowly(at, 8, value);
    }

    private long loadSlowly(long at, int size) {
        check(at, size);
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            long next = at + i;
            value = value << 8 | page((int) (next >>> SHIFT))[(int) next & WITHIN] & 0xff;
        }
        return value;
    }

    private void storeSlowly(long at, int size, long value) {
        check(at, size);
        for (int i = 0; i < size; i++) {
            long next = at + i;
            own((int) (next >>> SHIFT))[(int) next & WITHIN] = (byte) (value >>> (8 * i));
        }
    }

    // Many bytes.

    @Override
    byte[] copyOut(long address, int size) {
        check(address, size);
        byte[] out = new byte[size];
        int done = 0;
        while (done < size) {
            long at = address + done;
            int within = (int) at & WITHIN;
            int part = Math.min(size - done, PAGE - within);
            System.arraycopy(page((int) (at >>> SHIFT)), within, out, done, part);
            done += part;
        }
        return out;
    }

    @Override
    void copyIn(long address, byte[] from, int offset, int size) {
        check(address, size);
        int done = 0;
        while (done < size) {
            long at = address + done;
            int within = (int) at & WITHIN;
            int part = Math.min(size - done, PAGE - within);
            System.arraycopy(from, offset + done, own((int) (at >>> SHIFT)), within, part);
            done += part;
        }
    }

    @Override
    public void fill(byte value, int fromIndex, int toIndex) {
        // The engine adds the size to the start in 32 bits; the difference is the size again.
        long size = (toIndex - fromIndex) & UNSIGNED;
        chargeLong(size);
        long at = fromIndex & UNSIGNED;
        check(at, size);
        long end = at + size;
        while (at < end) {
            int within = (int) at & WITHIN;
            int part = (int) Math.min(end - at, PAGE - within);
            Arrays.fill(own((int) (at >>> SHIFT)), within, within + part, value);
            at += part;
        }
    }

    @Override
    public void copy(int dest, int src, int size) {
        long length = size & UNSIGNED;
        chargeLong(length);
        long to = dest & UNSIGNED;
        long from = src & UNSIGNED;
        check(from, length);
        check(to, length);
        if (to <= from) {
            copyForward(to, from, length);
        } else {
            copyBackward(to, from, length);
        }
    }

    /// A page that stays as it is while another one is made the message's own, for which it may
    /// leave memory.
    private byte[] source(int index) {
        byte[] page = page(index);
        if (!resident.isFull()) {
            return page;
        }
        System.arraycopy(page, 0, scratch, 0, PAGE);
        return scratch;
    }

    private void copyForward(long to, long from, long length) {
        long done = 0;
        while (done < length) {
            int target = (int) (to + done) & WITHIN;
            int source = (int) (from + done) & WITHIN;
            int part = (int) Math.min(length - done, PAGE - Math.max(target, source));
            byte[] other = source((int) ((from + done) >>> SHIFT));
            byte[] mine = own((int) ((to + done) >>> SHIFT));
            System.arraycopy(other, source, mine, target, part);
            done += part;
        }
    }

    private void copyBackward(long to, long from, long length) {
        long left = length;
        while (left > 0) {
            int target = ((int) (to + left - 1) & WITHIN) + 1;
            int source = ((int) (from + left - 1) & WITHIN) + 1;
            int part = (int) Math.min(left, Math.min(target, source));
            byte[] other = source((int) ((from + left - 1) >>> SHIFT));
            byte[] mine = own((int) ((to + left - 1) >>> SHIFT));
            System.arraycopy(other, source - part, mine, target - part, part);
            left -= part;
        }
    }

    @Override
    public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
        long length = size & UNSIGNED;
        chargeLong(length);
        byte[] segment = segments[segmentId];
        check(dest & UNSIGNED, length);
        if ((offset & UNSIGNED) + length > segment.length) {
            throw Traps.trap(Traps.OUT_OF_BOUNDS);
        }
        copyIn(dest & UNSIGNED, segment, offset, (int) length);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = new byte[0];
    }

    @Override
    public int pages() {
        return (int) wasmPages;
    }

    @Override
    public int grow(int size) {
        long old = wasmPages;
        if (size == 0) {
            return (int) old;
        }
        long wanted = old + (size & UNSIGNED);
        if (wanted > Math.min(pagesMax, module.heapPagesMax())) {
            return -1;
        }
        host().growsHeap(old, wanted);
        int count = (int) (wanted * PAGES_PER_WASM_PAGE);
        if (count > readable.length) {
            int room = (int) Math.min(Math.max(count, readable.length * 2L), 1 << 20);
            readable = Arrays.copyOf(readable, room);
            writable = Arrays.copyOf(writable, room);
        }
        wasmPages = wanted;
        return (int) old;
    }
}
