package icj.state.store;

/// Hears of failures on a store's own threads.
@FunctionalInterface
public interface FailureListener {
    /// The store can no longer be relied on: end the process. Called by a background thread, maybe
    /// more than once.
    void storeFailed(String message);
}
