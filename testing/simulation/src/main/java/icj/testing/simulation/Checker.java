package icj.testing.simulation;

import icj.consensus.pool.JournalKeys;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.wire.ArtifactCodec;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// The observers. They see what leaves a node and what it delivers, never its inside.
///
/// - agreement: at each height all nodes deliver the same batch, in order, so implied ancestors
///   too;
/// - votes: no honest node, over all its restarts, supports and finalizes different blocks of a
///   height, signs two finalizations or proposes two blocks;
/// - durability: what leaves is in the journal and synced: the vote, the block with all bodies, its
///   notarized parent (R-C2, R-C4);
/// - roots: what is executed and certified equals the re-execution of the agreed batches;
/// - ingress: each request at most once, never after its expiry.
final class Checker {
    private final List<Batch> agreed = new ArrayList<>();
    private final List<Digest> roots = new ArrayList<>();
    private final TreeMap<RequestId, Long> executed = new TreeMap<>();
    private final List<Votes> votes = new ArrayList<>();
    private final int tapeModulus;
    private ToyState reference;

    private static final class Votes {
        private final TreeMap<Long, TreeSet<Digest>> supported = new TreeMap<>();
        private final TreeMap<Long, Digest> finalized = new TreeMap<>();
        private final TreeMap<Long, Digest> proposed = new TreeMap<>();
    }

    Checker(int nodes, ToyState genesis, int tapeModulus) {
        this.tapeModulus = tapeModulus;
        reference = genesis;
        roots.add(genesis.root());
        for (int i = 0; i < nodes; i++) {
            votes.add(new Votes());
        }
    }

    /// The highest height that any node delivered.
    long top() {
        return agreed.size();
    }

    /// How many requests were executed.
    int requests() {
        return executed.size();
    }

    void delivered(SimNode node, Batch batch, SimDisk disk) {
        Blob tip = disk.durable(JournalKeys.of(JournalKeys.META, 0));
        if (height(tip) < batch.height().value()) {
            throw new Broken("DURABILITY: " + node + " delivers before the block is durably final");
        }
        long height = batch.height().value();
        if (height > agreed.size() + 1) {
            throw new Broken(node + " delivers " + height + " after a gap");
        }
        if (height <= agreed.size()) {
            if (!agreed.get((int) height - 1).equals(batch)) {
                throw new Broken(
                        "AGREEMENT: "
                                + node
                                + " delivers another batch at height "
                                + height
                                + ": block "
                                + batch.blockHash()
                                + " instead of "
                                + agreed.get((int) height - 1).blockHash());
            }
            return;
        }
        for (IngressBody body : batch.ingress()) {
            if (!Sha256.of(body.envelope().shared()).equals(body.hash().digest())) {
                throw new Broken("BODIES: a body of height " + height + " has another hash");
            }
            Long before = executed.put(body.id(), height);
            if (before != null) {
                throw new Broken(
                        "INGRESS: a request is executed at " + before + " and at " + height);
            }
            if (Requests.expiry(body) < batch.time().value()) {
                throw new Broken("INGRESS: a request is executed after its expiry");
            }
        }
        agreed.add(batch);
        reference = reference.execute(batch, tapeModulus);
        roots.add(reference.root());
    }

    void executed(SimNode node, ToyState state) {
        if (!roots.get((int) state.height()).equals(state.root())) {
            throw new Broken("ROOTS: " + node + " has another root at height " + state.height());
        }
    }

    void certified(SimNode node, Certification certification) {
        long height = certification.height().value();
        if (height >= roots.size() || !roots.get((int) height).equals(certification.root())) {
            throw new Broken("ROOTS: " + node + " holds a certification of another root " + height);
        }
    }

    /// Something leaves a node.
    ///
    /// @param disk its journal, or null when this is sent again: then the record may be purged
    void leaves(SimNode node, Artifact artifact, @Nullable SimDisk disk) {
        if (node.isMalicious()) {
            return;
        }
        Votes own = votes.get(node.index());
        if (disk != null && !isDurable(artifact, disk)) {
            throw new Broken(
                    "DURABILITY: "
                            + artifact.getClass().getSimpleName()
                            + " leaves "
                            + node
                            + " before the journal is synced");
        }
        switch (artifact) {
            case NotarizationShare share -> {
                if (share.signer().equals(node.id())) {
                    supports(node, own, share, disk);
                }
            }
            case FinalizationShare share -> {
                if (share.signer().equals(node.id())) {
                    finalizes(node, own, share, disk);
                }
            }
            case CertificationShare share -> {
                Digest root = roots.get((int) share.height().value());
                if (!share.root().equals(root)) {
                    throw new Broken("ROOTS: " + node + " certifies another root");
                }
                if (disk != null
                        && !hasOwn(disk, share.height().value(), share)
                        && !isCertifiedOnDisk(disk, share.height().value())) {
                    throw new Broken(
                            "DURABILITY: a certification share of "
                                    + node
                                    + " leaves before the journal write");
                }
            }
            case BlockProposal proposal -> proposes(node, own, proposal, disk);
            case Artifact.EquivocationProof _,
                    Artifact.Notarization _,
                    Artifact.Finalization _,
                    Artifact.BeaconShare _,
                    Artifact.Beacon _,
                    Artifact.TapeShare _,
                    Artifact.Tape _,
                    Certification _,
                    Artifact.Status _,
                    Artifact.FetchChain _,
                    Artifact.FetchBlock _ -> {}
        }
    }

    /// Whether a crash leaves what the node must not forget once this was sent.
    private static boolean isDurable(Artifact artifact, SimDisk disk) {
        return switch (artifact) {
            case BlockProposal _, NotarizationShare _, FinalizationShare _, CertificationShare _ ->
                    !disk.hasUnsynced();
            case Artifact.Status status ->
                    isDurable(disk, JournalKeys.BEACON, status.beacon().value())
                            && (isDurable(
                                            disk,
                                            JournalKeys.CERTIFICATION,
                                            status.certified().value())
                                    || status.certified().value() <= certifiedByTip(disk));
            default -> true;
        };
    }

    /// The last final block names a certified height.
    private static long certifiedByTip(SimDisk disk) {
        Blob tip = disk.durable(JournalKeys.of(JournalKeys.META, 0));
        return tip == null ? 0 : ByteBuffer.wrap(tip.shared()).getLong(Long.BYTES + Digest.LENGTH);
    }

    private static boolean isDurable(SimDisk disk, int group, long height) {
        return height == 0 || disk.durable(JournalKeys.of(group, height)) != null;
    }

    private static void proposes(
            SimNode node, Votes own, BlockProposal proposal, @Nullable SimDisk disk) {
        if (!proposal.block().maker().equals(node.id())) {
            return;
        }
        long height = proposal.height().value();
        Digest before = own.proposed.putIfAbsent(height, proposal.hash());
        if (before != null && !before.equals(proposal.hash())) {
            throw new Broken("VOTES: " + node + " proposes two blocks of height " + height);
        }
        if (disk != null && !isFinalOnDisk(disk, height) && !holds(disk, height, proposal.hash())) {
            throw new Broken(
                    "BODIES: a proposal leaves that is not in the journal with its bodies");
        }
    }

    private static void supports(
            SimNode node, Votes own, NotarizationShare share, @Nullable SimDisk disk) {
        long height = share.height().value();
        Digest hash = share.block().hash();
        Digest finalizedHash = own.finalized.get(height);
        if (finalizedHash != null && !finalizedHash.equals(hash)) {
            throw new Broken("VOTES: " + node + " supports a block beside its final one " + height);
        }
        boolean first = own.supported.computeIfAbsent(height, _ -> new TreeSet<>()).add(hash);
        if (!first) {
            return;
        }
        if (!own.finalized.isEmpty() && own.finalized.lastKey() >= height) {
            throw new Broken("VOTES: " + node + " supports below its finalization share");
        }
        if (disk == null || isFinalOnDisk(disk, height)) {
            return;
        }
        BlockProposal stored = stored(disk, height, hash);
        if (stored == null || stored.bodies().size() != stored.block().payload().ingress().size()) {
            throw new Broken("BODIES: " + node + " supports a block that it does not hold durably");
        }
        if (!isNotarizedOnDisk(disk, height - 1, stored.block().parent())) {
            throw new Broken("PARENT: " + node + " supports a block on one not notarized");
        }
        if (!hasOwn(disk, height, share)) {
            throw new Broken("DURABILITY: a vote of " + node + " leaves before the journal write");
        }
    }

    private static void finalizes(
            SimNode node, Votes own, FinalizationShare share, @Nullable SimDisk disk) {
        long height = share.height().value();
        Digest hash = share.block().hash();
        Digest before = own.finalized.putIfAbsent(height, hash);
        if (before != null && !before.equals(hash)) {
            throw new Broken("VOTES: " + node + " finalizes two blocks of height " + height);
        }
        for (Digest other : own.supported.getOrDefault(height, new TreeSet<>())) {
            if (!other.equals(hash)) {
                throw new Broken(
                        "VOTES: "
                                + node
                                + " finalizes "
                                + height
                                + " though it supported another block");
            }
        }
        if (before == null
                && disk != null
                && !isFinalOnDisk(disk, height)
                && !hasOwn(disk, height, share)) {
            throw new Broken("DURABILITY: a vote of " + node + " leaves before the journal write");
        }
    }

    /// Another block of that height became final in the same turn: the vote is history.
    private static boolean isFinalOnDisk(SimDisk disk, long height) {
        return height(disk.get(JournalKeys.of(JournalKeys.META, 0))) >= height;
    }

    /// The height of the last final block by its record.
    private static long height(@Nullable Blob tip) {
        return tip == null ? 0 : ByteBuffer.wrap(tip.shared()).getLong();
    }

    private static boolean hasOwn(SimDisk disk, long height, Artifact vote) {
        return disk.range(
                        JournalKeys.of(JournalKeys.OWN, height),
                        JournalKeys.of(JournalKeys.OWN, height + 1))
                .containsValue(ArtifactCodec.encode(vote));
    }

    /// Below a certification in the journal own shares are purged.
    private static boolean isCertifiedOnDisk(SimDisk disk, long height) {
        return !disk.range(
                        JournalKeys.of(JournalKeys.CERTIFICATION, height),
                        JournalKeys.end(JournalKeys.CERTIFICATION))
                .isEmpty();
    }

    private static boolean holds(SimDisk disk, long height, Digest hash) {
        return stored(disk, height, hash) != null;
    }

    private static @Nullable BlockProposal stored(SimDisk disk, long height, Digest hash) {
        var value = disk.get(JournalKeys.proposal(height, hash));
        try {
            return value != null && ArtifactCodec.decode(value) instanceof BlockProposal proposal
                    ? proposal
                    : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    /// A parent at or below the last final block needs no notarization of its own on disk.
    private static boolean isNotarizedOnDisk(SimDisk disk, long height, Digest hash) {
        if (height == 0) {
            return true;
        }
        for (var value :
                disk.range(
                                JournalKeys.of(JournalKeys.CHAIN, height),
                                JournalKeys.of(JournalKeys.CHAIN, height + 1))
                        .values()) {
            try {
                if (ArtifactCodec.decode(value) instanceof Artifact.Notarization notarization
                        && notarization.block().hash().equals(hash)) {
                    return true;
                }
            } catch (MalformedException e) {
                return false;
            }
        }
        return false;
    }
}
