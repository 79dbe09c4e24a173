package icj.types.registry;

/// What a subnet's members all bound alike (R-S9: what execution sees comes from the registry,
/// never from the machine). Each is a positive number.
///
/// @param instructionsPerMessage an update, callback or cleanup
/// @param instructionsPerSystemTask a heartbeat, a timer, or `inspect_message`
/// @param instructionsPerQuery a query
/// @param instructionsPerInstall install, reinstall or upgrade with all its entry points
/// @param instructionsPerRound no further message is started in a round that used these (R-C3)
/// @param dirtyBytesPerRound no further message is started in a round that wrote so many bytes of
///   pages (R-S5)
/// @param heapBytesMax the heap of one canister (R-E4)
/// @param stableBytesMax the stable memory of one canister
/// @param subnetBytesMax all memory of all canisters
/// @param canistersMax how many canisters the subnet holds
/// @param ingressBytesMax one update call's envelope
/// @param blockBytesMax all envelopes of a block
/// @param blockMessagesMax how many envelopes a block holds
/// @param historyEntriesMax entries of the ingress history (R-S8)
/// @param historyBytesMax bytes of replies in the ingress history (R-S8)
/// @param unitDelayMillis D, the wait between ranks (R-C11)
public record SubnetLimits(
        long instructionsPerMessage,
        long instructionsPerSystemTask,
        long instructionsPerQuery,
        long instructionsPerInstall,
        long instructionsPerRound,
        long dirtyBytesPerRound,
        long heapBytesMax,
        long stableBytesMax,
        long subnetBytesMax,
        long canistersMax,
        long ingressBytesMax,
        long blockBytesMax,
        long blockMessagesMax,
        long historyEntriesMax,
        long historyBytesMax,
        long unitDelayMillis) {
    private static final long MEBI = 1L << 20;
    private static final long GIBI = 1L << 30;

    public SubnetLimits {
        positive("instructionsPerMessage", instructionsPerMessage);
        positive("instructionsPerSystemTask", instructionsPerSystemTask);
        positive("instructionsPerQuery", instructionsPerQuery);
        positive("instructionsPerInstall", instructionsPerInstall);
        positive("instructionsPerRound", instructionsPerRound);
        positive("dirtyBytesPerRound", dirtyBytesPerRound);
        positive("heapBytesMax", heapBytesMax);
        positive("stableBytesMax", stableBytesMax);
        positive("subnetBytesMax", subnetBytesMax);
        positive("canistersMax", canistersMax);
        positive("ingressBytesMax", ingressBytesMax);
        positive("blockBytesMax", blockBytesMax);
        positive("blockMessagesMax", blockMessagesMax);
        positive("historyEntriesMax", historyEntriesMax);
        positive("historyBytesMax", historyBytesMax);
        positive("unitDelayMillis", unitDelayMillis);
        if (ingressBytesMax > blockBytesMax) {
            throw new IllegalArgumentException(
                    "A block of "
                            + blockBytesMax
                            + " bytes can't hold an envelope of "
                            + ingressBytesMax);
        }
    }

    /// The limits of a network on one machine: rounds of 200 million instructions, since four
    /// processes share its cores (R-E12), and 2 billion for a message until long messages are cut
    /// into slices.
    public static SubnetLimits local() {
        return new SubnetLimits(
                2_000_000_000L,
                500_000_000L,
                2_000_000_000L,
                20_000_000_000L,
                200_000_000L,
                128 * MEBI,
                4 * GIBI,
                500 * GIBI,
                500 * GIBI,
                100_000,
                // Interface specification: an argument has at most 2 MiB; the envelope adds keys,
                // delegations and signature.
                3 * MEBI,
                4 * MEBI,
                1_000,
                2_400_000,
                256 * MEBI,
                100);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, it is " + value);
        }
    }
}
