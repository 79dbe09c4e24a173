package icj.state.store;

import org.jspecify.annotations.Nullable;

/// A store that can't be opened or read. Nothing was changed.
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// @param reason what kind of failure
    /// @param message one sentence that names the directory
    /// @param cause the library's own complaint
    public StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /// Why a store can't be used.
    public enum Reason {
        /// Bytes are not those that were written: exit code 6; a journal then is as good as lost
        /// (R-C16).
        DAMAGED,
        /// It belongs to another network: exit code 6.
        OTHER_NETWORK,
        /// A newer version of this program wrote it: exit code 6.
        NEWER_FORMAT,
        /// Another process has it open.
        IN_USE,
        /// The disk or the file system failed.
        UNREADABLE
    }

    /// What kind of failure.
    public Reason reason() {
        return reason;
    }

    /// Whether the process ends with code 6, for which starting it again is no cure.
    public boolean isLasting() {
        return switch (reason) {
            case DAMAGED, OTHER_NETWORK, NEWER_FORMAT -> true;
            case IN_USE, UNREADABLE -> false;
        };
    }
}
