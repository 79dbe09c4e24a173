package icj.crypto.bls;

import icj.crypto.KeyFormatException;
import icj.crypto.provider.G1Point;
import icj.crypto.provider.G2Point;
import icj.types.Blob;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The public side of a threshold key: commitments A_0 .. A_(t-1) in G2 to the coefficients of the
/// secret polynomial. A_0 is the public key; a member's public key is the polynomial's value at its
/// index, computed once and kept. Any t shares give the same signature, fewer give nothing.
///
/// Safe for use by several threads.
public final class ThresholdKey {
    /// The highest share index.
    public static final int INDEX_MAX = 0xffff;

    private final List<Blob> commitments;
    private final List<G2Point> coefficients;
    private final BlsPublicKey publicKey;

    /// Position k holds the key of index k + 1.
    private final List<@Nullable BlsPublicKey> shareKeys = new ArrayList<>();

    private ThresholdKey(List<BlsPublicKey> commitments) {
        this.publicKey = commitments.getFirst();
        List<Blob> bytes = new ArrayList<>();
        List<G2Point> points = new ArrayList<>();
        for (BlsPublicKey commitment : commitments) {
            bytes.add(commitment.bytes());
            points.add(commitment.point());
        }
        this.commitments = List.copyOf(bytes);
        this.coefficients = List.copyOf(points);
    }

    /// The key of these commitments.
    ///
    /// @param commitments one or more, each a compressed point of 96 bytes, that of the public key
    ///   first
    /// @throws KeyFormatException when one is no point of the subgroup, or is infinity
    public static ThresholdKey of(List<Blob> commitments) throws KeyFormatException {
        if (commitments.isEmpty() || commitments.size() > INDEX_MAX) {
            throw new KeyFormatException("A threshold key has at least one commitment");
        }
        List<BlsPublicKey> points = new ArrayList<>();
        for (Blob commitment : commitments) {
            points.add(BlsPublicKey.decode(commitment));
        }
        return new ThresholdKey(points);
    }

    static ThresholdKey dealt(List<BlsPublicKey> commitments) {
        return new ThresholdKey(commitments);
    }

    /// The commitments, 96 bytes each, the public key first: what the subnet record holds.
    public List<Blob> commitments() {
        return commitments;
    }

    /// How many shares make a signature.
    public int threshold() {
        return commitments.size();
    }

    /// The key that combined signatures verify with.
    public BlsPublicKey publicKey() {
        return publicKey;
    }

    /// The key that the shares of member `index` verify with.
    ///
    /// @param index from 1
    public BlsPublicKey shareKey(int index) {
        Invariant.check(index >= 1 && index <= INDEX_MAX, "%d is no share index", index);
        synchronized (shareKeys) {
            while (shareKeys.size() < index) {
                shareKeys.add(null);
            }
            BlsPublicKey known = shareKeys.get(index - 1);
            if (known == null) {
                G2Point point = G2Point.evaluate(coefficients, index);
                if (point == null) {
                    throw new Invariant.Violation("a member's key is infinity");
                }
                known = new BlsPublicKey(point);
                shareKeys.set(index - 1, known);
            }
            return known;
        }
    }

    /// Whether `share` belongs to this key: to be asked when a node reads its key file.
    public boolean holds(SecretShare share) {
        return share.publicKey().equals(shareKey(share.index()));
    }

    /// Whether `share` is what its signer should have contributed (about 0.8 milliseconds).
    public boolean verifyShare(MessagePoint message, SignatureShare share) {
        return share.signer() >= 1
                && share.signer() <= INDEX_MAX
                && shareKey(share.signer()).verify(message, share.signature());
    }

    /// Makes the signature of unchecked shares: combines first and verifies once; only when that
    /// fails is each share verified, and the liars are named.
    ///
    /// @param shares at least [#threshold], of distinct signers of 1 to [#INDEX_MAX]; those beyond
    ///   the threshold are used only when others turn out bad
    public Combination combine(MessagePoint message, List<SignatureShare> shares) {
        TreeSet<Integer> signers = new TreeSet<>();
        for (SignatureShare share : shares) {
            Invariant.check(signers.add(share.signer()), "signer %d stands twice", share.signer());
        }
        Invariant.check(shares.size() >= threshold(), "the threshold is reached");
        Blob optimistic = interpolate(message, shares.subList(0, threshold()));
        if (optimistic != null) {
            return new Combination.Combined(optimistic, List.of());
        }
        List<SignatureShare> good = new ArrayList<>();
        List<Integer> bad = new ArrayList<>();
        for (SignatureShare share : shares) {
            if (verifyShare(message, share)) {
                good.add(share);
            } else {
                bad.add(share.signer());
            }
        }
        Invariant.check(!bad.isEmpty(), "shares that verify singly make a valid signature");
        if (good.size() < threshold()) {
            return new Combination.TooFew(good, List.copyOf(bad));
        }
        Blob signature = interpolate(message, good.subList(0, threshold()));
        if (signature == null) {
            throw new Invariant.Violation("shares that verify make a valid signature");
        }
        return new Combination.Combined(signature, List.copyOf(bad));
    }

    /// The signature of exactly as many unchecked shares as the threshold, itself unchecked; null
    /// when a share is no point of the curve, or stands twice. For callers that verify the result
    /// themselves, as consensus does (R-C8).
    public @Nullable Blob combineUnverified(List<SignatureShare> shares) {
        Invariant.check(shares.size() == threshold(), "exactly as many shares as the threshold");
        G1Point combined = combinePoints(shares);
        return combined == null ? null : Blob.owning(combined.compress());
    }

    /// Exactly as many shares as the threshold; null unless the result verifies.
    private @Nullable Blob interpolate(MessagePoint message, List<SignatureShare> shares) {
        G1Point combined = combinePoints(shares);
        if (combined == null || !publicKey.verify(message, combined)) {
            return null;
        }
        return Blob.owning(combined.compress());
    }

    /// The subgroup is not checked here but on the result: parts outside it that cancel out leave a
    /// valid signature, the only one there is.
    private static @Nullable G1Point combinePoints(List<SignatureShare> shares) {
        List<Integer> indices = new ArrayList<>();
        List<G1Point> points = new ArrayList<>();
        for (SignatureShare share : shares) {
            G1Point point = G1Point.decompress(share.signature().shared());
            if (point == null
                    || share.signer() < 1
                    || share.signer() > INDEX_MAX
                    || indices.contains(share.signer())) {
                return null;
            }
            indices.add(share.signer());
            points.add(point);
        }
        return G1Point.interpolate(indices, points);
    }
}
