package icj.crypto;

/// How a client's key signs.
public enum SignatureScheme {
    /// Ed25519, signatures of 64 bytes.
    ED25519,
    /// ECDSA on P-256 with SHA-256, r and s of 32 bytes each.
    ECDSA_P256,
    /// ECDSA on secp256k1 with SHA-256, r and s of 32 bytes each.
    ECDSA_SECP256K1
}
