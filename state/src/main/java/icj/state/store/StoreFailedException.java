package icj.state.store;

import org.jspecify.annotations.Nullable;

/// A write to an open store failed, or a read did: what is on disk is uncertain, so the process
/// ends and never tries again (R-S4).
public final class StoreFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what failed
    /// @param cause the library's own complaint, if there is one
    public StoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
