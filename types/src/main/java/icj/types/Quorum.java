package icj.types;

/// How many of n nodes must agree (R-C1): the only place that computes it.
///
/// @param nodes n, at least 1
/// @param faulty f = floor((n-1)/3), how many may be Byzantine
/// @param notary q = n - f, for notarization, finalization, certification and catch-up
/// @param low f + 1, for the random beacon and tape: at least one of them is honest
public record Quorum(int nodes, int faulty, int notary, int low) {
    /// The quorums of a committee of `nodes`.
    public static Quorum of(int nodes) {
        Invariant.check(nodes >= 1, "A committee has at least one node, this has %d", nodes);
        int faulty = (nodes - 1) / 3;
        return new Quorum(nodes, faulty, nodes - faulty, faulty + 1);
    }
}
