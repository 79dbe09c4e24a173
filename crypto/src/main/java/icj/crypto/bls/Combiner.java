package icj.crypto.bls;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Collects the shares of one message until they make a signature. Shares are taken unchecked, one
/// of each signer; at the threshold they are combined and the result is verified once. Not safe for
/// several threads.
public final class Combiner {
    private final ThresholdKey key;
    private final MessagePoint message;
    private final List<SignatureShare> shares = new ArrayList<>();
    private final TreeSet<Integer> seen = new TreeSet<>();
    private final TreeSet<Integer> blamed = new TreeSet<>();
    private @Nullable Blob signature;

    /// @param key whose shares these are
    /// @param message what they sign
    public Combiner(ThresholdKey key, byte[] message) {
        this.key = key;
        this.message = MessagePoint.of(message);
    }

    /// Takes a share and returns the signature once there is one, else null. A second share of one
    /// signer, and any after the signature is made, is ignored; the first of a blamed signer was
    /// its last.
    public @Nullable Blob add(SignatureShare share) {
        if (signature != null || !seen.add(share.signer())) {
            return signature;
        }
        shares.add(share);
        if (shares.size() < key.threshold()) {
            return null;
        }
        switch (key.combine(message, shares)) {
            case Combination.Combined combined -> {
                signature = combined.signature();
                blamed.addAll(combined.blamed());
                shares.clear();
            }
            case Combination.TooFew few -> {
                blamed.addAll(few.blamed());
                shares.clear();
                shares.addAll(few.good());
            }
        }
        return signature;
    }

    /// The signature, or null while shares are missing.
    public @Nullable Blob signature() {
        return signature;
    }

    /// The signers whose shares were bad, in order (R-C8).
    public List<Integer> blamed() {
        return List.copyOf(blamed);
    }
}
