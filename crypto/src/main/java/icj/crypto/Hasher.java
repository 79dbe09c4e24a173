package icj.crypto;

import icj.types.Blob;
import icj.types.Digest;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A running hash. One object serves any number of hashes, one after the other; making one costs no
/// search for a provider. Not safe for several threads.
public final class Hasher {
    private static final MessageDigest SHA_256 = algorithm("SHA-256");
    private static final MessageDigest SHA_224 = algorithm("SHA-224");

    private final MessageDigest hash;

    private Hasher(MessageDigest hash) {
        this.hash = hash;
    }

    /// SHA-256.
    public static Hasher sha256() {
        return new Hasher(copy(SHA_256));
    }

    /// SHA-224.
    public static Hasher sha224() {
        return new Hasher(copy(SHA_224));
    }

    private static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has " + name, e);
        }
    }

    /// The prototypes are never written to, so that any thread may copy them.
    private static MessageDigest copy(MessageDigest prototype) {
        try {
            return (MessageDigest) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JVM's SHA-2 can be copied", e);
        }
    }

    /// Hashes a domain separator: its length in one byte, then its ASCII letters.
    public Hasher domain(String domain) {
        hash.update((byte) domain.length());
        hash.update(domain.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /// Hashes bytes.
    public Hasher update(byte[] bytes) {
        hash.update(bytes);
        return this;
    }

    /// Hashes `length` bytes from `offset` on.
    public Hasher update(byte[] bytes, int offset, int length) {
        hash.update(bytes, offset, length);
        return this;
    }

    /// Hashes one byte.
    public Hasher update(byte single) {
        hash.update(single);
        return this;
    }

    /// Hashes bytes.
    public Hasher update(Blob bytes) {
        hash.update(bytes.shared());
        return this;
    }

    /// Hashes the 32 bytes of a digest.
    public Hasher update(Digest digest) {
        hash.update(digest.shared());
        return this;
    }

    /// The SHA-256 of what was hashed; the object starts anew.
    public Digest digest() {
        return Digest.owning(hash.digest());
    }

    /// The hash as bytes; the object starts anew.
    public byte[] bytes() {
        return hash.digest();
    }

    /// Writes the hash into `to` at `offset`; the object starts anew.
    public void writeTo(byte[] to, int offset) {
        try {
            hash.digest(to, offset, hash.getDigestLength());
        } catch (DigestException e) {
            throw new IllegalArgumentException("No room for the hash", e);
        }
    }
}
