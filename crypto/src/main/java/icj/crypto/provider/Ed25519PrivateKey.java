package icj.crypto.provider;

import icj.types.Blob;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

import java.security.PrivateKey;
import java.security.SecureRandom;

/// An Ed25519 private key. Immutable; never printed.
public final class Ed25519PrivateKey {
    /// PKCS#8 version 0 of algorithm 1.3.101.112, up to the 32 bytes of the seed.
    private static final Blob PKCS8_PREFIX = Blob.fromHex("302e020100300506032b657004220420");

    private static final int SEED_LENGTH = Ed25519.SECRET_KEY_SIZE;

    private final byte[] seed;
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    private final @Nullable PrivateKey fast;

    private Ed25519PrivateKey(byte[] seed) {
        this.seed = seed;
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        this.fast = Corretto.privateKey(Corretto.ED25519, pkcs8());
    }

    /// A fresh key.
    public static Ed25519PrivateKey generate(SecureRandom random) {
        byte[] seed = new byte[SEED_LENGTH];
        random.nextBytes(seed);
        return new Ed25519PrivateKey(seed);
    }

    /// The key of a seed; null unless it has 32 bytes.
    static @Nullable Ed25519PrivateKey ofSeed(byte[] seed) {
        return seed.length == SEED_LENGTH ? new Ed25519PrivateKey(seed.clone()) : null;
    }

    /// The public key as a DER SubjectPublicKeyInfo, 44 bytes.
    public Blob publicKeyDer() {
        return Ed25519PublicKey.der(publicKey);
    }

    /// Signs: 64 bytes, the same for each provider (RFC 8032 leaves no choice).
    public Blob sign(byte[] message) {
        PrivateKey key = fast;
        byte[] signature = key == null ? null : Corretto.sign(Corretto.ED25519, key, message);
        if (signature == null) {
            signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicKey, 0, null, message, 0, message.length, signature, 0);
        }
        return Blob.owning(signature);
    }

    /// PKCS#8 in DER, 48 bytes; for key files.
    public byte[] pkcs8() {
        byte[] encoded = new byte[PKCS8_PREFIX.length() + SEED_LENGTH];
        System.arraycopy(PKCS8_PREFIX.shared(), 0, encoded, 0, PKCS8_PREFIX.length());
        System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length(), SEED_LENGTH);
        return encoded;
    }
}
