package icj.state.model;

/// The kinds of paged memory; each has a page tree of fixed depth (R-S2), so that a memory's digest
/// does not depend on the sizes it once had. Append only: the ordinal is hashed and stored.
public enum MemoryKind {
    /// A heap with 32-bit addresses: 2^20 pages, 4 GiB.
    HEAP(5),
    /// A heap with 64-bit addresses: 2^24 pages, 64 GiB.
    HEAP64(6),
    /// A stable memory: 2^28 pages, 1 TiB.
    STABLE(7),
    /// Bytes that are no memory of a canister: 2^16 pages, 256 MiB.
    BYTES(4);

    private final int depth;

    MemoryKind(int depth) {
        this.depth = depth;
    }

    /// The levels of inner nodes above the pages.
    public int depth() {
        return depth;
    }

    /// How many pages of 4096 bytes a memory of this kind can have.
    public int pagesMax() {
        return 1 << (PageMap.BITS_PER_LEVEL * depth);
    }

    /// The byte that stands for this kind in digests and records.
    public byte code() {
        return (byte) ordinal();
    }
}
