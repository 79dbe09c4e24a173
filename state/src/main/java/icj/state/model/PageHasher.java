package icj.state.model;

import icj.types.Digest;
import icj.wire.Sha256;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/// The digests of page trees (R-S2): a page is H(0, page), an inner node H(1, level, 16 children),
/// a memory H(2, kind, size, tree). H is SHA-256; the leading numbers, the level and the kind are
/// one byte each, the size is eight, big-endian. For one thread.
final class PageHasher {
    private static final byte PAGE = 0;
    private static final byte INNER = 1;
    private static final byte MEMORY = 2;
    private static final int LEVELS_MAX = 7;

    /// A page of zeros.
    static final byte[] ZERO_PAGE = new byte[PageMap.PAGE_BYTES];

    /// The digests of subtrees of zeros by level; level 0 is the page.
    private static final Digest[] ZEROS = zeros();

    private final MessageDigest sha256 = Sha256.start();

    /// How many pages this object hashed.
    long pages;

    /// The digest of an all-zero subtree whose top is at this level.
    static Digest zero(int level) {
        return ZEROS[level];
    }

    /// Whether all bytes of a page are 0.
    static boolean isZero(byte[] page) {
        return Arrays.equals(page, ZERO_PAGE);
    }

    /// The digest of a page.
    Digest page(byte[] page) {
        pages++;
        sha256.update(PAGE);
        sha256.update(page);
        return Digest.owning(sha256.digest());
    }

    /// The digest of an inner node.
    Digest inner(int level, Digest[] children) {
        sha256.update(INNER);
        sha256.update((byte) level);
        for (Digest child : children) {
            sha256.update(child.shared());
        }
        return Digest.owning(sha256.digest());
    }

    /// The digest of a memory.
    Digest memory(MemoryKind kind, long size, Digest tree) {
        sha256.update(MEMORY);
        sha256.update(kind.code());
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(size).array());
        sha256.update(tree.shared());
        return Digest.owning(sha256.digest());
    }

    private static Digest[] zeros() {
        PageHasher hasher = new PageHasher();
        Digest[] zeros = new Digest[LEVELS_MAX + 1];
        zeros[0] = hasher.page(ZERO_PAGE);
        for (int level = 1; level <= LEVELS_MAX; level++) {
            Digest[] children = new Digest[PageMap.ARITY];
            Arrays.fill(children, zeros[level - 1]);
            zeros[level] = hasher.inner(level, children);
        }
        return zeros;
    }
}
