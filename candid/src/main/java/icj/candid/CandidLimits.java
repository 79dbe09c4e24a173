package icj.candid;

/// What a decoder spends at most on one message, so that a small message can't make it busy for
/// long (vectors of values without bytes, types that double at each step).
///
/// @param depthMax how deep values may stand in one another
/// @param valuesBase how many values may be visited, read or skipped
/// @param valuesPerByte how many more for each byte of the message
public record CandidLimits(int depthMax, long valuesBase, int valuesPerByte) {
    /// Fits honest messages and small stacks: 400 deep, 200,000 values and 4 for each byte.
    public static final CandidLimits DEFAULT = new CandidLimits(400, 200_000, 4);

    long values(int messageBytes) {
        return valuesBase + (long) valuesPerByte * messageBytes;
    }
}
