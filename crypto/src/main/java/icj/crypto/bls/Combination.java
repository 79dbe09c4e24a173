package icj.crypto.bls;

import icj.types.Blob;

import java.util.List;

/// What became of shares that were put together.
public sealed interface Combination {
    /// A signature that verifies. It is the same whichever shares it was made of.
    ///
    /// @param signature 48 bytes
    /// @param blamed signers whose shares were looked at and found bad (R-C8); mostly nobody
    record Combined(Blob signature, List<Integer> blamed) implements Combination {}

    /// Without the bad ones there are too few shares.
    ///
    /// @param good the shares that were verified singly
    /// @param blamed the signers of the others (R-C8)
    record TooFew(List<SignatureShare> good, List<Integer> blamed) implements Combination {
        public TooFew {
            good = List.copyOf(good);
        }
    }
}
