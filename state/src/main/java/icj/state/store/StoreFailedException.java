package icj.state.store;

/// A write to an open store failed, or a read did: what is on disk is uncertain, so the process
/// ends and never tries again (R-S4).
public final class StoreFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what failed
    /// @param cause the library's own complaint
    public StoreFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
