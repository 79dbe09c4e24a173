package icj.crypto.ingress;

import org.jspecify.annotations.Nullable;

/// When a request may be taken: from the moment it is sent until its expiry, which lies 5 minutes
/// ahead at most, with 30 seconds for clocks that differ.
public final class ExpiryRule {
    /// How far ahead an expiry may lie: 5 minutes.
    public static final long AHEAD_MAX_NANOS = 300_000_000_000L;

    /// How much clocks may differ: 30 seconds.
    public static final long DRIFT_MAX_NANOS = 30_000_000_000L;

    /// How every refusal begins, letter for letter: agents search for it, correct their clock and
    /// try once more.
    public static final String REFUSAL_PREFIX = "Invalid request expiry: ";

    private ExpiryRule() {}

    /// Null when now <= expiry <= now + 5 min 30 s, else the refusal.
    ///
    /// @param expiryNanos of the request, unsigned nanoseconds since 1970
    /// @param nowNanos the clock here, nanoseconds since 1970
    public static @Nullable String refusal(long expiryNanos, long nowNanos) {
        long latest = nowNanos + AHEAD_MAX_NANOS + DRIFT_MAX_NANOS;
        if (Long.compareUnsigned(expiryNanos, nowNanos) >= 0
                && Long.compareUnsigned(expiryNanos, latest) <= 0) {
            return null;
        }
        return REFUSAL_PREFIX
                + "the request expires at "
                + Long.toUnsignedString(expiryNanos)
                + " ns, allowed here are "
                + nowNanos
                + " to "
                + latest
                + " ns since 1970";
    }
}
