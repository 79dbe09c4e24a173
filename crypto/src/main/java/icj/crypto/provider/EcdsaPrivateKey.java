package icj.crypto.provider;

import icj.types.Blob;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.security.SecureRandom;

/// An ECDSA private key. Signatures are deterministic (RFC 6979), with the lower of the two
/// possible s. Immutable; never printed.
public final class EcdsaPrivateKey {
    private final EcdsaCurve curve;
    private final ECPrivateKeyParameters parameters;
    private final Blob publicKeyDer;

    private EcdsaPrivateKey(EcdsaCurve curve, BigInteger secret) {
        this.curve = curve;
        this.parameters = new ECPrivateKeyParameters(secret, curve.domain());
        this.publicKeyDer =
                curve.derOf(
                        new FixedPointCombMultiplier()
                                .multiply(curve.domain().getG(), secret)
                                .normalize()
                                .getEncoded(false));
    }

    /// A fresh key.
    public static EcdsaPrivateKey generate(EcdsaCurve curve, SecureRandom random) {
        BigInteger order = curve.domain().getN();
        while (true) {
            EcdsaPrivateKey key = of(curve, new BigInteger(order.bitLength(), random));
            if (key != null) {
                return key;
            }
        }
    }

    /// The key of a secret number; null unless it is above zero and below the group order.
    static @Nullable EcdsaPrivateKey of(EcdsaCurve curve, BigInteger secret) {
        boolean good = secret.signum() > 0 && secret.compareTo(curve.domain().getN()) < 0;
        return good ? new EcdsaPrivateKey(curve, secret) : null;
    }

    /// The curve.
    public EcdsaCurve curve() {
        return curve;
    }

    /// The public key as a DER SubjectPublicKeyInfo.
    public Blob publicKeyDer() {
        return publicKeyDer;
    }

    /// Signs the SHA-256 of the message: r and s, 32 bytes each.
    public Blob sign(byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, parameters);
        BigInteger[] signature = signer.generateSignature(EcdsaPublicKey.sha256(message));
        BigInteger order = curve.domain().getN();
        BigInteger s = signature[1];
        BigInteger lower = s.compareTo(order.shiftRight(1)) > 0 ? order.subtract(s) : s;
        byte[] bytes = new byte[EcdsaCurve.SIGNATURE_LENGTH];
        write(signature[0], bytes, 0);
        write(lower, bytes, EcdsaCurve.FIELD_LENGTH);
        return Blob.owning(bytes);
    }

    private static void write(BigInteger number, byte[] to, int offset) {
        byte[] digits = number.toByteArray();
        int length = Math.min(digits.length, EcdsaCurve.FIELD_LENGTH);
        System.arraycopy(
                digits,
                digits.length - length,
                to,
                offset + EcdsaCurve.FIELD_LENGTH - length,
                length);
    }
}
