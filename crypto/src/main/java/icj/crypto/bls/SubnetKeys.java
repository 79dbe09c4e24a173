package icj.crypto.bls;

import icj.crypto.SelfAuthenticating;
import icj.types.Blob;
import icj.types.SubnetId;

/// Subnets and their public keys.
public final class SubnetKeys {
    private SubnetKeys() {}

    /// The subnet of a public key: SHA-224 of its DER form (133 bytes), then the byte 2.
    public static SubnetId subnetId(Blob der) {
        return SelfAuthenticating.subnetId(der);
    }

    /// The subnet of a public key.
    public static SubnetId subnetId(BlsPublicKey key) {
        return subnetId(key.der());
    }
}
