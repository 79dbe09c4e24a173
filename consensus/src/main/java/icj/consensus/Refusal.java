package icj.consensus;

/// Why an artifact was not taken. None of them is an error of ours; all are counted.
public enum Refusal {
    /// Below what is still open: ordinary.
    OLD,

    /// Held already: ordinary.
    DUPLICATE,

    /// Too far above the notarized height.
    FAR_AHEAD,

    /// Can't be checked before something else arrives; it will be asked for.
    PREMATURE,

    /// A share from a connection that is not its signer's (R-C8).
    NOT_FROM_SIGNER,

    /// Someone who is no member, or an index outside of the committee.
    NO_MEMBER,

    /// A signature that does not verify.
    BAD_SIGNATURE,

    /// A signature list that is not sorted or has not exactly q entries (R-C9).
    BAD_LIST,

    /// A block that is wrong in itself: bodies, rank, context.
    BAD_BLOCK,

    /// The signer's slots of this height are full.
    SLOTS_FULL,

    /// Asked more often than allowed.
    TOO_OFTEN
}
