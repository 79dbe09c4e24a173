package icj.state.tree;

import icj.types.Blob;
import icj.types.Digest;
import icj.wire.Sha256;

import java.nio.charset.StandardCharsets;

/// The digests of the Internet Computer's hash trees: SHA-256 of a domain separator with its length
/// in front, then the parts of the node (interface.md 2).
final class TreeHasher implements SortedTrie.Hasher<LabelItem> {
    static final TreeHasher INSTANCE = new TreeHasher();

    private static final byte[] EMPTY = domain("ic-hashtree-empty");
    private static final byte[] FORK = domain("ic-hashtree-fork");
    private static final byte[] LABELED = domain("ic-hashtree-labeled");
    private static final byte[] LEAF = domain("ic-hashtree-leaf");
    private static final Digest EMPTY_DIGEST = Sha256.of(EMPTY);

    private TreeHasher() {}

    @Override
    public Digest empty() {
        return EMPTY_DIGEST;
    }

    @Override
    public Digest entry(Blob label, LabelItem item) {
        return labeled(label, item.digest());
    }

    @Override
    public Digest fork(Digest left, Digest right) {
        return Sha256.of(FORK, left.shared(), right.shared());
    }

    /// The digest of a label and what stands below it.
    static Digest labeled(Blob label, Digest below) {
        return Sha256.of(LABELED, label.shared(), below.shared());
    }

    /// The digest of a leaf.
    static Digest leaf(Blob value) {
        return Sha256.of(LEAF, value.shared());
    }

    private static byte[] domain(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[text.length + 1];
        bytes[0] = (byte) text.length;
        System.arraycopy(text, 0, bytes, 1, text.length);
        return bytes;
    }
}
