package icj.crypto.bls;

import icj.crypto.provider.G2Point;
import icj.crypto.provider.Scalar;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// Deals a threshold key at genesis. Whoever runs this could keep the whole key, so that members
/// must trust the dealer; a network whose members trust nobody makes its key together instead.
public final class KeyDealer {
    private KeyDealer() {}

    /// A dealt key. The shares go to their members and are wiped here.
    ///
    /// @param key the public side
    /// @param shares of indices 1 to n, in order
    public record Dealing(ThresholdKey key, List<SecretShare> shares) {
        public Dealing {
            shares = List.copyOf(shares);
        }
    }

    /// Deals a fresh key to `members`, any `threshold` of whom can sign. The polynomial is
    /// overwritten before this returns, as far as Java allows: the collector may have moved, and so
    /// copied, the arrays that held it.
    public static Dealing deal(int members, int threshold, SecureRandom random) {
        Invariant.check(threshold >= 1 && members >= threshold, "1 <= threshold <= members");
        Invariant.check(members <= ThresholdKey.INDEX_MAX, "%d members are too many", members);
        while (true) {
            Dealing dealing = attempt(members, threshold, random);
            if (dealing != null) {
                return dealing;
            }
        }
    }

    /// Null in the case, of probability about members / 2^255, that a share would be zero.
    private static @Nullable Dealing attempt(int members, int threshold, SecureRandom random) {
        List<Scalar> polynomial = new ArrayList<>();
        try {
            List<BlsPublicKey> commitments = new ArrayList<>();
            for (int k = 0; k < threshold; k++) {
                Scalar coefficient = Scalar.random(random);
                polynomial.add(coefficient);
                commitments.add(new BlsPublicKey(G2Point.ofSecret(coefficient)));
            }
            List<SecretShare> shares = new ArrayList<>();
            for (int index = 1; index <= members; index++) {
                Scalar share = Scalar.evaluate(polynomial, index);
                if (share == null) {
                    return null;
                }
                shares.add(new SecretShare(index, share));
            }
            return new Dealing(ThresholdKey.dealt(commitments), shares);
        } finally {
            polynomial.forEach(Scalar::wipe);
        }
    }
}
