package icj.replica.loop;

import icj.types.Invariant;

/// The bounds of the ingress pool.
///
/// @param entriesMax calls held
/// @param bytesMax bytes of their envelopes
/// @param peerEntriesMax calls held that came from one peer
/// @param peerBytesMax bytes of those
/// @param verdictsMax remembered signature verdicts, so that a call is verified once (R-C7)
public record IngressLimits(
        int entriesMax, long bytesMax, int peerEntriesMax, long peerBytesMax, int verdictsMax) {
    /// For nodes with small heaps.
    public static final IngressLimits STANDARD =
            new IngressLimits(20_000, 32L << 20, 10_000, 16L << 20, 25_000);

    public IngressLimits {
        Invariant.check(peerEntriesMax < entriesMax, "One peer can't fill the pool's entries");
        Invariant.check(peerBytesMax < bytesMax, "One peer can't fill the pool's bytes");
        Invariant.check(verdictsMax >= entriesMax, "Each entry's verdict is remembered");
    }
}
