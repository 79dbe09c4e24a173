package icj.state.model;

import icj.types.Digest;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

/// An immutable part of a canister whose hash is computed at most once, and only when asked for: a
/// canister that changed in one part hashes only that part (R-S1).
public abstract class HashedPart {
    // Written by whoever comes first; two threads would write the same digest.
    private volatile @Nullable Digest digest;

    /// Appends the canonical bytes.
    protected abstract void encode(ByteWriter out);

    /// SHA-256 of the canonical bytes.
    public final Digest digest() {
        Digest known = digest;
        if (known == null) {
            ByteWriter out = new ByteWriter();
            encode(out);
            known = Sha256.of(out.toBytes());
            digest = known;
        }
        return known;
    }
}
