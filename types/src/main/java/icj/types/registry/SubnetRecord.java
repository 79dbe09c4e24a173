package icj.types.registry;

import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.SubnetId;

import java.util.List;

/// One subnet: members, threshold keys, canister numbers, limits.
///
/// A member's threshold share has the index of its place in `members`, counted from 1.
///
/// @param id the self-authenticating principal of `publicKeyDer`
/// @param type what it is for
/// @param members strictly increasing by id, at least one
/// @param publicKeyDer BLS12-381 key in G2, DER, 133 bytes: the key of `highCommitments`, under
///   which certificates are verified
/// @param highCommitments A_0 to A_(q-1), 96 bytes each, compressed G2: certification, threshold q
/// @param lowCommitments A_0 to A_f, 96 bytes each: beacon and tape, threshold f + 1
/// @param ranges strictly increasing, disjoint, at least one
/// @param limits what all members bound alike
public record SubnetRecord(
        SubnetId id,
        SubnetType type,
        List<NodeId> members,
        Blob publicKeyDer,
        List<Blob> highCommitments,
        List<Blob> lowCommitments,
        List<CanisterRange> ranges,
        SubnetLimits limits) {
    /// The DER form of a BLS12-381 key in G2: 37 bytes of header and 96 of key.
    public static final int PUBLIC_KEY_DER_LENGTH = 133;

    /// A compressed point of G2.
    public static final int COMMITMENT_LENGTH = 96;

    public SubnetRecord {
        members = List.copyOf(members);
        highCommitments = List.copyOf(highCommitments);
        lowCommitments = List.copyOf(lowCommitments);
        ranges = List.copyOf(ranges);
        check(!members.isEmpty(), "Subnet %s has no members", id);
        increasing(members, "members", id);
        check(
                publicKeyDer.length() == PUBLIC_KEY_DER_LENGTH,
                "Subnet %s: the DER form of its key has not 133 bytes",
                id);
        Quorum quorum = Quorum.of(members.size());
        commitments(highCommitments, quorum.notary(), "high", id);
        commitments(lowCommitments, quorum.low(), "low", id);
        check(
                publicKeyDer
                        .slice(PUBLIC_KEY_DER_LENGTH - COMMITMENT_LENGTH, PUBLIC_KEY_DER_LENGTH)
                        .equals(highCommitments.getFirst()),
                "Subnet %s: its key is not the first of its high commitments",
                id);
        check(!ranges.isEmpty(), "Subnet %s has no canister numbers", id);
        increasing(ranges, "canister ranges", id);
        for (int i = 1; i < ranges.size(); i++) {
            check(
                    Long.compareUnsigned(ranges.get(i - 1).high(), ranges.get(i).low()) < 0,
                    "Subnet %s has canister ranges that overlap",
                    id);
        }
    }

    /// The quorums of its committee (R-C1).
    public Quorum quorum() {
        return Quorum.of(members.size());
    }

    /// The index of the node's threshold shares, from 1; 0 when it is not a member.
    public int shareIndex(NodeId node) {
        return members.indexOf(node) + 1;
    }

    /// Whether the canister's number is one of this subnet's.
    public boolean hosts(CanisterId canister) {
        for (CanisterRange range : ranges) {
            if (range.contains(canister)) {
                return true;
            }
        }
        return false;
    }

    private static void commitments(List<Blob> points, int count, String which, SubnetId id) {
        check(
                points.size() == count,
                "Subnet %s: the polynomial of its " + which + " key has not " + count + " points",
                id);
        for (Blob point : points) {
            check(
                    point.length() == COMMITMENT_LENGTH,
                    "Subnet %s: a commitment of its " + which + " key has not 96 bytes",
                    id);
        }
    }

    private static <T extends Comparable<T>> void increasing(
            List<T> values, String what, SubnetId id) {
        for (int i = 1; i < values.size(); i++) {
            check(
                    values.get(i - 1).compareTo(values.get(i)) < 0,
                    "Subnet %s: its " + what + " are not strictly increasing",
                    id);
        }
    }

    private static void check(boolean holds, String format, SubnetId id) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(format, id));
        }
    }
}
