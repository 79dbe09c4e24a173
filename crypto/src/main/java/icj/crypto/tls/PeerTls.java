package icj.crypto.tls;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.KeyFormatException;
import icj.crypto.provider.PinnedTrust;
import icj.crypto.provider.SingleKey;
import icj.types.Blob;
import icj.types.NodeId;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/// TLS between nodes: version 1.3 alone, both sides show a certificate, and a certificate counts
/// only if the registry holds its exact bytes. By the JDK's own provider, since the native ones do
/// not load Ed25519 keys. Safe for several threads.
///
/// After the handshake ask [#peer]: it answers by the registry of that moment, also for sessions
/// that were resumed. Connections are to be closed when the registry no longer knows their peer.
public final class PeerTls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    /// Which node a certificate belongs to.
    @FunctionalInterface
    public interface Registered {
        /// The node whose registry record holds exactly these bytes, or null.
        @Nullable NodeId nodeOf(Blob certificateDer);
    }

    private final Registered registered;
    private final SSLContext context;

    private PeerTls(Registered registered, SSLContext context) {
        this.registered = registered;
        this.context = context;
    }

    /// TLS with this certificate.
    ///
    /// @param key of the certificate
    /// @param certificateDer of this node, as the registry holds it
    /// @param registered asked at each handshake, by any thread
    /// @throws KeyFormatException when the certificate is malformed or of another key
    public static PeerTls of(Ed25519SigningKey key, Blob certificateDer, Registered registered)
            throws KeyFormatException {
        X509Certificate certificate = parse(certificateDer);
        if (!Blob.owning(certificate.getPublicKey().getEncoded()).equals(key.publicKeyDer())) {
            throw new KeyFormatException("The TLS certificate is of another key");
        }
        try {
            PrivateKey privateKey =
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(new PKCS8EncodedKeySpec(key.toPkcs8()));
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {new SingleKey(privateKey, certificate)},
                    new TrustManager[] {new PinnedTrust(der -> registered.nodeOf(der) != null)},
                    null);
            return new PeerTls(registered, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has TLS 1.3 with Ed25519", e);
        }
    }

    private static X509Certificate parse(Blob der) throws KeyFormatException {
        try {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der.shared()));
            if (certificate instanceof X509Certificate x509) {
                return x509;
            }
        } catch (CertificateException e) {
            throw new KeyFormatException("The TLS certificate is malformed");
        }
        throw new KeyFormatException("The TLS certificate is malformed");
    }

    /// The context, for libraries that make engines themselves; they must then do what
    /// [#serverEngine] and [#clientEngine] do.
    public SSLContext context() {
        return context;
    }

    /// An engine for an accepted connection; it asks for the peer's certificate.
    public SSLEngine serverEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        engine.setEnabledProtocols(PROTOCOLS.clone());
        return engine;
    }

    /// An engine for a connection of one's own. Any registered peer passes: compare [#peer] with
    /// the node that was meant.
    public SSLEngine clientEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(PROTOCOLS.clone());
        return engine;
    }

    /// The node at the other end; null when it showed no certificate, or none that the registry
    /// holds now.
    public @Nullable NodeId peer(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length == 1 ? registered.nodeOf(Blob.owning(chain[0].getEncoded())) : null;
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            return null;
        }
    }
}
