package icj.crypto;

import icj.crypto.provider.EcdsaCurve;
import icj.crypto.provider.EcdsaPrivateKey;
import icj.types.Blob;

import java.security.SecureRandom;

/// A private key of P-256 or secp256k1: of a user. Signatures are deterministic (RFC 6979), with a
/// low s.
public final class EcdsaSigningKey implements SigningKey {
    private final EcdsaPrivateKey key;

    EcdsaSigningKey(EcdsaPrivateKey key) {
        this.key = key;
    }

    /// A fresh key.
    public static EcdsaSigningKey generate(EcdsaCurve curve, SecureRandom random) {
        return new EcdsaSigningKey(EcdsaPrivateKey.generate(curve, random));
    }

    @Override
    public SignatureScheme scheme() {
        return key.curve() == EcdsaCurve.P256
                ? SignatureScheme.ECDSA_P256
                : SignatureScheme.ECDSA_SECP256K1;
    }

    @Override
    public Blob publicKeyDer() {
        return key.publicKeyDer();
    }

    @Override
    public Blob sign(byte[] message) {
        return key.sign(message);
    }
}
