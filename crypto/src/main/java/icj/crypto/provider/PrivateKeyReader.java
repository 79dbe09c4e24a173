package icj.crypto.provider;

import icj.crypto.KeyFormatException;

import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;

/// Reads private keys in DER: PKCS#8 (with or without the public key, RFC 5958) and SEC1.
public final class PrivateKeyReader {
    private PrivateKeyReader() {}

    /// What was read: exactly one is set.
    ///
    /// @param ed25519 an Ed25519 key
    /// @param ecdsa a key of one of the two curves
    public record Found(@Nullable Ed25519PrivateKey ed25519, @Nullable EcdsaPrivateKey ecdsa) {}

    /// Reads PKCS#8.
    public static Found pkcs8(byte[] der) throws KeyFormatException {
        PrivateKeyInfo info;
        ASN1Primitive inner;
        try {
            info = PrivateKeyInfo.getInstance(whole(der));
            inner = info.parsePrivateKey().toASN1Primitive();
        } catch (IOException | RuntimeException e) {
            throw new KeyFormatException("This is not a private key in PKCS#8");
        }
        ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return new Found(ed25519(inner, info.getPublicKeyData()), null);
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return ecdsa(inner, info.getPrivateKeyAlgorithm().getParameters());
        }
        throw new KeyFormatException(
                "Private keys of algorithm "
                        + algorithm
                        + " are not supported; Ed25519, P-256 and secp256k1 are");
    }

    /// Reads SEC1, the form in `EC PRIVATE KEY`.
    ///
    /// @param curve the object identifier beside the key in DER, or null when the key names its own
    ///   curve
    public static Found sec1(byte[] der, byte @Nullable [] curve) throws KeyFormatException {
        try {
            return ecdsa(whole(der), curve == null ? null : whole(curve));
        } catch (IOException | IllegalArgumentException e) {
            throw new KeyFormatException("This is not an EC private key in SEC1");
        }
    }

    private static Ed25519PrivateKey ed25519(ASN1Primitive inner, @Nullable ASN1BitString publicKey)
            throws KeyFormatException {
        Ed25519PrivateKey key =
                inner instanceof ASN1OctetString seed
                        ? Ed25519PrivateKey.ofSeed(seed.getOctets())
                        : null;
        if (key == null) {
            throw new KeyFormatException("An Ed25519 private key has 32 bytes");
        }
        if (publicKey != null) {
            byte[] der = key.publicKeyDer().shared();
            byte[] own = Arrays.copyOfRange(der, der.length - 32, der.length);
            if (!Arrays.equals(own, publicKey.getOctets())) {
                throw new KeyFormatException("The public key in the file is another key's");
            }
        }
        return key;
    }

    private static Found ecdsa(ASN1Primitive inner, @Nullable ASN1Encodable outerCurve)
            throws KeyFormatException {
        ECPrivateKey sec1;
        try {
            sec1 = ECPrivateKey.getInstance(inner);
        } catch (IllegalArgumentException e) {
            throw new KeyFormatException("This is not an EC private key in SEC1");
        }
        ASN1Encodable named = sec1.getParametersObject();
        EcdsaCurve curve = curve(named != null ? named : outerCurve);
        EcdsaPrivateKey key = EcdsaPrivateKey.of(curve, sec1.getKey());
        if (key == null) {
            throw new KeyFormatException("The private key is not below the order of its curve");
        }
        return new Found(null, key);
    }

    private static EcdsaCurve curve(@Nullable ASN1Encodable name) throws KeyFormatException {
        if (name == null) {
            throw new KeyFormatException("The EC private key does not name its curve");
        }
        for (EcdsaCurve curve : EcdsaCurve.values()) {
            if (curve.identifier().equals(name.toASN1Primitive())) {
                return curve;
            }
        }
        throw new KeyFormatException(
                "The curve of this EC private key is not supported; P-256 and secp256k1 are");
    }

    /// The one value that these bytes hold.
    private static ASN1Primitive whole(byte[] der) throws IOException {
        ASN1Primitive value = ASN1Primitive.fromByteArray(der);
        if (value == null) {
            throw new IOException("empty");
        }
        return value;
    }
}
