package icj.crypto;

import icj.candid.Principal;
import icj.crypto.provider.EcdsaCurve;
import icj.crypto.provider.EcdsaPublicKey;
import icj.crypto.provider.Ed25519PublicKey;
import icj.types.Blob;

import org.jspecify.annotations.Nullable;

/// A public key of a client or node. Immutable, safe for several threads; parsing costs some
/// microseconds, so keep the key where it is used again.
public final class VerifyingKey {
    /// Where the object identifier of the algorithm stands in a SubjectPublicKeyInfo, at most.
    private static final int ALGORITHM_WITHIN = 32;

    /// Object identifiers in DER, and what to call their keys.
    private static final String[][] UNSUPPORTED = {
        {"060a2b0601040183b8430101", "WebAuthn (COSE) keys are"},
        {"060a2b0601040183b8430102", "Canister signatures are"},
        {"06092a864886f70d010101", "RSA keys are"},
        {"060d2b0601040182dc7c0503010201", "BLS12-381 keys as senders are"},
        {"06072a8648ce3d0201", "EC keys other than P-256 and secp256k1, uncompressed, are"},
    };

    private final SignatureScheme scheme;
    private final @Nullable Ed25519PublicKey ed25519;
    private final @Nullable EcdsaPublicKey ecdsa;

    private VerifyingKey(Ed25519PublicKey key) {
        this.scheme = SignatureScheme.ED25519;
        this.ed25519 = key;
        this.ecdsa = null;
    }

    private VerifyingKey(EcdsaPublicKey key) {
        this.scheme =
                key.curve() == EcdsaCurve.P256
                        ? SignatureScheme.ECDSA_P256
                        : SignatureScheme.ECDSA_SECP256K1;
        this.ed25519 = null;
        this.ecdsa = key;
    }

    /// Reads a DER SubjectPublicKeyInfo, strictly: the exact prefix of one of the three schemes and
    /// a canonical key.
    ///
    /// @throws KeyFormatException that names the scheme, when it is one that is not supported
    public static VerifyingKey fromDer(Blob der) throws KeyFormatException {
        if (Ed25519PublicKey.isDer(der)) {
            Ed25519PublicKey key = Ed25519PublicKey.ofDer(der);
            if (key == null) {
                throw new KeyFormatException(
                        "The Ed25519 public key is not canonical or of small order");
            }
            return new VerifyingKey(key);
        }
        for (EcdsaCurve curve : EcdsaCurve.values()) {
            if (curve.isDer(der)) {
                EcdsaPublicKey key = EcdsaPublicKey.ofDer(curve, der);
                if (key == null) {
                    throw new KeyFormatException(
                            "The public key is not a point of the curve " + curve);
                }
                return new VerifyingKey(key);
            }
        }
        throw new KeyFormatException(complaint(der));
    }

    /// The Ed25519 key of 32 raw bytes.
    ///
    /// @throws KeyFormatException when it has another length, is not canonical or of small order
    public static VerifyingKey ed25519(Blob raw) throws KeyFormatException {
        Ed25519PublicKey key = Ed25519PublicKey.of(raw);
        if (key == null) {
            throw new KeyFormatException(
                    "This is not an Ed25519 public key of 32 bytes, canonical and not of small"
                            + " order");
        }
        return new VerifyingKey(key);
    }

    private static String complaint(Blob der) {
        String start = hex(der);
        for (String[] scheme : UNSUPPORTED) {
            if (start.contains(scheme[0])) {
                return scheme[1] + " not supported";
            }
        }
        return "The public key is not in a supported DER form (Ed25519, P-256 or secp256k1)";
    }

    private static String hex(Blob der) {
        return der.slice(0, Math.min(der.length(), ALGORITHM_WITHIN)).toString();
    }

    /// How the key signs.
    public SignatureScheme scheme() {
        return scheme;
    }

    /// The key in its DER form.
    public Blob der() {
        if (ed25519 != null) {
            return ed25519.der();
        }
        return ecdsa == null ? Blob.EMPTY : ecdsa.der();
    }

    /// The principal of the key's owner.
    public Principal principal() {
        return SelfAuthenticating.principal(der());
    }

    /// Whether the signature is this key's over the message. Signatures of another length are not.
    public boolean verify(byte[] message, Blob signature) {
        if (ed25519 != null) {
            return ed25519.verify(message, signature.shared());
        }
        return ecdsa != null && ecdsa.verify(message, signature.shared());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey key && der().equals(key.der());
    }

    @Override
    public int hashCode() {
        return der().hashCode();
    }

    @Override
    public String toString() {
        return scheme + " " + der();
    }
}
