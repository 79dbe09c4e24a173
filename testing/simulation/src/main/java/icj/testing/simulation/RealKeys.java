package icj.testing.simulation;

import icj.consensus.SubnetCrypto;
import icj.crypto.KeyFormatException;
import icj.crypto.NodeSigner;
import icj.crypto.VerifyingKey;
import icj.crypto.bls.KeyDealer;
import icj.crypto.bls.MessagePoint;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.SignatureShare;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The real cryptography: Ed25519 and threshold BLS, with keys that follow from the seed.
final class RealKeys implements Keys {
    private final TreeMap<NodeId, NodeSigner> signers = new TreeMap<>();
    private final TreeMap<NodeId, VerifyingKey> verifiers = new TreeMap<>();
    private final List<NodeId> members;
    private final KeyDealer.Dealing low;
    private final KeyDealer.Dealing high;

    RealKeys(int count, Quorum quorum, long seed) {
        try {
            // Not secure, on purpose: a run is repeated from its seed.
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(new ByteWriter().u64(seed).toBytes());
            for (int i = 0; i < count; i++) {
                NodeSigner signer = NodeSigner.generate(random);
                signers.put(signer.nodeId(), signer);
                verifiers.put(signer.nodeId(), VerifyingKey.fromDer(signer.publicKeyDer()));
            }
            members = List.copyOf(signers.keySet());
            low = KeyDealer.deal(count, quorum.low(), random);
            high = KeyDealer.deal(count, quorum.notary(), random);
        } catch (GeneralSecurityException | KeyFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<NodeId> members() {
        return members;
    }

    @Override
    public SubnetCrypto of(NodeId self) {
        NodeSigner signer = signers.get(self);
        if (signer == null) {
            throw new IllegalArgumentException(self + " is no member");
        }
        return new View(signer, members.indexOf(self));
    }

    private final class View implements SubnetCrypto {
        private final NodeSigner signer;
        private final int place;

        View(NodeSigner signer, int place) {
            this.signer = signer;
            this.place = place;
        }

        private KeyDealer.Dealing dealing(ThresholdKey key) {
            return key == ThresholdKey.LOW ? low : high;
        }

        @Override
        public Blob sign(Blob message) {
            return signer.sign(message.shared());
        }

        @Override
        public boolean verify(NodeId from, Blob message, Blob signature) {
            VerifyingKey key = verifiers.get(from);
            return key != null && key.verify(message.shared(), signature);
        }

        @Override
        public Blob signShare(ThresholdKey key, Blob message) {
            SecretShare share = dealing(key).shares().get(place);
            return share.sign(message.shared()).signature();
        }

        @Override
        public @Nullable Blob combine(ThresholdKey key, SortedMap<NodeId, Blob> shares) {
            List<SignatureShare> list = new ArrayList<>();
            for (Map.Entry<NodeId, Blob> share : shares.entrySet()) {
                int index = members.indexOf(share.getKey()) + 1;
                list.add(new SignatureShare(index, share.getValue()));
            }
            return dealing(key).key().combineUnverified(list);
        }

        @Override
        public boolean verifyShare(ThresholdKey key, NodeId from, Blob message, Blob share) {
            SignatureShare signed = new SignatureShare(members.indexOf(from) + 1, share);
            return signed.signer() > 0
                    && dealing(key).key().verifyShare(MessagePoint.of(message.shared()), signed);
        }

        @Override
        public boolean verifyCombined(ThresholdKey key, Blob message, Blob signature) {
            return dealing(key).key().publicKey().verify(message.shared(), signature);
        }

        @Override
        public Digest seed(Blob signature) {
            return Sha256.of(signature.shared());
        }

        @Override
        public boolean provesHeight(Digest root, Blob witness, Height height) {
            return SimKeys.isWitness(root, witness, height);
        }
    }
}
