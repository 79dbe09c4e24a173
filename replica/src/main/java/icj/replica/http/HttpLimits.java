package icj.replica.http;

import icj.types.Invariant;

/// The bounds of an HTTP listener.
///
/// @param bodyBytesMax a longer body is 413
/// @param bufferedBytesMax bodies held at one time over all connections; beyond it 503
/// @param connectionsMax open connections; one more is answered 503 and closed
/// @param requestMillisMax from the first byte of a request to its last; slower ones are closed,
///   which is what stops a client that sends a byte now and then
/// @param idleMillisMax a connection without a request for that long is closed
/// @param answerMillisMax a request unanswered for that long gets 504
public record HttpLimits(
        int bodyBytesMax,
        long bufferedBytesMax,
        int connectionsMax,
        long requestMillisMax,
        long idleMillisMax,
        long answerMillisMax) {
    /// Bytes of one ingress message as interface.md 1.2 bounds it; a longer one is 413.
    public static final int INGRESS_BYTES_MAX = 2 * 1024 * 1024;

    /// What agents may rely on (interface.md 1.2), with room for a small heap.
    public static final HttpLimits API =
            new HttpLimits(5 * 1024 * 1024, 48L * 1024 * 1024, 2_048, 30_000, 120_000, 300_000);

    /// For the listener of metrics and health.
    public static final HttpLimits METRICS =
            new HttpLimits(4_096, 65_536, 64, 5_000, 30_000, 10_000);

    public HttpLimits {
        Invariant.check(bodyBytesMax > 0, "A body has a bound, not %d", bodyBytesMax);
        Invariant.check(bufferedBytesMax >= bodyBytesMax, "One body must fit the buffers");
        Invariant.check(requestMillisMax <= answerMillisMax, "Reading ends before answering");
    }
}
