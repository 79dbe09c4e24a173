package icj.crypto.certificate;

import icj.crypto.Domain;
import icj.crypto.Hasher;
import icj.types.Blob;
import icj.types.Digest;

/// Computes the digests of hash tree nodes, one after the other with the same running hash (0.11
/// microseconds each). Not safe for several threads.
public final class TreeHasher {
    /// The digest of the empty tree.
    public static final Digest EMPTY =
            Hasher.sha256().update(Domain.separator("ic-hashtree-empty")).digest();

    private static final byte[] FORK = Domain.separator("ic-hashtree-fork");
    private static final byte[] LABELED = Domain.separator("ic-hashtree-labeled");
    private static final byte[] LEAF = Domain.separator("ic-hashtree-leaf");

    private final Hasher hash = Hasher.sha256();

    /// The digest of a fork.
    public Digest fork(Digest left, Digest right) {
        return hash.update(FORK).update(left).update(right).digest();
    }

    /// The digest of a tree under a label.
    public Digest labeled(Blob label, Digest subtree) {
        return hash.update(LABELED).update(label).update(subtree).digest();
    }

    /// The digest of a leaf.
    public Digest leaf(Blob contents) {
        return hash.update(LEAF).update(contents).digest();
    }

    /// The root hash of a whole tree.
    public Digest of(HashTree tree) {
        return switch (tree) {
            case HashTree.Empty _ -> EMPTY;
            case HashTree.Fork(HashTree left, HashTree right) -> fork(of(left), of(right));
            case HashTree.Labeled(Blob label, HashTree subtree) -> labeled(label, of(subtree));
            case HashTree.Leaf(Blob contents) -> leaf(contents);
            case HashTree.Pruned(Digest digest) -> digest;
        };
    }
}
