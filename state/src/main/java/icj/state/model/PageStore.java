package icj.state.model;

import org.jspecify.annotations.Nullable;

/// Where the pages and tree nodes of one memory lie once they are written: what [PageMap] loads
/// from. It holds one version of each; [PageMap#changesSince] sees to it that older versions that
/// are still in use are in memory before they are overwritten.
///
/// Called by any thread.
public interface PageStore {
    /// A page of 4096 bytes, which the caller never writes to. It throws if the page is not there
    /// or can't be read.
    byte[] page(int index);

    /// A node of the page tree as [Sink#node] got it; throws as [#page] does.
    ///
    /// @param level 1 for the parents of pages
    /// @param index the number among the nodes of the level, from left to right
    byte[] node(int level, int index);

    /// Where loaded pages are kept for a while.
    PageCache cache();

    /// Takes what is to be written.
    interface Sink {
        /// A page that changed: 4096 bytes, or null if it is to be removed.
        void page(int index, byte @Nullable [] page);

        /// An inner node that changed, encoded, or null if it is to be removed.
        ///
        /// @param level 1 for the parents of pages
        /// @param index the number among the nodes of the level, from left to right
        void node(int level, int index, byte @Nullable [] node);
    }
}
