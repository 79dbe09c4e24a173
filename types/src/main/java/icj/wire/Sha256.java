package icj.wire;

import icj.types.Digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 over byte arrays.
public final class Sha256 {
    private Sha256() {}

    /// The hash of the parts one after the other, with nothing between them.
    public static Digest of(byte[]... parts) {
        MessageDigest digest = start();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return Digest.owning(digest.digest());
    }

    /// The hash of bytes `from` (inclusive) to `to` (exclusive).
    public static Digest ofRange(byte[] bytes, int from, int to) {
        MessageDigest digest = start();
        digest.update(bytes, from, to - from);
        return Digest.owning(digest.digest());
    }

    /// A fresh digest for callers that feed it piecewise.
    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
