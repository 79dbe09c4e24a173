package icj.crypto.certificate;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.SubnetId;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// A part of a subnet's state with the subnet's signature (interface specification, "Certificate").
/// Well-formed, not yet verified: that is [CertificateVerifier].
///
/// @param tree what is certified
/// @param signature BLS over [icj.crypto.Domain#stateRoot] of the tree's digest, 48 bytes
/// @param delegation by which the root subnet lets the signer certify; null when that is the root
///   subnet itself
public record Certificate(HashTree tree, Blob signature, @Nullable SubnetDelegation delegation) {
    private static final int SUBNET_ID_LENGTH_MAX = Principal.LENGTH_MAX;
    private static final int MAP_OF_TWO = 0xa2;
    private static final int MAP_OF_THREE = 0xa3;

    /// Tag 55799, self-described CBOR.
    private static final byte[] SELF_DESCRIBED = {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7};

    /// The CBOR form with the self-describing tag.
    public Blob encode() {
        ByteWriter out = new ByteWriter();
        out.raw(SELF_DESCRIBED);
        out.u8(delegation == null ? MAP_OF_TWO : MAP_OF_THREE);
        text(out, "tree");
        TreeCbor.write(out, tree);
        text(out, "signature");
        TreeCbor.bytes(out, signature.shared());
        if (delegation != null) {
            text(out, "delegation");
            out.u8(MAP_OF_TWO);
            text(out, "subnet_id");
            TreeCbor.bytes(out, delegation.subnet().principal().toBytes());
            text(out, "certificate");
            TreeCbor.bytes(out, delegation.certificate().shared());
        }
        return out.toBlob();
    }

    /// Keys of up to 23 letters.
    private static void text(ByteWriter out, String key) {
        out.u8(0x60 | key.length()).raw(key.getBytes(StandardCharsets.US_ASCII));
    }

    /// Reads the CBOR form, with or without the self-describing tag. Unknown fields are ignored.
    ///
    /// @throws MalformedException that names the field
    public static Certificate decode(Blob cbor) throws MalformedException {
        CborFields fields =
                CborFields.of(Cbor.decode(cbor, CborLimits.CERTIFICATE), "the certificate");
        HashTree tree = HashTree.fromCbor(fields.required("tree"));
        Blob signature = fields.bytes("signature", Integer.MAX_VALUE);
        if (fields.optional("delegation") == null) {
            return new Certificate(tree, signature, null);
        }
        CborFields delegation = fields.map("delegation", "the delegation");
        SubnetId subnet =
                new SubnetId(
                        Principal.of(delegation.bytes("subnet_id", SUBNET_ID_LENGTH_MAX).shared()));
        Blob certificate = delegation.bytes("certificate", Integer.MAX_VALUE);
        return new Certificate(tree, signature, new SubnetDelegation(subnet, certificate));
    }
}
