package icj.types.registry;

import icj.types.Blob;
import icj.types.NodeId;
import icj.types.SubnetId;

/// One node machine: who it is, how it signs, where it listens.
///
/// @param id the self-authenticating principal of `signingKeyDer`
/// @param name for people: `1`, `2`, `nns1`
/// @param subnet the subnet that it is a member of
/// @param signingKeyDer Ed25519 public key, DER, 44 bytes: votes and query replies
/// @param tlsCertificateDer the X.509 certificate that peers pin byte by byte
/// @param p2pHost host name or address for peers
/// @param p2pPort for peers
/// @param httpHost host name or address of the public API
/// @param httpPort of the public API
public record NodeRecord(
        NodeId id,
        String name,
        SubnetId subnet,
        Blob signingKeyDer,
        Blob tlsCertificateDer,
        String p2pHost,
        int p2pPort,
        String httpHost,
        int httpPort) {
    /// The DER form of an Ed25519 public key: 12 bytes of header and 32 of key.
    public static final int SIGNING_KEY_DER_LENGTH = 44;

    public NodeRecord {
        check(!name.isBlank(), "A node needs a name");
        check(
                signingKeyDer.length() == SIGNING_KEY_DER_LENGTH,
                "The DER form of an Ed25519 key has 44 bytes, that of node "
                        + name
                        + " has "
                        + signingKeyDer.length());
        check(tlsCertificateDer.length() > 0, "Node " + name + " has no certificate");
        endpoint(name, p2pHost, p2pPort);
        endpoint(name, httpHost, httpPort);
    }

    private static void endpoint(String name, String host, int port) {
        check(!host.isBlank(), "Node " + name + " has an endpoint without a host");
        check(
                port >= 1 && port <= 65_535,
                "Node " + name + " has port " + port + ", ports are 1 to 65535");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
