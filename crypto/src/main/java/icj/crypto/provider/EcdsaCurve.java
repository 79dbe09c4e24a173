package icj.crypto.provider;

import icj.types.Blob;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;

/// The curves of ECDSA that clients use, always with SHA-256.
public enum EcdsaCurve {
    /// NIST P-256, secp256r1.
    P256("3059301306072a8648ce3d020106082a8648ce3d030107034200", SECObjectIdentifiers.secp256r1),
    /// Bitcoin's secp256k1.
    SECP256K1("3056301006072a8648ce3d020106052b8104000a034200", SECObjectIdentifiers.secp256k1);

    /// The length of r, s and of each coordinate, in bytes.
    public static final int FIELD_LENGTH = 32;

    /// The length of a signature: r and s, big-endian.
    public static final int SIGNATURE_LENGTH = 2 * FIELD_LENGTH;

    private static final int POINT_LENGTH = 1 + 2 * FIELD_LENGTH;

    private final Blob derPrefix;
    private final ASN1ObjectIdentifier identifier;
    private final ECDomainParameters domain;

    EcdsaCurve(String derPrefix, ASN1ObjectIdentifier identifier) {
        this.derPrefix = Blob.fromHex(derPrefix);
        this.identifier = identifier;
        X9ECParameters parameters = CustomNamedCurves.getByOID(identifier);
        this.domain =
                new ECDomainParameters(
                        parameters.getCurve(),
                        parameters.getG(),
                        parameters.getN(),
                        parameters.getH());
    }

    /// Whether these bytes have the length and the prefix of this curve's SubjectPublicKeyInfo with
    /// an uncompressed point; the point itself may still be bad.
    public boolean isDer(Blob der) {
        int prefix = derPrefix.length();
        return der.length() == prefix + POINT_LENGTH && der.slice(0, prefix).equals(derPrefix);
    }

    /// The point's bytes of a DER form that [#isDer] holds of.
    byte[] pointOf(Blob der) {
        return der.slice(derPrefix.length(), der.length()).shared();
    }

    Blob derOf(byte[] point) {
        byte[] der = new byte[derPrefix.length() + point.length];
        System.arraycopy(derPrefix.shared(), 0, der, 0, derPrefix.length());
        System.arraycopy(point, 0, der, derPrefix.length(), point.length);
        return Blob.owning(der);
    }

    ASN1ObjectIdentifier identifier() {
        return identifier;
    }

    ECDomainParameters domain() {
        return domain;
    }
}
