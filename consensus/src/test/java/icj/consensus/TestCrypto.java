package icj.consensus;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import java.util.List;
import java.util.SortedMap;

/// Hashes in place of signatures: right for the right signer and message, easy to get wrong on
/// purpose.
final class TestCrypto implements SubnetCrypto {
    private final List<NodeId> members;
    private final NodeId self;

    TestCrypto(List<NodeId> members, NodeId self) {
        this.members = members;
        this.self = self;
    }

    private static Blob hash(String kind, Blob message) {
        return Blob.of(Sha256.of(kind.getBytes(), message.shared()).shared());
    }

    @Override
    public Blob sign(Blob message) {
        return hash("node" + members.indexOf(self), message);
    }

    @Override
    public boolean verify(NodeId signer, Blob message, Blob signature) {
        return hash("node" + members.indexOf(signer), message).equals(signature);
    }

    @Override
    public Blob signShare(ThresholdKey key, Blob message) {
        return share(key, self, message);
    }

    private Blob share(ThresholdKey key, NodeId signer, Blob message) {
        return new ByteWriter()
                .u8(members.indexOf(signer))
                .raw(hash("share" + key, message))
                .toBlob();
    }

    /// The shares' common part, or rubbish when one of them is bad.
    @Override
    public Blob combine(ThresholdKey key, SortedMap<NodeId, Blob> shares) {
        Blob common = null;
        for (Blob share : shares.values()) {
            Blob part = share.slice(1, share.length());
            common = common == null || common.equals(part) ? part : Blob.fromHex("00");
        }
        return common;
    }

    @Override
    public boolean verifyShare(ThresholdKey key, NodeId signer, Blob message, Blob share) {
        return share(key, signer, message).equals(share);
    }

    @Override
    public boolean verifyCombined(ThresholdKey key, Blob message, Blob signature) {
        return hash("share" + key, message).equals(signature);
    }

    @Override
    public Digest seed(Blob signature) {
        return Sha256.of(signature.shared());
    }

    /// The witness of a height and a state is the state; the root is the hash of both.
    @Override
    public boolean provesHeight(Digest root, Blob witness, Height height) {
        return root(height, witness).equals(root);
    }

    static Digest root(Height height, Blob witness) {
        return Sha256.of(new ByteWriter().u64(height.value()).blob(witness).toBytes());
    }
}
