package icj.crypto.provider;

import icj.types.Blob;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

import java.security.PublicKey;

/// An Ed25519 public key that passed the checks that providers differ in. Immutable.
///
/// Providers disagree on crafted signatures, which would let nodes disagree on a block. So (R-C9):
/// keys of small order or not in canonical form are refused before anything else; the fast
/// provider's "true" is accepted, being a subset of BouncyCastle's; whatever it refuses is
/// BouncyCastle's to decide.
public final class Ed25519PublicKey {
    /// The length of a key, in bytes.
    public static final int LENGTH = 32;

    /// The length of a signature, in bytes.
    public static final int SIGNATURE_LENGTH = 64;

    private static final Blob DER_PREFIX = Blob.fromHex("302a300506032b6570032100");

    /// p = 2^255 - 19, little-endian.
    private static final byte[] PRIME = prime();

    /// The y coordinates of the eight points of small order, little-endian: 0, 1, -1 and the two of
    /// order 8.
    private static final Blob[] SMALL_ORDER = {
        Blob.of(new byte[LENGTH]),
        Blob.fromHex("01" + "00".repeat(31)),
        Blob.fromHex("ec" + "ff".repeat(30) + "7f"),
        Blob.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        Blob.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    };

    private final byte[] raw;
    private final @Nullable PublicKey fast;

    private Ed25519PublicKey(byte[] raw) {
        this.raw = raw;
        this.fast = Corretto.publicKey(Corretto.ED25519, der(raw).shared());
    }

    /// The key of these bytes; null unless they are 32, the canonical form of a coordinate, and not
    /// that of a point of small order. (Whether a point has the coordinate at all shows when a
    /// signature is verified: none is.)
    public static @Nullable Ed25519PublicKey of(Blob raw) {
        if (raw.length() != LENGTH) {
            return null;
        }
        byte[] y = raw.toBytes();
        y[LENGTH - 1] &= 0x7f;
        if (!isBelowPrime(y)) {
            return null;
        }
        Blob coordinate = Blob.owning(y);
        for (Blob small : SMALL_ORDER) {
            if (coordinate.equals(small)) {
                return null;
            }
        }
        return new Ed25519PublicKey(raw.toBytes());
    }

    /// The key of a DER SubjectPublicKeyInfo; null unless it is the exact 12 bytes of prefix and a
    /// good key.
    public static @Nullable Ed25519PublicKey ofDer(Blob der) {
        return isDer(der) ? of(der.slice(DER_PREFIX.length(), der.length())) : null;
    }

    /// Whether these are the bytes of an Ed25519 SubjectPublicKeyInfo, with a good key or not.
    public static boolean isDer(Blob der) {
        int prefix = DER_PREFIX.length();
        return der.length() == prefix + LENGTH && der.slice(0, prefix).equals(DER_PREFIX);
    }

    /// The DER form of a raw key, 44 bytes.
    static Blob der(byte[] raw) {
        byte[] der = new byte[DER_PREFIX.length() + LENGTH];
        System.arraycopy(DER_PREFIX.shared(), 0, der, 0, DER_PREFIX.length());
        System.arraycopy(raw, 0, der, DER_PREFIX.length(), LENGTH);
        return Blob.owning(der);
    }

    /// The key, 32 bytes.
    public Blob raw() {
        return Blob.of(raw);
    }

    /// The key as a DER SubjectPublicKeyInfo, 44 bytes.
    public Blob der() {
        return der(raw);
    }

    /// Whether the signature is this key's (R-C9).
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_LENGTH
                && (fastVerify(message, signature) || finalVerify(message, signature));
    }

    /// The fast provider's verdict; false when there is none.
    boolean fastVerify(byte[] message, byte[] signature) {
        PublicKey key = fast;
        return key != null && Corretto.accepts(Corretto.ED25519, key, message, signature);
    }

    /// BouncyCastle's verdict, which stands.
    boolean finalVerify(byte[] message, byte[] signature) {
        return Ed25519.verify(signature, 0, raw, 0, message, 0, message.length);
    }

    private static boolean isBelowPrime(byte[] littleEndian) {
        for (int i = LENGTH - 1; i >= 0; i--) {
            int difference = (littleEndian[i] & 0xff) - (PRIME[i] & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static byte[] prime() {
        return Blob.fromHex("ed" + "ff".repeat(30) + "7f").toBytes();
    }
}
