package icj.crypto.provider;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/// The fast provider, where its native library loads: Ed25519 and P-256 in about half the time of
/// BouncyCastle. It is asked first and never has the last word against a signature (R-C9).
final class Corretto {
    static final String ED25519 = "Ed25519";
    static final String P256 = "SHA256withECDSAinP1363Format";

    /// Without this property the provider leaves Ed25519 keys to the JDK and translates them at
    /// each use.
    private static final String OWN_ED25519_KEYS =
            "com.amazon.corretto.crypto.provider.registerEdKeyFactory";

    /// System property: `true` leaves this provider alone, as on a platform it was not built for.
    private static final String PORTABLE = "icj.crypto.portable";

    private static final @Nullable Provider PROVIDER = load();

    private Corretto() {}

    private static @Nullable Provider load() {
        if (Boolean.getBoolean(PORTABLE)) {
            return null;
        }
        if (System.getProperty(OWN_ED25519_KEYS) == null) {
            System.setProperty(OWN_ED25519_KEYS, "true");
        }
        CorrettoLibrary.prepare();
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            return provider.getLoadingError() == null ? provider : null;
        } catch (LinkageError | RuntimeException e) {
            // Another platform than the library was built for: BouncyCastle does all the work.
            return null;
        }
    }

    /// Whether the provider is there.
    static boolean isLoaded() {
        return PROVIDER != null;
    }

    /// The provider's form of a public key; null when it is not loaded or wants no such key.
    static @Nullable PublicKey publicKey(String algorithm, byte[] der) {
        Provider provider = PROVIDER;
        if (provider == null) {
            return null;
        }
        try {
            return KeyFactory.getInstance(family(algorithm), provider)
                    .generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | RuntimeException e) {
            return null;
        }
    }

    /// The provider's form of a private key; null when it is not loaded or wants no such key.
    static @Nullable PrivateKey privateKey(String algorithm, byte[] pkcs8) {
        Provider provider = PROVIDER;
        if (provider == null) {
            return null;
        }
        try {
            return KeyFactory.getInstance(family(algorithm), provider)
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | RuntimeException e) {
            return null;
        }
    }

    private static String family(String algorithm) {
        return algorithm.equals(ED25519) ? ED25519 : "EC";
    }

    /// Whether the provider accepts the signature. False says nothing yet.
    static boolean accepts(String algorithm, PublicKey key, byte[] message, byte[] signature) {
        Provider provider = PROVIDER;
        if (provider == null) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(algorithm, provider);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /// Signs; null when the provider fails to.
    static byte @Nullable [] sign(String algorithm, PrivateKey key, byte[] message) {
        Provider provider = PROVIDER;
        if (provider == null) {
            return null;
        }
        try {
            Signature signer = Signature.getInstance(algorithm, provider);
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException | RuntimeException e) {
            return null;
        }
    }
}
