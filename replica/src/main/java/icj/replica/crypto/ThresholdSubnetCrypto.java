package icj.replica.crypto;

import icj.consensus.SubnetCrypto;
import icj.crypto.KeyFormatException;
import icj.crypto.NodeSigner;
import icj.crypto.VerifyingKey;
import icj.crypto.bls.MessagePoint;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.SignatureShare;
import icj.crypto.certificate.HashTree;
import icj.execution.CertifiedTree;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;
import icj.wire.Leb128;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The keys of a node as consensus uses them: Ed25519 for votes, threshold BLS for beacon, tape and
/// certification. Called by the consensus thread alone.
public final class ThresholdSubnetCrypto implements SubnetCrypto {
    private static final List<Blob> HEIGHT_PATH =
            List.of(CertifiedTree.METADATA, CertifiedTree.HEIGHT);

    private final NodeSigner signer;
    private final SecretShare lowShare;
    private final SecretShare highShare;
    private final icj.crypto.bls.ThresholdKey low;
    private final icj.crypto.bls.ThresholdKey high;
    private final Map<NodeId, VerifyingKey> keys = new TreeMap<>();
    private final Map<NodeId, Integer> indices = new TreeMap<>();

    /// @param registry with the keys of all members
    /// @param subnet of this node
    /// @throws KeyFormatException when a registered key is malformed
    public ThresholdSubnetCrypto(
            NodeSigner signer,
            SecretShare lowShare,
            SecretShare highShare,
            Registry registry,
            SubnetRecord subnet)
            throws KeyFormatException {
        this.signer = signer;
        this.lowShare = lowShare;
        this.highShare = highShare;
        low = icj.crypto.bls.ThresholdKey.of(subnet.lowCommitments());
        high = icj.crypto.bls.ThresholdKey.of(subnet.highCommitments());
        for (NodeId member : subnet.members()) {
            keys.put(member, VerifyingKey.fromDer(registry.node(member).signingKeyDer()));
            indices.put(member, subnet.shareIndex(member));
        }
    }

    @Override
    public Blob sign(Blob message) {
        return signer.sign(message.shared());
    }

    @Override
    public boolean verify(NodeId member, Blob message, Blob signature) {
        VerifyingKey key = keys.get(member);
        return key != null && key.verify(message.shared(), signature);
    }

    @Override
    public Blob signShare(ThresholdKey key, Blob message) {
        SecretShare share =
                switch (key) {
                    case LOW -> lowShare;
                    case HIGH -> highShare;
                };
        return share.sign(MessagePoint.of(message.shared())).signature();
    }

    @Override
    public @Nullable Blob combine(ThresholdKey key, SortedMap<NodeId, Blob> shares) {
        List<SignatureShare> list = new ArrayList<>(shares.size());
        for (Map.Entry<NodeId, Blob> share : shares.entrySet()) {
            Integer index = indices.get(share.getKey());
            if (index == null) {
                return null;
            }
            list.add(new SignatureShare(index, share.getValue()));
        }
        return keyOf(key).combineUnverified(list);
    }

    @Override
    public boolean verifyShare(ThresholdKey key, NodeId member, Blob message, Blob share) {
        Integer index = indices.get(member);
        return index != null
                && keyOf(key)
                        .verifyShare(
                                MessagePoint.of(message.shared()),
                                new SignatureShare(index, share));
    }

    @Override
    public boolean verifyCombined(ThresholdKey key, Blob message, Blob signature) {
        return keyOf(key).publicKey().verify(MessagePoint.of(message.shared()), signature);
    }

    private icj.crypto.bls.ThresholdKey keyOf(ThresholdKey key) {
        return switch (key) {
            case LOW -> low;
            case HIGH -> high;
        };
    }

    @Override
    public Digest seed(Blob signature) {
        return Sha256.of(signature.shared());
    }

    @Override
    public boolean provesHeight(Digest root, Blob witness, Height height) {
        try {
            HashTree tree = HashTree.decode(witness);
            Blob value = tree.value(HEIGHT_PATH);
            return tree.digest().equals(root)
                    && value != null
                    && value.equals(Blob.owning(Leb128.unsigned(height.value())));
        } catch (MalformedException e) {
            return false;
        }
    }
}
