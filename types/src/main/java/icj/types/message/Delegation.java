package icj.types.message;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.MalformedException;
import icj.wire.RepresentationHash;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Lets another key sign for the sender (interface specification, "Authentication").
///
/// @param publicKey the key that may sign, DER
/// @param expirationNanos nanoseconds since 1970 after which it may not, an unsigned number
/// @param targets the canisters that may be called, or null for all
/// @param permissions `all` or `queries`, or null for all; other values are the verifier's to
///   refuse
public record Delegation(
        Blob publicKey,
        long expirationNanos,
        @Nullable List<Principal> targets,
        @Nullable String permissions) {
    /// The most targets of one delegation.
    public static final int TARGETS_MAX = 1000;

    /// Copies the list.
    public Delegation {
        targets = targets == null ? null : List.copyOf(targets);
    }

    /// The representation-independent hash, which the delegating key signs after the domain
    /// separator `\x1Aic-request-auth-delegation`.
    public Digest hash() {
        RepresentationHash hash = new RepresentationHash();
        hash.bytes("pubkey", publicKey).nat("expiration", expirationNanos);
        if (targets != null) {
            List<Digest> hashes = new ArrayList<>();
            for (Principal target : targets) {
                hashes.add(RepresentationHash.ofBytes(Blob.owning(target.toBytes())));
            }
            hash.array("targets", hashes);
        }
        if (permissions != null) {
            hash.text("permissions", permissions);
        }
        return hash.digest();
    }

    /// The map of all fields.
    public CborValue toCbor() {
        CborValue.Builder map = CborValue.Dictionary.builder();
        map.bytes("pubkey", publicKey).nat("expiration", expirationNanos);
        if (targets != null) {
            List<CborValue> list = new ArrayList<>();
            for (Principal target : targets) {
                list.add(new CborValue.Bytes(Blob.owning(target.toBytes())));
            }
            map.put("targets", new CborValue.Array(list));
        }
        if (permissions != null) {
            map.text("permissions", permissions);
        }
        return map.build();
    }

    /// Reads the map.
    public static Delegation fromCbor(CborValue value) throws MalformedException {
        CborFields fields = CborFields.of(value, "a delegation");
        List<CborValue> list = fields.optionalList("targets", TARGETS_MAX);
        List<Principal> targets = null;
        if (list != null) {
            targets = new ArrayList<>();
            for (CborValue target : list) {
                Blob bytes =
                        CborFields.asBytes(
                                target, "A target of a delegation", Principal.LENGTH_MAX);
                targets.add(Principal.of(bytes.shared()));
            }
        }
        return new Delegation(
                fields.bytes("pubkey", Integer.MAX_VALUE),
                fields.nat64("expiration"),
                targets,
                fields.optionalText("permissions"));
    }
}
