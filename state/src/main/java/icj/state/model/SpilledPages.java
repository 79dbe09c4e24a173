package icj.state.model;

/// Pages that lie in a file because one message wrote too many of them (R-E8), until the state's
/// store has them. Each is there from the time on when a [PageDelta] names it, and never changes.
///
/// Called by any thread.
public interface SpilledPages {
    /// A page of 4096 bytes, the caller's own. It throws if it can't be read.
    byte[] page(int index);
}
