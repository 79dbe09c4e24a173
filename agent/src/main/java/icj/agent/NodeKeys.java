package icj.agent;

import icj.candid.Principal;
import icj.crypto.KeyFormatException;
import icj.crypto.VerifyingKey;
import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.NodeId;
import icj.types.SubnetId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The keys with which the nodes of a subnet sign answers to queries, out of its certified state.
///
/// @param subnet whose nodes they are
/// @param readNanos when they were read, on the monotonic clock
record NodeKeys(SubnetId subnet, Map<NodeId, VerifyingKey> keys, long readNanos) {
    private static final Blob SUBNET = HashTree.label("subnet");
    private static final Blob NODE = HashTree.label("node");
    private static final Blob PUBLIC_KEY = HashTree.label("public_key");

    @Nullable VerifyingKey of(NodeId node) {
        return keys.get(node);
    }

    static NodeKeys read(CertifiedState state, long nowNanos) throws AgentException {
        Blob subnet = Blob.owning(state.subnet().principal().toBytes());
        Map<NodeId, VerifyingKey> keys = new TreeMap<>();
        if (state.tree().find(List.of(SUBNET, subnet, NODE))
                instanceof HashTree.Finding.Found(HashTree nodes)) {
            collect(nodes, keys);
        }
        if (keys.isEmpty()) {
            throw new AgentException.CertificateInvalid(
                    "The certificate reveals no keys of the nodes of subnet " + state.subnet());
        }
        return new NodeKeys(state.subnet(), keys, nowNanos);
    }

    private static void collect(HashTree tree, Map<NodeId, VerifyingKey> keys)
            throws AgentException {
        switch (tree) {
            case HashTree.Fork(HashTree left, HashTree right) -> {
                collect(left, keys);
                collect(right, keys);
            }
            case HashTree.Labeled(Blob label, HashTree node) -> {
                Blob der = node.value(List.of(PUBLIC_KEY));
                if (der == null || label.length() > Principal.LENGTH_MAX) {
                    return;
                }
                try {
                    keys.put(new NodeId(Principal.of(label.shared())), VerifyingKey.fromDer(der));
                } catch (KeyFormatException e) {
                    throw new AgentException.CertificateInvalid(
                            "The certified key of a node is malformed");
                }
            }
            case HashTree.Empty _, HashTree.Leaf _, HashTree.Pruned _ -> {}
        }
    }
}
