package icj.types.message;

import icj.types.Blob;
import icj.types.EnvelopeHash;
import icj.types.RequestId;
import icj.wire.MalformedException;
import icj.wire.Sha256;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A request with what authenticates it, as a client sent it. Well-formed, not yet verified: that
/// is `icj.crypto.ingress.EnvelopeVerifier`.
///
/// @param content what the sender asks for
/// @param id of the content
/// @param senderPublicKey DER, or null when the field is absent
/// @param senderSignature over the domain separator `\x0Aic-request` and the id, or null when the
///   field is absent
/// @param delegations from the sender's key to the signing key, in order
/// @param hasDelegations whether the field was there, be it empty: an anonymous request may not
///   have it
/// @param hash of `bytes`
/// @param bytes exactly what was sent
public record Envelope(
        RequestContent content,
        RequestId id,
        @Nullable Blob senderPublicKey,
        @Nullable Blob senderSignature,
        List<SignedDelegation> delegations,
        boolean hasDelegations,
        EnvelopeHash hash,
        Blob bytes) {
    /// The longest chain of delegations.
    public static final int DELEGATIONS_MAX = 20;

    /// Copies the list.
    public Envelope {
        delegations = List.copyOf(delegations);
    }

    /// Reads an envelope. Fields beside `content` that are unknown are ignored; those inside are
    /// refused.
    ///
    /// @param expected the kind that the address names
    /// @throws MalformedException with a sentence fit for an answer 400
    public static Envelope decode(Blob bytes, RequestKind expected) throws MalformedException {
        CborFields fields = CborFields.of(Cbor.decode(bytes, CborLimits.REQUEST), "the envelope");
        RequestContent content = RequestContent.fromCbor(fields.required("content"), expected);
        List<CborValue> list = fields.optionalList("sender_delegation", DELEGATIONS_MAX);
        List<SignedDelegation> delegations = new ArrayList<>();
        if (list != null) {
            for (CborValue delegation : list) {
                delegations.add(SignedDelegation.fromCbor(delegation));
            }
        }
        return new Envelope(
                content,
                content.id(),
                fields.optionalBytes("sender_pubkey", Integer.MAX_VALUE),
                fields.optionalBytes("sender_sig", Integer.MAX_VALUE),
                delegations,
                list != null,
                new EnvelopeHash(Sha256.of(bytes.shared())),
                bytes);
    }

    /// An envelope of one's own making, encoded. An empty list of delegations leaves the field out.
    public static Envelope of(
            RequestContent content,
            @Nullable Blob senderPublicKey,
            @Nullable Blob senderSignature,
            List<SignedDelegation> delegations) {
        CborValue.Builder map = CborValue.Dictionary.builder().put("content", content.toCbor());
        if (senderPublicKey != null) {
            map.bytes("sender_pubkey", senderPublicKey);
        }
        if (senderSignature != null) {
            map.bytes("sender_sig", senderSignature);
        }
        if (!delegations.isEmpty()) {
            List<CborValue> list = new ArrayList<>();
            for (SignedDelegation delegation : delegations) {
                list.add(delegation.toCbor());
            }
            map.put("sender_delegation", new CborValue.Array(list));
        }
        Blob bytes = Cbor.encodeTagged(map.build());
        return new Envelope(
                content,
                content.id(),
                senderPublicKey,
                senderSignature,
                delegations,
                !delegations.isEmpty(),
                new EnvelopeHash(Sha256.of(bytes.shared())),
                bytes);
    }

    /// An envelope that nobody signed, for the anonymous sender.
    public static Envelope unsigned(RequestContent content) {
        return of(content, null, null, List.of());
    }
}
