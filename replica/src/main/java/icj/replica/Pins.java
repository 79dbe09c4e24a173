package icj.replica;

import icj.crypto.tls.PeerTls;
import icj.types.Blob;
import icj.types.NodeId;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// The TLS certificates of all registered nodes.
final class Pins implements PeerTls.Registered {
    private final Map<Blob, NodeId> owners = new TreeMap<>();

    Pins(Registry registry) {
        for (NodeRecord node : registry.nodes().values()) {
            owners.put(node.tlsCertificateDer(), node.id());
        }
    }

    @Override
    public @Nullable NodeId nodeOf(Blob certificateDer) {
        return owners.get(certificateDer);
    }
}
