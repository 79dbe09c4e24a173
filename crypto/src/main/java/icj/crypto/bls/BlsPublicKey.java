package icj.crypto.bls;

import icj.crypto.KeyFormatException;
import icj.crypto.provider.G1Point;
import icj.crypto.provider.G2Point;
import icj.types.Blob;

/// A public key: a point of G2, checked to lie in the subgroup and not to be infinity. Immutable;
/// the first verification with a key takes a little longer, since it prepares the pairing.
public final class BlsPublicKey {
    /// The length of the compressed point, in bytes.
    public static final int LENGTH = G2Point.LENGTH;

    /// The length of a signature, a compressed point of G1, in bytes.
    public static final int SIGNATURE_LENGTH = G1Point.LENGTH;

    /// The length of the key as a DER SubjectPublicKeyInfo, in bytes.
    public static final int DER_LENGTH = 133;

    /// SubjectPublicKeyInfo of algorithm 1.3.6.1.4.1.44668.5.3.1.2.1 and curve
    /// 1.3.6.1.4.1.44668.5.3.2.1, up to the 96 bytes of the point.
    private static final Blob DER_PREFIX =
            Blob.fromHex(
                    "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c0503020103"
                            + "6100");

    private final G2Point point;
    private final Blob compressed;

    BlsPublicKey(G2Point point) {
        this(point, Blob.owning(point.compress()));
    }

    private BlsPublicKey(G2Point point, Blob compressed) {
        this.point = point;
        this.compressed = compressed;
    }

    /// Reads the compressed form.
    ///
    /// @throws KeyFormatException unless these are 96 bytes, the canonical form of a point of the
    ///   subgroup other than infinity
    public static BlsPublicKey decode(Blob compressed) throws KeyFormatException {
        G2Point point = G2Point.decompress(compressed.shared());
        if (point == null) {
            throw new KeyFormatException(
                    "This is not a BLS12-381 public key: 96 bytes, a point of G2 in its compressed"
                            + " form");
        }
        return new BlsPublicKey(point, compressed);
    }

    /// Reads the DER form, as the root key of a network is published.
    ///
    /// @throws KeyFormatException unless these are the exact 37 bytes of prefix and a key
    public static BlsPublicKey fromDer(Blob der) throws KeyFormatException {
        int prefix = DER_PREFIX.length();
        if (der.length() != DER_LENGTH || !der.slice(0, prefix).equals(DER_PREFIX)) {
            throw new KeyFormatException(
                    "This is not a BLS12-381 public key in its DER form of 133 bytes");
        }
        return decode(der.slice(prefix, DER_LENGTH));
    }

    /// The compressed form, 96 bytes.
    public Blob bytes() {
        return compressed;
    }

    /// The DER form, 133 bytes.
    public Blob der() {
        byte[] der = new byte[DER_LENGTH];
        System.arraycopy(DER_PREFIX.shared(), 0, der, 0, DER_PREFIX.length());
        System.arraycopy(compressed.shared(), 0, der, DER_PREFIX.length(), LENGTH);
        return Blob.owning(der);
    }

    /// Whether `signature`, 48 bytes from anywhere, is this key's signature of `message`. Whatever
    /// is malformed, infinity or outside the subgroup is not.
    public boolean verify(MessagePoint message, Blob signature) {
        G1Point signed = G1Point.decompress(signature.shared());
        return signed != null && verify(message, signed);
    }

    /// Whether `signature`, 48 bytes from anywhere, is this key's signature of `message`.
    public boolean verify(byte[] message, Blob signature) {
        G1Point signed = G1Point.decompress(signature.shared());
        return signed != null && verify(MessagePoint.of(message), signed);
    }

    boolean verify(MessagePoint message, G1Point signature) {
        return signature.isInSubgroup() && point.verifies(message.point(), signature);
    }

    G2Point point() {
        return point;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlsPublicKey key && compressed.equals(key.compressed);
    }

    @Override
    public int hashCode() {
        return compressed.hashCode();
    }

    @Override
    public String toString() {
        return compressed.toString();
    }
}
