package icj.crypto.provider;

import icj.types.Blob;

import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;

/// An ECDSA public key on one of two curves; signatures are over SHA-256. Immutable.
///
/// Both halves of the group are taken: whoever has (r, s) also has (r, n - s), as the specification
/// allows. For P-256 the fast provider's "true" is accepted and BouncyCastle decides on the rest,
/// as for Ed25519.
public final class EcdsaPublicKey {
    private static final byte UNCOMPRESSED = 4;

    private final EcdsaCurve curve;
    private final Blob der;
    private final ECPublicKeyParameters parameters;
    private final @Nullable PublicKey fast;

    private EcdsaPublicKey(EcdsaCurve curve, Blob der, ECPoint point) {
        this.curve = curve;
        this.der = der;
        this.parameters = new ECPublicKeyParameters(point, curve.domain());
        this.fast =
                curve == EcdsaCurve.P256 ? Corretto.publicKey(Corretto.P256, der.shared()) : null;
    }

    /// The key of a DER SubjectPublicKeyInfo; null unless it is the exact prefix of the curve and
    /// an uncompressed point that lies on it.
    public static @Nullable EcdsaPublicKey ofDer(EcdsaCurve curve, Blob der) {
        if (!curve.isDer(der)) {
            return null;
        }
        byte[] point = curve.pointOf(der);
        if (point[0] != UNCOMPRESSED) {
            return null;
        }
        try {
            return new EcdsaPublicKey(curve, der, curve.domain().getCurve().decodePoint(point));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The curve.
    public EcdsaCurve curve() {
        return curve;
    }

    /// The key as a DER SubjectPublicKeyInfo.
    public Blob der() {
        return der;
    }

    /// Whether r and s, 32 bytes each, sign the message.
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == EcdsaCurve.SIGNATURE_LENGTH
                && (fastVerify(message, signature) || finalVerify(message, signature));
    }

    boolean fastVerify(byte[] message, byte[] signature) {
        PublicKey key = fast;
        return key != null && Corretto.accepts(Corretto.P256, key, message, signature);
    }

    boolean finalVerify(byte[] message, byte[] signature) {
        int half = EcdsaCurve.FIELD_LENGTH;
        BigInteger r = new BigInteger(1, Arrays.copyOf(signature, half));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, half, 2 * half));
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, parameters);
        return verifier.verifySignature(sha256(message), r, s);
    }

    static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
