package icj.consensus.rule;

import icj.consensus.Refusal;
import icj.consensus.SubnetCrypto.ThresholdKey;
import icj.consensus.membership.Ranking;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BeaconShare;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.EquivocationProof;
import icj.types.artifact.Artifact.FetchBlock;
import icj.types.artifact.Artifact.FetchChain;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Status;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.Artifact.TapeShare;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.types.message.IngressBody;
import icj.wire.ArtifactCodec;
import icj.wire.Sha256;

import java.util.List;

/// Takes what peers send: each artifact is validated once, cheap checks first, or refused and
/// counted. What lies below the open heights is dropped before anything is looked up, or purged
/// artifacts would come back for ever.
///
/// Bounds: one share a signer, kind and height (for notarization two a rank of maker), two
/// proposals a maker and height unless notarized, heights in the window only (R-C8).
public final class Arrivals {
    private final Core core;
    private final CatchUp catchUp;
    private final Certifier certifier;

    /// The door of a core.
    public Arrivals(Core core, CatchUp catchUp, Certifier certifier) {
        this.core = core;
        this.catchUp = catchUp;
        this.certifier = certifier;
    }

    /// Takes an artifact from the connection of `from`.
    public void take(Turn turn, NodeId from, Artifact artifact) {
        if (!core.committee().has(from) || from.equals(core.committee().self())) {
            core.refuse(Refusal.NO_MEMBER);
            return;
        }
        switch (artifact) {
            case BlockProposal a -> take(turn, from, a);
            case EquivocationProof a -> take(turn, from, a);
            case NotarizationShare a -> take(turn, from, a);
            case Notarization a -> take(from, a);
            case FinalizationShare a -> take(from, a);
            case Finalization a -> take(turn, from, a);
            case BeaconShare a -> take(from, a);
            case Beacon a -> take(from, a);
            case TapeShare a -> take(from, a);
            case Tape a -> take(a);
            case CertificationShare a -> take(from, a);
            case Certification a -> take(turn, a);
            case Status a -> catchUp.status(turn, from, a);
            case FetchChain a -> catchUp.fetchChain(turn, from, a);
            case FetchBlock a -> catchUp.fetchBlock(turn, from, a);
        }
    }

    /// Whether a height of the chain is open, i.e. above the final ones and in the window.
    private boolean isOpen(NodeId from, long height) {
        if (height <= core.pool().finalized()) {
            return core.refuse(Refusal.OLD);
        }
        if (height > core.windowTop()) {
            catchUp.hint(from, height);
            return core.refuse(Refusal.FAR_AHEAD);
        }
        return true;
    }

    private boolean isFromSigner(NodeId from, NodeId signer) {
        return from.equals(signer) || core.refuse(Refusal.NOT_FROM_SIGNER);
    }

    private void take(Turn turn, NodeId from, BlockProposal proposal) {
        long height = proposal.height().value();
        if (!isOpen(from, height)) {
            return;
        }
        HeightState state = core.pool().at(height);
        if (state.block(proposal.hash()) != null) {
            core.refuse(Refusal.DUPLICATE);
        } else if (isAcceptable(state, proposal)) {
            core.pool().receive(proposal, turn.nanos());
            state.seen(turn.nanos());
            disqualify(turn, state, proposal);
        }
    }

    /// Tells everybody when the maker signed another block of this height.
    private void disqualify(Turn turn, HeightState state, BlockProposal proposal) {
        NodeId maker = proposal.block().maker();
        for (BlockEntry other : state.blocks()) {
            if (other.maker().equals(maker)
                    && !other.hash().equals(proposal.hash())
                    && !state.isDisqualified(maker)) {
                boolean first = proposal.hash().compareTo(other.hash()) < 0;
                BlockProposal low = first ? proposal : other.proposal();
                BlockProposal high = first ? other.proposal() : proposal;
                EquivocationProof proof =
                        new EquivocationProof(
                                proposal.height(),
                                maker,
                                low.hash(),
                                low.signature(),
                                high.hash(),
                                high.signature());
                state.equivocations().put(maker, proof);
                turn.broadcast(proof);
            }
        }
    }

    /// A proof is sent on once: whoever is the first to see it may be the only one who was sent it.
    private void take(Turn turn, NodeId from, EquivocationProof proof) {
        long height = proof.height().value();
        if (!isOpen(from, height)) {
            return;
        }
        HeightState state = core.pool().at(height);
        if (state.isDisqualified(proof.maker())) {
            core.refuse(Refusal.DUPLICATE);
        } else if (!core.committee().has(proof.maker())
                || proof.maker().equals(core.committee().self())) {
            core.refuse(Refusal.NO_MEMBER);
        } else if (proof.first().compareTo(proof.second()) >= 0
                || !isProposed(proof, proof.first(), proof.firstSignature())
                || !isProposed(proof, proof.second(), proof.secondSignature())) {
            core.refuse(Refusal.BAD_SIGNATURE);
        } else {
            state.equivocations().put(proof.maker(), proof);
            turn.broadcast(proof);
        }
    }

    private boolean isProposed(EquivocationProof proof, Digest hash, Blob signature) {
        Blob message = core.signed().proposal(new BlockRef(proof.height(), hash));
        return core.crypto().verify(proof.maker(), message, signature);
    }

    private boolean isAcceptable(HeightState state, BlockProposal proposal) {
        NodeId maker = proposal.block().maker();
        boolean wanted = state.notarizations().containsKey(proposal.hash());
        // An own block comes back only to a node that asked for it.
        boolean own = maker.equals(core.committee().self());
        if (!core.committee().has(maker) || own && !wanted) {
            return core.refuse(Refusal.NO_MEMBER);
        }
        Ranking ranking = wanted ? null : core.ranking(state.height());
        if (ranking != null
                && (!ranking.makes(proposal.block().rank())
                        || !ranking.rank(maker).equals(proposal.block().rank()))) {
            return core.refuse(Refusal.BAD_BLOCK);
        }
        if (!wanted && !hasRoom(state, maker)) {
            return core.refuse(Refusal.SLOTS_FULL);
        }
        if (!core.crypto()
                .verify(maker, core.signed().proposal(proposal.ref()), proposal.signature())) {
            return core.refuse(Refusal.BAD_SIGNATURE);
        }
        for (IngressBody body : proposal.bodies()) {
            if (!Sha256.of(body.envelope().shared()).equals(body.hash().digest())) {
                return core.refuse(Refusal.BAD_BLOCK);
            }
        }
        return true;
    }

    /// Two proposals of a maker at a height (the second proves equivocation), and not too many
    /// bytes of one maker over all open heights.
    private boolean hasRoom(HeightState at, NodeId maker) {
        int proposals = 0;
        long bytes = 0;
        for (HeightState state : core.pool().from(core.pool().finalized() + 1)) {
            for (BlockEntry entry : state.blocks()) {
                if (entry.maker().equals(maker) && !entry.notarized()) {
                    bytes += entry.bytes();
                    if (state.height() == at.height()) {
                        proposals++;
                    }
                }
            }
        }
        return proposals < 2 && bytes < core.limits().proposalBytesPerMakerMax();
    }

    private void take(Turn turn, NodeId from, NotarizationShare share) {
        long height = share.height().value();
        if (!isOpen(from, height) || !isFromSigner(from, share.signer())) {
            return;
        }
        HeightState state = core.pool().at(height);
        int slots = 2 * (core.committee().quorum().faulty() + 1);
        if (state.notarizations().containsKey(share.block().hash())
                || !state.offerNotarizationShare(share, slots)) {
            core.refuse(Refusal.DUPLICATE);
            return;
        }
        state.seen(turn.nanos());
    }

    private void take(NodeId from, Notarization notarization) {
        long height = notarization.height().value();
        if (!isOpen(from, height)) {
            return;
        }
        HeightState state = core.pool().at(height);
        if (state.notarizations().containsKey(notarization.block().hash())) {
            core.refuse(Refusal.DUPLICATE);
        } else if (isSigned(
                core.signed().notarization(notarization.block()), notarization.signatures())) {
            core.pool().add(notarization);
        }
    }

    private void take(NodeId from, FinalizationShare share) {
        long height = share.height().value();
        if (!isOpen(from, height) || !isFromSigner(from, share.signer())) {
            return;
        }
        HeightState state = core.pool().at(height);
        if (state.finalization() != null || !state.offerFinalizationShare(share)) {
            core.refuse(Refusal.DUPLICATE);
        }
    }

    private void take(Turn turn, NodeId from, Finalization finalization) {
        long height = finalization.height().value();
        if (height <= core.pool().finalized()) {
            checkHistory(turn, finalization);
            return;
        }
        if (!isOpen(from, height)) {
            return;
        }
        HeightState state = core.pool().at(height);
        if (state.finalization() != null) {
            core.refuse(Refusal.DUPLICATE);
        } else if (isSigned(
                core.signed().finalization(finalization.block()), finalization.signatures())) {
            core.pool().add(finalization);
        }
    }

    /// Two final blocks of one height mean that more than f nodes are faulty: this node stops.
    private void checkHistory(Turn turn, Finalization finalization) {
        HeightState state = core.pool().get(finalization.height().value());
        BlockEntry kept = state == null ? null : state.finalBlock();
        if (kept == null || kept.hash().equals(finalization.block().hash())) {
            core.refuse(Refusal.OLD);
            return;
        }
        if (isSigned(core.signed().finalization(finalization.block()), finalization.signatures())) {
            core.halt(
                    turn,
                    "Block "
                            + kept.ref()
                            + " is final here, and "
                            + finalization.block()
                            + " elsewhere: more than f nodes are faulty; stop the whole subnet,"
                            + " trust no answer of it, and keep the folders of all its nodes for a"
                            + " report",
                    finalization,
                    kept.proposal());
        }
    }

    /// R-C9: strictly increasing signers, exactly q of them, all of the committee.
    private boolean isSigned(Blob message, List<IndexedSignature> signatures) {
        if (signatures.size() != core.committee().quorum().notary()) {
            return core.refuse(Refusal.BAD_LIST);
        }
        int last = -1;
        for (IndexedSignature signature : signatures) {
            if (signature.signer() <= last || core.committee().at(signature.signer()) == null) {
                return core.refuse(Refusal.BAD_LIST);
            }
            last = signature.signer();
        }
        for (IndexedSignature signature : signatures) {
            NodeId signer = core.committee().at(signature.signer());
            if (signer == null || !core.crypto().verify(signer, message, signature.signature())) {
                return core.refuse(Refusal.BAD_SIGNATURE);
            }
        }
        return true;
    }

    private void take(NodeId from, BeaconShare share) {
        Pool pool = core.pool();
        long height = share.height().value();
        if (height <= pool.beacon()) {
            core.refuse(Refusal.OLD);
        } else if (height > core.windowTop()) {
            core.refuse(Refusal.FAR_AHEAD);
        } else if (isFromSigner(from, share.signer())
                && pool.at(height).beaconShares().putIfAbsent(from, share.signature()) != null) {
            core.refuse(Refusal.DUPLICATE);
        }
    }

    private void take(NodeId from, Beacon beacon) {
        Pool pool = core.pool();
        long height = beacon.height().value();
        if (height <= pool.beacon()) {
            core.refuse(Refusal.OLD);
            return;
        }
        if (height > core.windowTop()) {
            catchUp.hint(from, height);
            core.refuse(Refusal.FAR_AHEAD);
            return;
        }
        HeightState below = pool.get(pool.beacon());
        Beacon held = below == null ? null : below.beacon();
        // A chain: one that skips a height can't be checked.
        if (height > pool.beacon() + 1 || held == null) {
            catchUp.hint(from, height - 1);
            core.refuse(Refusal.PREMATURE);
        } else if (core.crypto()
                .verifyCombined(ThresholdKey.LOW, core.signed().beacon(held), beacon.signature())) {
            pool.add(beacon);
        } else {
            core.refuse(Refusal.BAD_SIGNATURE);
        }
    }

    private void take(NodeId from, TapeShare share) {
        Pool pool = core.pool();
        long height = share.height().value();
        if (height <= pool.executed()) {
            core.refuse(Refusal.OLD);
        } else if (height > core.windowTop()) {
            core.refuse(Refusal.FAR_AHEAD);
        } else if (isFromSigner(from, share.signer())
                && pool.at(height).tapeShares().putIfAbsent(from, share.signature()) != null) {
            core.refuse(Refusal.DUPLICATE);
        }
    }

    private void take(Tape tape) {
        Pool pool = core.pool();
        long height = tape.height().value();
        if (height <= pool.executed()) {
            core.refuse(Refusal.OLD);
        } else if (height > core.windowTop()) {
            core.refuse(Refusal.FAR_AHEAD);
        } else if (pool.at(height).tape() != null) {
            core.refuse(Refusal.DUPLICATE);
        } else if (core.crypto()
                .verifyCombined(ThresholdKey.LOW, core.signed().tape(height), tape.signature())) {
            pool.add(tape);
        } else {
            core.refuse(Refusal.BAD_SIGNATURE);
        }
    }

    private void take(NodeId from, CertificationShare share) {
        Pool pool = core.pool();
        long height = share.height().value();
        if (height <= pool.certified()) {
            core.refuse(Refusal.OLD);
        } else if (height > core.windowTop()) {
            core.refuse(Refusal.FAR_AHEAD);
        } else if (!isFromSigner(from, share.signer())) {
            return;
        } else if (pool.at(height).certification() != null
                || pool.at(height).certificationShares().containsKey(from)) {
            core.refuse(Refusal.DUPLICATE);
        } else if (!isWitnessed(share.root(), share.witness(), share.height())) {
            core.refuse(Refusal.BAD_SIGNATURE);
        } else {
            pool.at(height).certificationShares().put(from, share);
        }
    }

    /// The signature covers the root only; without the witness a certification of one height could
    /// be passed off as another's, which would make honest nodes believe that they diverged.
    private boolean isWitnessed(Digest root, Blob witness, Height height) {
        return witness.length() <= ArtifactCodec.WITNESS_BYTES_MAX
                && core.crypto().provesHeight(root, witness, height);
    }

    private void take(Turn turn, Certification certification) {
        Pool pool = core.pool();
        long height = certification.height().value();
        if (height <= pool.certified()) {
            core.refuse(Refusal.OLD);
        } else if (height > core.windowTop()) {
            core.refuse(Refusal.FAR_AHEAD);
        } else if (pool.at(height).certification() != null) {
            core.refuse(Refusal.DUPLICATE);
        } else if (!isWitnessed(
                        certification.root(), certification.witness(), certification.height())
                || !core.crypto()
                        .verifyCombined(
                                ThresholdKey.HIGH,
                                SignedBytes.certification(certification.root()),
                                certification.signature())) {
            core.refuse(Refusal.BAD_SIGNATURE);
        } else {
            pool.add(certification);
            certifier.disagrees(turn, pool.at(height));
        }
    }
}
