package icj.replica.loop;

import icj.types.RequestId;
import icj.types.message.IngressBody;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The ingress part of one block, filled call by call. Makers and validators go through the same
/// [#add], so that what one builds the other accepts: the answer is a function of the block's time,
/// its ancestors and the certified state that it names, never of a clock.
public final class IngressPayload {
    /// How far in the future an expiry may lie (R-C7).
    public static final long EXPIRY_NANOS_MAX = 5L * 60 * 1_000_000_000L;

    private final long timeNanos;
    private final long callBytesMax;
    private final long bytesMax;
    private final long callsMax;
    private final Predicate<RequestId> taken;
    private final List<IngressBody> bodies = new ArrayList<>();
    private final Set<RequestId> ids = new HashSet<>();
    private long bytes;

    /// @param timeNanos the block's time
    /// @param callBytesMax of one envelope
    /// @param bytesMax of all envelopes
    /// @param callsMax how many calls
    /// @param taken whether a call stands in an ancestor or in the history of the certified state
    public IngressPayload(
            long timeNanos,
            long callBytesMax,
            long bytesMax,
            long callsMax,
            Predicate<RequestId> taken) {
        this.timeNanos = timeNanos;
        this.callBytesMax = callBytesMax;
        this.bytesMax = bytesMax;
        this.callsMax = callsMax;
        this.taken = taken;
    }

    /// Adds a call unless the block may not hold it.
    ///
    /// @param verdict on the signatures of exactly this envelope
    /// @return null when it was added, else why not
    public @Nullable String add(IngressBody body, IngressPool.Verdict verdict) {
        if (!verdict.id().equals(body.id())) {
            return "another request id than its envelope has";
        }
        if (bodies.size() >= callsMax) {
            return "more than " + callsMax + " calls";
        }
        long size = body.envelope().length();
        if (size > callBytesMax) {
            return "longer than " + callBytesMax + " bytes";
        }
        if (bytes + size > bytesMax) {
            return "more than " + bytesMax + " bytes";
        }
        // R-C7: included iff block time <= ingress expiry <= block time + 5 min, and the verdict
        // holds at the block's time.
        if (Long.compareUnsigned(verdict.expiryNanos(), timeNanos) < 0) {
            return "expired";
        }
        if (Long.compareUnsigned(verdict.expiryNanos(), timeNanos + EXPIRY_NANOS_MAX) > 0) {
            return "expiry too far in the future";
        }
        if (Long.compareUnsigned(verdict.validUntilNanos(), timeNanos) < 0) {
            return "a delegation has expired";
        }
        if (ids.contains(body.id()) || taken.test(body.id())) {
            return "included before";
        }
        ids.add(body.id());
        bodies.add(body);
        bytes += size;
        return null;
    }

    /// Whether not even the smallest call fits.
    public boolean isFull() {
        return bodies.size() >= callsMax || bytes >= bytesMax;
    }

    /// The calls so far.
    public List<IngressBody> bodies() {
        return List.copyOf(bodies);
    }

    /// Bytes of envelopes so far.
    public long bytes() {
        return bytes;
    }
}
