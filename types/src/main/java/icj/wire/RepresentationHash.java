package icj.wire;

import icj.types.Blob;
import icj.types.Digest;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The hash of a map that does not depend on how the map was encoded (interface specification,
/// "Representation-independent hashing"): for each field the hash of its name and the hash of its
/// value, these pairs sorted bytewise, and the hash of all that.
///
/// ```
/// new RepresentationHash().text("request_type", "call").bytes("arg", arg).digest()
/// ```
///
/// Not thread-safe. Methods return this hash.
public final class RepresentationHash {
    private final List<byte[]> fields = new ArrayList<>();

    /// An empty map.
    public RepresentationHash() {}

    /// A field with bytes.
    public RepresentationHash bytes(String name, Blob value) {
        return field(name, ofBytes(value));
    }

    /// A field with text.
    public RepresentationHash text(String name, String value) {
        return field(name, ofText(value));
    }

    /// A field with a number of 0 to 2^64 - 1, given as its 64 bits.
    public RepresentationHash nat(String name, long value) {
        return field(name, ofNat(value));
    }

    /// A field with a list.
    ///
    /// @param elements the hashes of the elements
    public RepresentationHash array(String name, List<Digest> elements) {
        return field(name, ofArray(elements));
    }

    /// A field with a map.
    public RepresentationHash map(String name, RepresentationHash value) {
        return field(name, value.digest());
    }

    /// A field whose value has this hash.
    public RepresentationHash field(String name, Digest valueHash) {
        byte[] pair = Arrays.copyOf(ofText(name).shared(), 2 * Digest.LENGTH);
        System.arraycopy(valueHash.shared(), 0, pair, Digest.LENGTH, Digest.LENGTH);
        fields.add(pair);
        return this;
    }

    /// The hash of the fields so far.
    public Digest digest() {
        List<byte[]> sorted = new ArrayList<>(fields);
        sorted.sort(Arrays::compareUnsigned);
        MessageDigest digest = Sha256.start();
        for (byte[] pair : sorted) {
            digest.update(pair);
        }
        return Digest.owning(digest.digest());
    }

    /// The hash of bytes: they themselves.
    public static Digest ofBytes(Blob value) {
        return Sha256.of(value.shared());
    }

    /// The hash of a text: its UTF-8 form.
    public static Digest ofText(String value) {
        return Sha256.of(value.getBytes(StandardCharsets.UTF_8));
    }

    /// The hash of a number of 0 to 2^64 - 1: its shortest LEB128 form.
    public static Digest ofNat(long value) {
        return Sha256.of(Leb128.unsigned(value));
    }

    /// The hash of a number of any size: its shortest LEB128 form.
    public static Digest ofNat(BigInteger value) {
        return Sha256.of(Leb128.unsigned(value));
    }

    /// The hash of a list: the hashes of its elements in order.
    public static Digest ofArray(List<Digest> elements) {
        MessageDigest digest = Sha256.start();
        for (Digest element : elements) {
            digest.update(element.shared());
        }
        return Digest.owning(digest.digest());
    }
}
