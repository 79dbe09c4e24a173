package icj.crypto;

import icj.candid.Principal;
import icj.types.Blob;

/// A private key that signs for a user or a node. Implementations are immutable, safe for several
/// threads, and never print the secret.
public interface SigningKey {
    /// How it signs.
    SignatureScheme scheme();

    /// The public key as a DER SubjectPublicKeyInfo.
    Blob publicKeyDer();

    /// Signs a message, domain separator included; 64 bytes for all three schemes.
    Blob sign(byte[] message);

    /// The self-authenticating principal of the public key.
    default Principal principal() {
        return SelfAuthenticating.principal(publicKeyDer());
    }

    /// Reads a key file: `PRIVATE KEY` (PKCS#8) or `EC PRIVATE KEY` (SEC1, with or without `EC
    /// PARAMETERS`), of Ed25519, P-256 or secp256k1.
    ///
    /// @throws KeyFormatException that says what is wrong, without the key
    static SigningKey fromPem(String pem) throws KeyFormatException {
        return Pem.read(pem);
    }
}
