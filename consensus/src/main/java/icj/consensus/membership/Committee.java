package icj.consensus.membership;

import icj.types.Invariant;
import icj.types.NodeId;
import icj.types.Quorum;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The members of a subnet at the pinned registry version, sorted by id, with their quorums (R-C1).
public final class Committee {
    private final NodeId self;
    private final List<NodeId> members;
    private final List<NodeId> peers = new ArrayList<>();
    private final TreeMap<NodeId, Integer> places = new TreeMap<>();
    private final Quorum quorum;

    /// @param self one of the members
    /// @param members sorted
    public Committee(NodeId self, List<NodeId> members, Quorum quorum) {
        this.self = self;
        this.members = List.copyOf(members);
        this.quorum = quorum;
        for (NodeId member : members) {
            places.put(member, places.size());
            if (!member.equals(self)) {
                peers.add(member);
            }
        }
        Invariant.check(places.containsKey(self), "%s is no member", self);
    }

    /// This node.
    public NodeId self() {
        return self;
    }

    /// All members, sorted.
    public List<NodeId> members() {
        return members;
    }

    /// All members but this node, sorted.
    public List<NodeId> peers() {
        return peers;
    }

    /// The thresholds.
    public Quorum quorum() {
        return quorum;
    }

    /// Whether this node is a member.
    public boolean has(NodeId node) {
        return places.containsKey(node);
    }

    /// The 0-based place of a member.
    public int place(NodeId member) {
        Integer place = places.get(member);
        Invariant.check(place != null, "%s is no member", member);
        return place == null ? -1 : place;
    }

    /// Whether this node is one of the f + 1 members that send on what they combine at `height`.
    /// All members send their shares to all, so that each combines by itself; that one correct
    /// member also sends the result helps those whom a faulty signer left out, and f + 1 members
    /// hold one.
    public boolean announces(long height) {
        int turn = Math.floorMod(place(self) - height, members.size());
        return turn <= quorum.faulty();
    }

    /// The member at a place, or null when there is none.
    public @Nullable NodeId at(int place) {
        return place < 0 || place >= members.size() ? null : members.get(place);
    }
}
