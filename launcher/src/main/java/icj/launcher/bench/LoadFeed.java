package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

/// What the clients of a load send, and who hears what became of it. All methods are called by the
/// one thread of the load and must be quick.
interface LoadFeed {
    /// The next request; null when there are no more.
    @Nullable LoadRequest next();

    /// An answer came.
    ///
    /// @param nanos since the request was sent
    void answered(LoadRequest request, int status, byte[] body, long nanos);

    /// No answer came.
    ///
    /// @param reason why, for people
    void failed(LoadRequest request, String reason);
}
