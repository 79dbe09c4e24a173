package icj.replica;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.KeyFormatException;
import icj.crypto.NodeSigner;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.ThresholdKey;
import icj.types.Blob;
import icj.types.registry.NodeRecord;
import icj.types.registry.SubnetRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The secrets of a node, read from its key folder and checked against the registry. Never printed.
///
/// @param signer votes and answers to queries
/// @param tlsKey of the certificate
/// @param tlsCertificate DER
/// @param low share of the key of beacon and tape
/// @param high share of the key of certification
record NodeKeys(
        NodeSigner signer,
        Ed25519SigningKey tlsKey,
        Blob tlsCertificate,
        SecretShare low,
        SecretShare high) {
    /// Reads and checks the folder.
    ///
    /// @throws NodeFailure with exit code 6 when a key is not the one that the registry has
    static NodeKeys read(Path folder, NodeRecord node, SubnetRecord subnet) throws NodeFailure {
        try {
            int index = subnet.shareIndex(node.id());
            NodeKeys keys =
                    new NodeKeys(
                            NodeSigner.fromPem(text(folder, "signing.pem")),
                            Ed25519SigningKey.fromPem(text(folder, "tls.pem")),
                            Blob.owning(Files.readAllBytes(folder.resolve("tls.crt"))),
                            SecretShare.fromHex(index, text(folder, "threshold-low.key")),
                            SecretShare.fromHex(index, text(folder, "threshold-high.key")));
            keys.check(folder, node, subnet);
            return keys;
        } catch (IOException e) {
            throw new NodeFailure(ExitCode.DAMAGED, "A key of this node can't be read: " + e);
        } catch (KeyFormatException e) {
            throw new NodeFailure(
                    ExitCode.DAMAGED, "A key in " + folder + " is malformed: " + e.getMessage());
        }
    }

    private void check(Path folder, NodeRecord node, SubnetRecord subnet)
            throws NodeFailure, KeyFormatException {
        require(
                signer.publicKeyDer().equals(node.signingKeyDer()),
                folder.resolve("signing.pem"),
                "signing key");
        require(
                tlsCertificate.equals(node.tlsCertificateDer()),
                folder.resolve("tls.crt"),
                "TLS certificate");
        require(
                ThresholdKey.of(subnet.lowCommitments()).holds(low),
                folder.resolve("threshold-low.key"),
                "share of the low threshold key");
        require(
                ThresholdKey.of(subnet.highCommitments()).holds(high),
                folder.resolve("threshold-high.key"),
                "share of the high threshold key");
    }

    private static void require(boolean holds, Path file, String what) throws NodeFailure {
        if (!holds) {
            throw new NodeFailure(
                    ExitCode.DAMAGED,
                    file + " is not the " + what + " that the genesis registry has for this node");
        }
    }

    private static String text(Path folder, String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    /// Names no secret.
    @Override
    public String toString() {
        return "NodeKeys(" + signer.nodeId() + ")";
    }
}
