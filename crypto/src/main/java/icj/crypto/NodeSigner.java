package icj.crypto;

import icj.types.Blob;
import icj.types.NodeId;

import java.security.SecureRandom;

/// A node's identity: its Ed25519 signing key, whose hash is the node's id. Immutable, safe for
/// several threads.
public final class NodeSigner {
    private final Ed25519SigningKey key;
    private final Blob publicKeyDer;
    private final NodeId nodeId;

    /// @param key the node's signing key
    public NodeSigner(Ed25519SigningKey key) {
        this.key = key;
        this.publicKeyDer = key.publicKeyDer();
        this.nodeId = SelfAuthenticating.nodeId(publicKeyDer);
    }

    /// A fresh identity.
    public static NodeSigner generate(SecureRandom random) {
        return new NodeSigner(Ed25519SigningKey.generate(random));
    }

    /// Reads the node's key file.
    ///
    /// @throws KeyFormatException unless it is an Ed25519 key in PKCS#8
    public static NodeSigner fromPem(String pem) throws KeyFormatException {
        return new NodeSigner(Ed25519SigningKey.fromPem(pem));
    }

    /// The key file's content.
    public String toPem() {
        return key.toPem();
    }

    /// The node: SHA-224 of the DER public key, then the byte 2.
    public NodeId nodeId() {
        return nodeId;
    }

    /// The public key as a DER SubjectPublicKeyInfo, 44 bytes.
    public Blob publicKeyDer() {
        return publicKeyDer;
    }

    /// Signs a message that begins with its domain: 64 bytes.
    public Blob sign(byte[] message) {
        return key.sign(message);
    }
}
