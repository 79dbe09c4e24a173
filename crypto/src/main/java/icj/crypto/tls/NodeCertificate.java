package icj.crypto.tls;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.Hasher;
import icj.crypto.KeyFormatException;
import icj.crypto.VerifyingKey;
import icj.types.Blob;
import icj.types.NodeId;

import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;

/// The TLS certificate of a node: X.509 version 3, signed by its own Ed25519 key (another one than
/// the node's signing key), with the node id's text as the common name of both subject and issuer,
/// no authority over others, and no end (31 December 9999). The registry holds its exact bytes.
public final class NodeCertificate {
    /// RFC 5280: the time that stands for "no end".
    private static final String NO_END = "99991231235959Z";

    private static final int SERIAL_LENGTH = 8;
    private static final int VERSION_3 = 3;
    private static final AlgorithmIdentifier ED25519 =
            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

    private NodeCertificate() {}

    /// Makes the certificate.
    ///
    /// @param key of TLS, kept beside the certificate
    /// @param node whose certificate this is
    /// @param notBefore now or earlier, so that clocks may differ
    /// @return DER
    public static Blob create(Ed25519SigningKey key, NodeId node, Instant notBefore) {
        Blob publicKey = key.publicKeyDer();
        byte[] hash = Hasher.sha256().update(publicKey).bytes();
        hash[0] = (byte) (hash[0] & 0x7f | 0x40);
        BigInteger serial = new BigInteger(1, Arrays.copyOf(hash, SERIAL_LENGTH));
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, node.toString()).build();
        X509v3CertificateBuilder builder =
                new X509v3CertificateBuilder(
                        name,
                        serial,
                        new Time(Date.from(notBefore)),
                        new Time(new ASN1GeneralizedTime(NO_END)),
                        name,
                        SubjectPublicKeyInfo.getInstance(publicKey.toBytes()));
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            return Blob.owning(builder.build(new KeySigner(key)).getEncoded());
        } catch (CertIOException e) {
            throw new IllegalStateException("The extension can be encoded", e);
        } catch (IOException e) {
            throw new IllegalStateException("The certificate can be encoded", e);
        }
    }

    /// Why a certificate is not one that [#create] could have made for the node, in a sentence;
    /// null when it is one.
    public static @Nullable String problem(Blob der, NodeId node) {
        try {
            X509CertificateHolder certificate = new X509CertificateHolder(der.toBytes());
            if (!Arrays.equals(certificate.getEncoded(), der.shared())) {
                return "The TLS certificate is not in canonical DER";
            }
            if (certificate.getVersionNumber() != VERSION_3) {
                return "The TLS certificate is not of version 3";
            }
            if (!isNamed(certificate.getSubject(), node)
                    || !isNamed(certificate.getIssuer(), node)) {
                return "The TLS certificate does not name node " + node;
            }
            BasicConstraints constraints =
                    BasicConstraints.fromExtensions(certificate.getExtensions());
            if (constraints != null && constraints.isCA()) {
                return "The TLS certificate is one of an authority";
            }
            if (!certificate
                    .toASN1Structure()
                    .getEndDate()
                    .toASN1Primitive()
                    .equals(new ASN1GeneralizedTime(NO_END))) {
                return "The TLS certificate does not end on 31 December 9999";
            }
            return isSignedByItself(certificate)
                    ? null
                    : "The TLS certificate is not signed by its own Ed25519 key";
        } catch (IOException | RuntimeException e) {
            return "The TLS certificate is malformed";
        } catch (KeyFormatException e) {
            return "The TLS certificate's key is not a good Ed25519 key";
        }
    }

    private static boolean isNamed(X500Name name, NodeId node) {
        RDN[] parts = name.getRDNs();
        return parts.length == 1
                && !parts[0].isMultiValued()
                && parts[0].getFirst().getType().equals(BCStyle.CN)
                && parts[0].getFirst().getValue().toString().equals(node.toString());
    }

    private static boolean isSignedByItself(X509CertificateHolder certificate)
            throws IOException, KeyFormatException {
        VerifyingKey key =
                VerifyingKey.fromDer(
                        Blob.owning(certificate.getSubjectPublicKeyInfo().getEncoded("DER")));
        return certificate.getSignatureAlgorithm().equals(ED25519)
                && key.verify(
                        certificate.toASN1Structure().getTBSCertificate().getEncoded("DER"),
                        Blob.owning(certificate.getSignature()));
    }

    /// Signs what the builder writes.
    private record KeySigner(Ed25519SigningKey key, ByteArrayOutputStream content)
            implements ContentSigner {
        KeySigner(Ed25519SigningKey key) {
            this(key, new ByteArrayOutputStream());
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return ED25519;
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return key.sign(content.toByteArray()).toBytes();
        }
    }
}
