package icj.replica.loop;

import icj.crypto.ingress.EnvelopeVerifier;
import icj.crypto.ingress.Verdict;
import icj.types.message.Envelope;
import icj.types.message.IngressBody;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies each call once per node (R-C7): whoever asks first pays, the pool remembers. Any
/// thread.
public final class IngressVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(IngressVerifier.class);

    private final IngressPool pool;

    public IngressVerifier(IngressPool pool) {
        this.pool = pool;
    }

    /// The verdict on the body's envelope, or null when it is malformed or not validly signed.
    ///
    /// @param timeNanos the time at which delegations must not have expired: a block's, or the
    ///   clock for what peers send
    public IngressPool.@Nullable Verdict verdict(IngressBody body, long timeNanos) {
        IngressPool.Verdict known = pool.verdict(body.hash());
        if (known != null) {
            return known;
        }
        try {
            Envelope envelope = Envelope.decode(body.envelope(), RequestKind.CALL);
            IngressPool.Verdict verdict = verdict(envelope, timeNanos);
            if (verdict != null) {
                pool.remember(envelope.hash(), verdict);
            }
            return verdict;
        } catch (MalformedException e) {
            LOG.debug("A malformed envelope in a block", e);
            return null;
        }
    }

    /// The same for an envelope that was decoded already; not remembered.
    public IngressPool.@Nullable Verdict verdict(Envelope envelope, long timeNanos) {
        if (!(envelope.content() instanceof RequestContent.Call call)) {
            return null;
        }
        return switch (EnvelopeVerifier.verify(envelope, timeNanos)) {
            case Verdict.Valid valid ->
                    new IngressPool.Verdict(
                            envelope.id(), call.ingressExpiryNanos(), valid.untilNanos());
            case Verdict.Invalid _ -> null;
        };
    }
}
