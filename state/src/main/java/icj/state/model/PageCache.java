package icj.state.model;

import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

/// Bounds the pages that are kept in memory although a store has them. A page that was read since
/// the hand last came by gets a second chance; then it is dropped and loaded again when needed.
///
/// Used by any thread.
public final class PageCache {
    private final PageNode.@Nullable Leaf[] ring;
    private int hand;
    private int kept;

    /// @param bytesMax the bound, at least one page
    public PageCache(long bytesMax) {
        Invariant.check(
                bytesMax >= PageMap.PAGE_BYTES,
                "A page cache holds a page, this %d bytes",
                bytesMax);
        this.ring = new PageNode.Leaf[Math.toIntExact(bytesMax / PageMap.PAGE_BYTES)];
    }

    /// The bytes of pages that are in memory although they could be dropped.
    public synchronized long bytes() {
        return (long) kept * PageMap.PAGE_BYTES;
    }

    /// Takes a page that is in memory and in its store. Not called under the page's own monitor:
    /// dropping another page takes that one's.
    synchronized void admit(PageNode.Leaf page) {
        while (true) {
            PageNode.Leaf other = ring[hand];
            if (other == null) {
                kept++;
                break;
            }
            if (!other.takeTouch()) {
                other.drop();
                break;
            }
            hand = (hand + 1) % ring.length;
        }
        ring[hand] = page;
        hand = (hand + 1) % ring.length;
    }
}
