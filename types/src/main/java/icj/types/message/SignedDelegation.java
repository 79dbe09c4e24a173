package icj.types.message;

import icj.types.Blob;
import icj.wire.MalformedException;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborValue;

/// A delegation with the signature of the key before it in the chain.
///
/// @param signature over the domain separator and [Delegation#hash]
public record SignedDelegation(Delegation delegation, Blob signature) {
    /// The map of both fields.
    public CborValue toCbor() {
        return CborValue.Dictionary.builder()
                .put("delegation", delegation.toCbor())
                .bytes("signature", signature)
                .build();
    }

    /// Reads the map.
    public static SignedDelegation fromCbor(CborValue value) throws MalformedException {
        CborFields fields = CborFields.of(value, "a signed delegation");
        return new SignedDelegation(
                Delegation.fromCbor(fields.required("delegation")),
                fields.bytes("signature", Integer.MAX_VALUE));
    }
}
