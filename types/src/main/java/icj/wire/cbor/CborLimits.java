package icj.wire.cbor;

/// What a decoder accepts at most.
///
/// @param bytesMax the length of the whole encoding
/// @param depthMax how deep lists and maps may stand in one another
/// @param itemsMax how many values, keys included, there may be in all
public record CborLimits(int bytesMax, int depthMax, int itemsMax) {
    /// The deepest nesting that any decoder allows. Decoding itself does not recurse, but what
    /// walks the values may.
    public static final int DEPTH_CEILING = 1000;

    /// A request of a client: 5 MiB, flat, room for 1,000 paths of 127 labels and 20 delegations of
    /// 1,000 targets.
    public static final CborLimits REQUEST = new CborLimits(5 * 1024 * 1024, 16, 200_000);

    /// A certificate or hash tree: its depth is that of the tree.
    public static final CborLimits CERTIFICATE =
            new CborLimits(16 * 1024 * 1024, DEPTH_CEILING, 2_000_000);

    /// @throws IllegalArgumentException when deeper than [#DEPTH_CEILING]
    public CborLimits {
        if (depthMax > DEPTH_CEILING) {
            throw new IllegalArgumentException("Deeper than " + DEPTH_CEILING);
        }
    }
}
