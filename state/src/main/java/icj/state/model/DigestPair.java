package icj.state.model;

import icj.state.tree.LabelTree;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.Sha256;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The two digests of a part of the ingress history: that under the state root and that in the
/// certified tree. Held as numbers: a history has half a million of them, and arrays would double
/// them.
final class DigestPair {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long state0;
    private final long state1;
    private final long state2;
    private final long state3;
    private final long labels0;
    private final long labels1;
    private final long labels2;
    private final long labels3;

    private DigestPair(Digest state, Digest labels) {
        byte[] s = state.shared();
        byte[] l = labels.shared();
        state0 = (long) LONGS.get(s, 0);
        state1 = (long) LONGS.get(s, 8);
        state2 = (long) LONGS.get(s, 16);
        state3 = (long) LONGS.get(s, 24);
        labels0 = (long) LONGS.get(l, 0);
        labels1 = (long) LONGS.get(l, 8);
        labels2 = (long) LONGS.get(l, 16);
        labels3 = (long) LONGS.get(l, 24);
    }

    /// Those of one call.
    ///
    /// @param entry its digest under the state root, without its key
    static DigestPair entry(byte[] id, Digest entry, Digest labels) {
        Blob key = Blob.owning(id);
        return new DigestPair(StateHashers.entry(key, entry), LabelTree.labeled(key, labels));
    }

    /// Those of two parts together, all ids of the left one before those of the right.
    static DigestPair fork(DigestPair left, DigestPair right) {
        byte[] fork = new byte[1 + 2 * Digest.LENGTH];
        fork[0] = StateHashers.FORK;
        left.putState(fork, 1);
        right.putState(fork, 1 + Digest.LENGTH);
        return new DigestPair(Sha256.of(fork), LabelTree.fork(left.labels(), right.labels()));
    }

    /// The digest under the state root.
    Digest state() {
        byte[] bytes = new byte[Digest.LENGTH];
        putState(bytes, 0);
        return Digest.owning(bytes);
    }

    /// The digest in the certified tree.
    Digest labels() {
        byte[] bytes = new byte[Digest.LENGTH];
        LONGS.set(bytes, 0, labels0);
        LONGS.set(bytes, 8, labels1);
        LONGS.set(bytes, 16, labels2);
        LONGS.set(bytes, 24, labels3);
        return Digest.owning(bytes);
    }

    private void putState(byte[] to, int at) {
        LONGS.set(to, at, state0);
        LONGS.set(to, at + 8, state1);
        LONGS.set(to, at + 16, state2);
        LONGS.set(to, at + 24, state3);
    }
}
