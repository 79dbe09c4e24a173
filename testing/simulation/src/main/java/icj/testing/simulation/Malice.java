package icj.testing.simulation;

import icj.consensus.Effect;
import icj.consensus.SubnetCrypto;
import icj.consensus.rule.SignedBytes;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.BeaconShare;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Status;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.wire.ArtifactCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// A Byzantine node: an honest core whose effects are edited with its own keys. It proposes two
/// blocks and shows each to half of the others, supports everything, finalizes what it did not
/// support alone, signs rubbish, keeps things from some, and lies about where it stands.
final class Malice {
    private final SubnetCrypto crypto;
    private final SignedBytes signed;
    private final NodeId self;
    private final List<NodeId> peers = new ArrayList<>();
    private final Prng random;
    private final TreeMap<Long, TreeSet<Digest>> blocks = new TreeMap<>();

    Malice(
            SubnetCrypto crypto,
            SignedBytes signed,
            NodeId self,
            List<NodeId> members,
            Prng random) {
        this.crypto = crypto;
        this.signed = signed;
        this.self = self;
        this.random = random;
        for (NodeId member : members) {
            if (!member.equals(self)) {
                peers.add(member);
            }
        }
    }

    List<Effect> edit(List<Effect> effects) {
        List<Effect> edited = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Broadcast(Artifact artifact)) {
                edit(artifact, edited);
            } else {
                edited.add(effect);
            }
        }
        return edited;
    }

    private void edit(Artifact artifact, List<Effect> out) {
        switch (artifact) {
            case BlockProposal proposal -> equivocate(proposal, out);
            case NotarizationShare share -> supportAll(share, out);
            case BeaconShare share when random.chance(0.3) ->
                    toSome(new BeaconShare(share.height(), self, rubbish()), out);
            case CertificationShare share when random.chance(0.3) ->
                    toSome(
                            new CertificationShare(
                                    share.height(), share.root(), share.witness(), self, rubbish()),
                            out);
            case Status status when random.chance(0.3) -> toSome(lie(status), out);
            default -> {
                if (random.chance(0.7)) {
                    out.add(new Effect.Broadcast(artifact));
                } else {
                    toSome(artifact, out);
                }
            }
        }
    }

    private Blob rubbish() {
        return Blob.of(random.bytes(8));
    }

    private Status lie(Status status) {
        Height high = status.notarized().plus(random.below(100));
        return new Status(high, high, high, high, high);
    }

    private void toSome(Artifact artifact, List<Effect> out) {
        for (NodeId peer : peers) {
            if (random.chance(0.5)) {
                out.add(new Effect.Send(peer, artifact));
            }
        }
    }

    private void equivocate(BlockProposal proposal, List<Effect> out) {
        if (random.chance(0.4)) {
            toSome(proposal, out);
            return;
        }
        Block one = proposal.block();
        BlockContext context = one.context();
        Block two =
                new Block(
                        one.height(),
                        one.parent(),
                        one.rank(),
                        one.maker(),
                        new BlockContext(
                                context.certified(),
                                context.registryVersion(),
                                context.time().plusNanos(1),
                                random.chance(0.2) != context.drawsTape()),
                        one.payload());
        Digest hash = ArtifactCodec.hash(two);
        BlockRef ref = new BlockRef(two.height(), hash);
        BlockProposal other =
                new BlockProposal(two, hash, crypto.sign(signed.proposal(ref)), proposal.bodies());
        blocks.computeIfAbsent(two.height().value(), _ -> new TreeSet<>()).add(hash);
        for (NodeId peer : peers) {
            out.add(new Effect.Send(peer, random.chance(0.5) ? proposal : other));
        }
    }

    private void supportAll(NotarizationShare share, List<Effect> out) {
        TreeSet<Digest> hashes = new TreeSet<>();
        hashes.add(share.block().hash());
        hashes.addAll(blocks.getOrDefault(share.height().value(), new TreeSet<>()));
        for (Digest hash : hashes) {
            BlockRef ref = new BlockRef(share.height(), hash);
            toSome(new NotarizationShare(ref, self, crypto.sign(signed.notarization(ref))), out);
            if (random.chance(0.5)) {
                toSome(
                        new FinalizationShare(ref, self, crypto.sign(signed.finalization(ref))),
                        out);
            }
        }
    }
}
