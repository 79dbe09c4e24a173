package icj.crypto;

import icj.crypto.provider.Ed25519PrivateKey;
import icj.types.Blob;

import java.security.SecureRandom;

/// An Ed25519 private key: of a node, of its TLS certificate, or of a user.
public final class Ed25519SigningKey implements SigningKey {
    private final Ed25519PrivateKey key;

    Ed25519SigningKey(Ed25519PrivateKey key) {
        this.key = key;
    }

    /// A fresh key.
    public static Ed25519SigningKey generate(SecureRandom random) {
        return new Ed25519SigningKey(Ed25519PrivateKey.generate(random));
    }

    /// Reads a key file that must hold an Ed25519 key.
    ///
    /// @throws KeyFormatException that says what is wrong, without the key
    public static Ed25519SigningKey fromPem(String pem) throws KeyFormatException {
        if (Pem.read(pem) instanceof Ed25519SigningKey key) {
            return key;
        }
        throw new KeyFormatException("An Ed25519 private key is wanted here");
    }

    @Override
    public SignatureScheme scheme() {
        return SignatureScheme.ED25519;
    }

    @Override
    public Blob publicKeyDer() {
        return key.publicKeyDer();
    }

    @Override
    public Blob sign(byte[] message) {
        return key.sign(message);
    }

    /// The key as a PEM file in PKCS#8; the file is to be readable by its owner only.
    public String toPem() {
        return Pem.write("PRIVATE KEY", key.pkcs8());
    }

    /// The key as Java's providers take it, PKCS#8 in DER; for the TLS of the same process only.
    public byte[] toPkcs8() {
        return key.pkcs8();
    }
}
