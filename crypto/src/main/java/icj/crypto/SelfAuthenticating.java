package icj.crypto;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.NodeId;
import icj.types.SubnetId;

import java.util.Arrays;

/// Principals that are the hash of a public key: SHA-224 of its DER form, then the byte 2. Users,
/// nodes and subnets are named so.
public final class SelfAuthenticating {
    private static final byte CLASS = 2;

    private SelfAuthenticating() {}

    /// The principal of a key in its DER form.
    public static Principal principal(Blob der) {
        byte[] hash = Hasher.sha224().update(der).bytes();
        byte[] id = Arrays.copyOf(hash, hash.length + 1);
        id[hash.length] = CLASS;
        return Principal.of(id);
    }

    /// The node whose Ed25519 signing key this is.
    public static NodeId nodeId(Blob signingKeyDer) {
        return new NodeId(principal(signingKeyDer));
    }

    /// The subnet whose threshold public key this is (DER, 133 bytes).
    public static SubnetId subnetId(Blob publicKeyDer) {
        return new SubnetId(principal(publicKeyDer));
    }
}
