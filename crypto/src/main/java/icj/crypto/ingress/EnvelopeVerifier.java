package icj.crypto.ingress;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.KeyFormatException;
import icj.crypto.SelfAuthenticating;
import icj.crypto.VerifyingKey;
import icj.types.Blob;
import icj.types.message.Delegation;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.types.message.SignedDelegation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Verifies who signed a request (interface specification, "Authentication"). Keeps nothing; safe
/// for several threads. Not asked here: the request's own expiry ([ExpiryRule]).
public final class EnvelopeVerifier {
    private static final String PERMISSIONS_ALL = "all";
    private static final String PERMISSIONS_QUERIES = "queries";

    private EnvelopeVerifier() {}

    /// Verifies signatures, delegations, and that they allow what is asked for.
    ///
    /// @param nowNanos the time at which the delegations must not have expired, nanoseconds since
    ///   1970: the clock at the edge, a block's time in consensus (R-C7)
    public static Verdict verify(Envelope envelope, long nowNanos) {
        RequestContent content = envelope.content();
        if (content.sender().isAnonymous()) {
            return anonymous(envelope);
        }
        Blob publicKey = envelope.senderPublicKey();
        Blob signature = envelope.senderSignature();
        if (publicKey == null || signature == null) {
            return new Verdict.Invalid(
                    "The sender is not anonymous, so that sender_pubkey and sender_sig are needed");
        }
        if (!SelfAuthenticating.principal(publicKey).equals(content.sender())) {
            return new Verdict.Invalid("The sender is not the principal of sender_pubkey");
        }
        return chain(envelope, publicKey, signature, nowNanos);
    }

    private static Verdict anonymous(Envelope envelope) {
        if (envelope.senderPublicKey() != null
                || envelope.senderSignature() != null
                || envelope.hasDelegations()) {
            return new Verdict.Invalid(
                    "The anonymous sender has no sender_pubkey, sender_sig or sender_delegation");
        }
        return new Verdict.Valid(envelope.content().ingressExpiryNanos(), null, false);
    }

    private static Verdict chain(Envelope envelope, Blob publicKey, Blob signature, long nowNanos) {
        List<SignedDelegation> delegations = envelope.delegations();
        if (delegations.size() > Envelope.DELEGATIONS_MAX) {
            return new Verdict.Invalid(
                    "There are more than " + Envelope.DELEGATIONS_MAX + " delegations");
        }
        RequestContent content = envelope.content();
        Scope scope = new Scope(content.ingressExpiryNanos());
        String refusal = scope.narrow(publicKey, delegations, nowNanos);
        if (refusal == null) {
            refusal = scope.refusal(content);
        }
        // Signatures come last: they cost most, and whatever fails above needs none.
        if (refusal == null) {
            refusal = signatureRefusal(envelope, publicKey, signature);
        }
        return refusal != null ? new Verdict.Invalid(refusal) : scope.valid();
    }

    /// What the chain leaves to be done with it.
    private static final class Scope {
        private long untilNanos;
        private @Nullable TreeSet<Principal> targets;
        private boolean queriesOnly;

        Scope(long untilNanos) {
            this.untilNanos = untilNanos;
        }

        /// Takes in all delegations; null, or why they are refused.
        @Nullable String narrow(Blob firstKey, List<SignedDelegation> delegations, long nowNanos) {
            TreeSet<Blob> keys = new TreeSet<>();
            keys.add(firstKey);
            for (SignedDelegation signed : delegations) {
                Delegation delegation = signed.delegation();
                if (!keys.add(delegation.publicKey())) {
                    return "A key stands twice in the chain of delegations";
                }
                long expiration = delegation.expirationNanos();
                if (Long.compareUnsigned(expiration, nowNanos) < 0) {
                    return "A delegation has expired: its expiration is "
                            + Long.toUnsignedString(expiration)
                            + ", the time here "
                            + nowNanos;
                }
                if (Long.compareUnsigned(expiration, untilNanos) < 0) {
                    untilNanos = expiration;
                }
                List<Principal> allowed = delegation.targets();
                if (allowed != null) {
                    intersect(allowed);
                }
                String permissions = delegation.permissions();
                if (PERMISSIONS_QUERIES.equals(permissions)) {
                    queriesOnly = true;
                } else if (permissions != null && !PERMISSIONS_ALL.equals(permissions)) {
                    return "A delegation's permissions are neither \"all\" nor \"queries\"";
                }
            }
            return null;
        }

        private void intersect(List<Principal> allowed) {
            TreeSet<Principal> more = new TreeSet<>(allowed);
            if (targets != null) {
                more.retainAll(targets);
            }
            targets = more;
        }

        /// Null, or why this request is not allowed.
        @Nullable String refusal(RequestContent content) {
            if (queriesOnly && content.kind() == RequestKind.CALL) {
                return "A delegation allows queries only";
            }
            Principal canister =
                    switch (content) {
                        case RequestContent.Call call -> call.canister().principal();
                        case RequestContent.Query query -> query.canister().principal();
                        // Its paths name requests, whose receivers are looked up later.
                        case RequestContent.ReadState _ -> null;
                    };
            if (canister != null && targets != null && !targets.contains(canister)) {
                return "The delegations do not allow canister " + canister;
            }
            return null;
        }

        Verdict.Valid valid() {
            return new Verdict.Valid(
                    untilNanos, targets == null ? null : new ArrayList<>(targets), queriesOnly);
        }
    }

    /// Null, or which key or signature is bad.
    private static @Nullable String signatureRefusal(
            Envelope envelope, Blob publicKey, Blob signature) {
        try {
            VerifyingKey key = VerifyingKey.fromDer(publicKey);
            for (SignedDelegation signed : envelope.delegations()) {
                byte[] message = Domain.delegation(signed.delegation().hash());
                if (!key.verify(message, signed.signature())) {
                    return "The signature of a delegation is not that of the key before it";
                }
                key = VerifyingKey.fromDer(signed.delegation().publicKey());
            }
            return key.verify(Domain.request(envelope.id()), signature)
                    ? null
                    : "The signature of the request is not that of its key";
        } catch (KeyFormatException e) {
            return e.getMessage();
        }
    }
}
