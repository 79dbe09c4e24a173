package icj.types.registry;

import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.SubnetId;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The network at one version, immutable. Version 1 is genesis.
///
/// @param version of this content
/// @param nodes by id; each is a member of the subnet that it names
/// @param subnets by id; at least the root subnet
/// @param nns the root subnet: its key is the root key, whatever its type
/// @param genesisTimeNanos when the network was made, nanoseconds since 1970-01-01 UTC: the time of
///   each subnet's first state
public record Registry(
        RegistryVersion version,
        SortedMap<NodeId, NodeRecord> nodes,
        SortedMap<SubnetId, SubnetRecord> subnets,
        SubnetId nns,
        long genesisTimeNanos) {
    public Registry {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        subnets = Collections.unmodifiableSortedMap(new TreeMap<>(subnets));
        check(genesisTimeNanos >= 0, "Genesis is before 1970");
        check(subnets.containsKey(nns), "The root subnet " + nns + " is not in the registry");
        for (Map.Entry<NodeId, NodeRecord> node : nodes.entrySet()) {
            check(
                    node.getKey().equals(node.getValue().id()),
                    "Node " + node.getValue().id() + " stands under another id");
        }
        int members = 0;
        for (Map.Entry<SubnetId, SubnetRecord> entry : subnets.entrySet()) {
            SubnetRecord subnet = entry.getValue();
            check(
                    entry.getKey().equals(subnet.id()),
                    "Subnet " + subnet.id() + " stands under another id");
            for (NodeId member : subnet.members()) {
                NodeRecord node = nodes.get(member);
                check(
                        node != null && node.subnet().equals(subnet.id()),
                        "Subnet " + subnet.id() + " has a member without a record: " + member);
            }
            members += subnet.members().size();
            for (SubnetRecord other : subnets.headMap(subnet.id()).values()) {
                check(
                        disjoint(subnet, other),
                        "Subnets "
                                + subnet.id()
                                + " and "
                                + other.id()
                                + " share canister numbers");
            }
        }
        check(members == nodes.size(), "A node is not among the members of its subnet");
    }

    /// The node's record.
    ///
    /// @throws IllegalArgumentException when it is not registered
    public NodeRecord node(NodeId id) {
        NodeRecord node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("There is no node " + id + " in the registry");
        }
        return node;
    }

    /// The subnet's record.
    ///
    /// @throws IllegalArgumentException when it is not registered
    public SubnetRecord subnet(SubnetId id) {
        SubnetRecord subnet = subnets.get(id);
        if (subnet == null) {
            throw new IllegalArgumentException("There is no subnet " + id + " in the registry");
        }
        return subnet;
    }

    /// The subnet that a registered node is a member of.
    ///
    /// @throws IllegalArgumentException when the node is not registered
    public SubnetRecord subnetOf(NodeId node) {
        return subnet(node(node).subnet());
    }

    /// The root subnet.
    public SubnetRecord root() {
        return subnet(nns);
    }

    /// The root key, DER, 133 bytes.
    public Blob rootKeyDer() {
        return root().publicKeyDer();
    }

    /// The subnet whose numbers hold this canister, or null: the routing table.
    public @Nullable SubnetRecord route(CanisterId canister) {
        for (SubnetRecord subnet : subnets.values()) {
            if (subnet.hosts(canister)) {
                return subnet;
            }
        }
        return null;
    }

    /// Where canisters are made when nobody says where: the application subnet with the lowest
    /// canister number, or the root subnet when there is none.
    public SubnetRecord defaultSubnet() {
        SubnetRecord best = null;
        for (SubnetRecord subnet : subnets.values()) {
            if (subnet.type() == SubnetType.APPLICATION
                    && (best == null
                            || subnet.ranges().getFirst().compareTo(best.ranges().getFirst())
                                    < 0)) {
                best = subnet;
            }
        }
        return best == null ? root() : best;
    }

    private static boolean disjoint(SubnetRecord one, SubnetRecord other) {
        for (CanisterRange a : one.ranges()) {
            for (CanisterRange b : other.ranges()) {
                if (a.contains(b.low()) || b.contains(a.low())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
