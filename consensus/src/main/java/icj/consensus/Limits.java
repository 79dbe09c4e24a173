package icj.consensus;

import icj.types.Invariant;

/// Every bound and interval of the core. All are local: two nodes may differ in them without harm
/// to safety, but for [#emptyPayloadLag], which validity depends on.
///
/// @param delayNanos D, the unit of the rank clocks (R-C11)
/// @param delayExponentMax the delay doubles with each height between notarized and finalized, at
///   most so often
/// @param idleTickNanos how long a round waits for demand (R-C10)
/// @param gatherNanos how long after its parent a block waits for more calls (R-C11)
/// @param batchesInFlightMax delivered but not executed
/// @param emptyPayloadLag a block this far above its certified height carries no calls (R-C3)
/// @param certifiedLagMax no notarization this far above the certified height (R-C3)
/// @param windowHeights how far above the notarized height artifacts are taken
/// @param fetchHeights heights in one answer to a fetch
/// @param fetchBytesMax bytes in one answer to a fetch
/// @param fetchRetryNanos when a fetch without progress is first tried with another peer; the
///   pauses after that double
/// @param serveNanosMin the shortest time between two answers to one peer
/// @param statusNanos how often a node that waits for something says where it stands
/// @param idleStatusNanos how often a node that waits for nothing does
/// @param proposalBytesPerMakerMax bytes of one maker's proposals that are not notarized
/// @param keepHeightsMax the journal keeps at most so many heights for peers (R-C15)
/// @param keepBytesMax and at most so many bytes
/// @param purgeStepHeights the journal is purged in steps of this size
/// @param blameHeights how long a signer of a bad share is checked singly
public record Limits(
        long delayNanos,
        int delayExponentMax,
        long idleTickNanos,
        long gatherNanos,
        int batchesInFlightMax,
        int emptyPayloadLag,
        int certifiedLagMax,
        int windowHeights,
        int fetchHeights,
        int fetchBytesMax,
        long fetchRetryNanos,
        long serveNanosMin,
        long statusNanos,
        long idleStatusNanos,
        int proposalBytesPerMakerMax,
        long keepHeightsMax,
        long keepBytesMax,
        int purgeStepHeights,
        int blameHeights) {
    private static final long MILLISECOND = 1_000_000;

    /// The figures of the rules.
    public static final Limits STANDARD =
            new Limits(
                    100 * MILLISECOND,
                    10,
                    1000 * MILLISECOND,
                    40 * MILLISECOND,
                    16,
                    8,
                    70,
                    40,
                    32,
                    8 << 20,
                    200 * MILLISECOND,
                    5 * MILLISECOND,
                    250 * MILLISECOND,
                    1000 * MILLISECOND,
                    16 << 20,
                    1_000_000,
                    2L << 30,
                    64,
                    500);

    /// Heights that are held in memory: from the certified height in the context of the last final
    /// block, which may lag, over the executed one, which may lag, to the end of the window.
    public int openHeightsMax() {
        return 3 * certifiedLagMax + windowHeights;
    }

    public Limits {
        Invariant.check(delayNanos > 0, "D is positive, not %d", delayNanos);
        Invariant.check(
                delayExponentMax >= 0 && delayExponentMax <= 20,
                "The delay doubles 0 to 20 times, not %d",
                delayExponentMax);
        Invariant.check(
                gatherNanos < idleTickNanos, "A block gathers calls for less than an idle tick");
        Invariant.check(
                emptyPayloadLag < certifiedLagMax,
                "Payloads are empty before notarization stops for lag");
        Invariant.check(
                fetchHeights <= windowHeights,
                "An answer to a fetch fits in the window of heights");
        Invariant.check(
                proposalBytesPerMakerMax >= 5 << 20, "A maker may hold at least one full proposal");
        Invariant.check(
                keepHeightsMax > certifiedLagMax + windowHeights,
                "The journal keeps more than what is still open");
        Invariant.check(purgeStepHeights >= 1, "A purge step has at least one height");
    }
}
