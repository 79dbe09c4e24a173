package icj.consensus.pool;

import icj.consensus.membership.Ranking;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.BlockRef;
import icj.types.artifact.Payload;
import icj.wire.ArtifactCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// What one node holds of the chain: the open heights in memory, all of it in the journal.
///
/// Whatever must outlive a crash is written here and nowhere else: each method that changes durable
/// facts also notes the journal change, and [#drainChanges] hands them to the step's one
/// [icj.consensus.Effect.Persist]. In memory stand the heights from the lower of the executed
/// height and the certified height in the last final block, upwards.
///
/// The notarized blocks form a tree whose root is the last final block: a block counts as notarized
/// only when its parent does.
public final class Pool {
    /// What a final block weighs in the journal besides its proposal: signatures, beacon and the
    /// like.
    private static final int OVERHEAD_BYTES = 1024;

    /// The distance of the marks from which the bytes of part of the chain are known.
    private static final long MARK_HEIGHTS = 1024;

    private final TreeMap<Long, HeightState> heights = new TreeMap<>();
    private final List<PoolChange> changes = new ArrayList<>();
    private final List<BlockEntry> freshlyFinal = new ArrayList<>();
    private final TreeMap<Long, Long> marks = new TreeMap<>();
    private BlockEntry finalTip;
    private long notarized;
    private long beacon;
    private long ownFinalization;
    private long executed;
    private long certified;
    private long certificationTop;
    private long ownCertificationTop;
    private long lowest = 1;
    private long chainBytes;
    private int blockCount;
    private boolean voted;
    private boolean urgent;

    /// A pool that holds only genesis: final, notarized, with its beacon.
    public Pool(BlockProposal genesis, Beacon genesisBeacon) {
        HeightState zero = at(0);
        BlockEntry entry = new BlockEntry(genesis, 0, Long.MIN_VALUE, BlockEntry.State.VALID);
        entry.markStored();
        entry.markNotarized();
        zero.put(entry);
        zero.put(genesisBeacon);
        zero.finalBlock(entry);
        finalTip = entry;
        blockCount = 1;
    }

    /// The state of a height, made when it is not there.
    public HeightState at(long height) {
        HeightState state = heights.get(height);
        if (state == null) {
            state = new HeightState(height);
            heights.put(height, state);
        }
        return state;
    }

    /// The state of a height, or null.
    public @Nullable HeightState get(long height) {
        return heights.get(height);
    }

    /// The heights in memory from this one on, lowest first.
    public Collection<HeightState> from(long height) {
        return heights.tailMap(height, true).values();
    }

    /// The highest height of which anything is known.
    public long top() {
        return heights.isEmpty() ? 0 : heights.lastKey();
    }

    /// The highest final block.
    public BlockEntry finalTip() {
        return finalTip;
    }

    /// Its height.
    public long finalized() {
        return finalTip.height();
    }

    /// The highest notarized height.
    public long notarized() {
        return notarized;
    }

    /// The highest beacon.
    public long beacon() {
        return beacon;
    }

    /// The height of the highest finalization share that this node signed.
    public long ownFinalization() {
        return ownFinalization;
    }

    /// The height being decided: R-C4.
    public long round() {
        return 1 + Math.max(notarized, ownFinalization);
    }

    /// The highest executed height.
    public long executed() {
        return executed;
    }

    /// The highest height that is executed here and certified.
    public long certified() {
        return certified;
    }

    /// The highest certification, executed or not.
    public long certificationTop() {
        return certificationTop;
    }

    /// The highest height whose root this node signed.
    public long ownCertificationTop() {
        return ownCertificationTop;
    }

    /// The lowest height whose block the journal holds.
    public long lowest() {
        return lowest;
    }

    /// About how many bytes the chain takes in the journal.
    public long journalBytes() {
        var below = marks.floorEntry(lowest);
        return chainBytes - (below == null ? 0 : below.getValue());
    }

    /// Whether this journal knows of a vote of this node. If not, the node is new, or its disk was
    /// lost.
    public boolean hasVoted() {
        return voted;
    }

    /// Heights in memory.
    public int heightCount() {
        return heights.size();
    }

    /// Blocks in memory.
    public int blockCount() {
        return blockCount;
    }

    /// Shares in memory.
    public int shareCount() {
        int count = 0;
        for (HeightState state : heights.values()) {
            count += state.shareCount();
        }
        return count;
    }

    /// The journal changes since the last call.
    public List<PoolChange> drainChanges() {
        List<PoolChange> drained = List.copyOf(changes);
        changes.clear();
        return drained;
    }

    /// Whether one of the changes since the last call must be durable before anything rests on it.
    /// Those that need not be are beacons, certifications of what this node signed itself, and what
    /// is forgotten: a beacon is unique and a certification can be made anew, by the same shares.
    public boolean drainUrgency() {
        boolean drained = urgent;
        urgent = false;
        return drained;
    }

    /// The blocks that became final since the last call, lowest first.
    public List<BlockEntry> drainFinal() {
        List<BlockEntry> drained = List.copyOf(freshlyFinal);
        freshlyFinal.clear();
        return drained;
    }

    /// The parent of a block, if it is in memory.
    public @Nullable BlockEntry parent(BlockEntry entry) {
        HeightState below = get(entry.height() - 1);
        return below == null ? null : below.block(entry.block().parent());
    }

    /// The payloads of a block and its ancestors above a height, highest first.
    public List<Payload> payloadsAbove(BlockEntry tip, long height) {
        List<Payload> payloads = new ArrayList<>();
        BlockEntry entry = tip;
        while (entry.height() > height) {
            if (!entry.block().payload().isEmpty()) {
                payloads.add(entry.block().payload());
            }
            if (entry.height() == height + 1) {
                break;
            }
            BlockEntry parent = parent(entry);
            if (parent == null) {
                throw new Invariant.Violation(
                        "The chain above the certified height " + height + " is in memory");
            }
            entry = parent;
        }
        return payloads;
    }

    /// The ranking of a height: known once the beacon below is.
    public @Nullable Ranking ranking(long height) {
        HeightState state = get(height);
        return state == null ? null : state.ranking();
    }

    /// Sets the ranking of a height.
    public void ranking(long height, Ranking ranking) {
        at(height).ranking(ranking);
    }

    // What arrives or is made, in memory.

    /// Holds a proposal whose signature and bodies are right.
    public BlockEntry receive(BlockProposal proposal, long monotonicNanos) {
        return hold(proposal, monotonicNanos, BlockEntry.State.RECEIVED);
    }

    private BlockEntry hold(BlockProposal proposal, long nanos, BlockEntry.State state) {
        int bytes = OVERHEAD_BYTES;
        for (var body : proposal.bodies()) {
            bytes += body.envelope().length() + 2 * Digest.LENGTH;
        }
        BlockEntry entry = new BlockEntry(proposal, bytes, nanos, state);
        at(entry.height()).put(entry);
        blockCount++;
        return entry;
    }

    /// Takes a verified notarization. It counts when its block is here and the parent is notarized.
    public void add(Notarization notarization) {
        at(notarization.height().value()).put(notarization);
    }

    /// Takes a verified finalization. It counts when its block is notarized here.
    public void add(Finalization finalization) {
        at(finalization.height().value()).put(finalization);
    }

    // What is durable: each writes to the journal.

    /// Takes a verified beacon, the one above the highest.
    public void add(Beacon next) {
        Invariant.check(
                next.height().value() == beacon + 1,
                "Beacons come in order, not %s",
                next.height());
        beacon = next.height().value();
        at(beacon).put(next);
        note(JournalKeys.of(JournalKeys.BEACON, beacon), next);
    }

    /// Takes a verified tape.
    public void add(Tape tape) {
        long height = tape.height().value();
        at(height).put(tape);
        put(JournalKeys.of(JournalKeys.TAPE, height), tape);
    }

    /// Takes a verified certification.
    public void add(Certification certification) {
        long height = certification.height().value();
        at(height).put(certification);
        certificationTop = Math.max(certificationTop, height);
        note(JournalKeys.of(JournalKeys.CERTIFICATION, height), certification);
        // R-C4: a restart must reach what was answered from; the own share says so as well.
        urgent |= at(height).ownCertificationShare() == null;
    }

    /// Holds a block that this node makes. R-C2: block and bodies are in the journal before it
    /// leaves.
    public BlockEntry propose(BlockProposal proposal, long monotonicNanos) {
        noteVote();
        HeightState state = at(proposal.height().value());
        Invariant.check(
                state.ownProposal() == null, "One proposal a height, %s", proposal.height());
        BlockEntry entry = hold(proposal, monotonicNanos, BlockEntry.State.VALID);
        state.own(proposal);
        store(entry);
        return entry;
    }

    /// Notes a notarization share that this node signed. R-C2: block and bodies go into the same
    /// write.
    public void vote(BlockEntry entry, NotarizationShare share) {
        noteVote();
        store(entry);
        HeightState state = at(entry.height());
        state.ownNotarizationShares().put(entry.hash(), share);
        state.offerNotarizationShare(share, Integer.MAX_VALUE);
        put(own(entry.ref(), JournalKeys.OWN_NOTARIZATION), share);
    }

    /// Notes a finalization share that this node signed.
    public void vote(FinalizationShare share) {
        noteVote();
        long height = share.height().value();
        HeightState state = at(height);
        state.own(share);
        state.offerFinalizationShare(share);
        ownFinalization = Math.max(ownFinalization, height);
        put(own(share.block(), JournalKeys.OWN_FINALIZATION), share);
    }

    /// Notes a certification share that this node signed.
    public void vote(CertificationShare share) {
        at(share.height().value()).own(share);
        ownCertificationTop = Math.max(ownCertificationTop, share.height().value());
        put(
                JournalKeys.of(
                        JournalKeys.OWN,
                        share.height().value(),
                        JournalKeys.OWN_CERTIFICATION,
                        Digest.ZERO),
                share);
    }

    private void noteVote() {
        if (!voted) {
            voted = true;
            changes.add(
                    new PoolChange.Put(
                            JournalKeys.of(JournalKeys.VOTED, 0), PoolReader.flag(true)));
        }
    }

    private static Blob own(BlockRef block, int kind) {
        return JournalKeys.of(JournalKeys.OWN, block.height().value(), kind, block.hash());
    }

    private void store(BlockEntry entry) {
        if (!entry.stored()) {
            entry.markStored();
            put(JournalKeys.proposal(entry.height(), entry.hash()), entry.proposal());
        }
    }

    private void put(Blob key, Artifact value) {
        note(key, value);
        urgent = true;
    }

    private void note(Blob key, Artifact value) {
        changes.add(new PoolChange.Put(key, ArtifactCodec.encode(value)));
    }

    // The tree of notarized blocks.

    /// Lets notarizations count whose block and parent are here now, then finalizations, and
    /// returns whether anything did.
    public boolean settle() {
        boolean changed = false;
        for (long height = finalized() + 1; ; height++) {
            HeightState state = get(height);
            if (state == null) {
                break;
            }
            changed |= settle(state);
            if (height > notarized) {
                break;
            }
        }
        return settleFinal() || changed;
    }

    private boolean settle(HeightState state) {
        boolean changed = false;
        for (Notarization notarization : state.notarizations().values()) {
            BlockEntry entry = state.block(notarization.block().hash());
            if (entry == null || entry.notarized()) {
                continue;
            }
            BlockEntry parent = parent(entry);
            if (parent == null || !parent.notarized()) {
                continue;
            }
            entry.markNotarized();
            store(entry);
            put(
                    JournalKeys.of(
                            JournalKeys.CHAIN,
                            entry.height(),
                            JournalKeys.NOTARIZATION,
                            entry.hash()),
                    notarization);
            notarized = Math.max(notarized, entry.height());
            changed = true;
        }
        return changed;
    }

    private boolean settleFinal() {
        for (long height = Math.min(top(), notarized); height > finalized(); height--) {
            HeightState state = get(height);
            Finalization finalization = state == null ? null : state.finalization();
            if (state == null || finalization == null) {
                continue;
            }
            BlockEntry entry = state.block(finalization.block().hash());
            if (entry != null && entry.notarized()) {
                finalizeUpTo(entry, finalization);
                return true;
            }
        }
        return false;
    }

    /// One finalization commits the whole prefix.
    private void finalizeUpTo(BlockEntry tip, Finalization finalization) {
        List<BlockEntry> chain = new ArrayList<>();
        BlockEntry entry = tip;
        while (entry != null && entry.height() > finalized()) {
            chain.add(entry);
            entry = parent(entry);
        }
        Invariant.check(
                entry != null && entry.hash().equals(finalTip.hash()),
                "A notarized block descends from the last final one, %s does not",
                tip.ref());
        put(
                JournalKeys.of(
                        JournalKeys.CHAIN, tip.height(), JournalKeys.FINALIZATION, tip.hash()),
                finalization);
        for (int i = chain.size() - 1; i >= 0; i--) {
            BlockEntry fresh = chain.get(i);
            HeightState state = at(fresh.height());
            dropSiblings(state, fresh);
            state.finalBlock(fresh);
            chainBytes += fresh.bytes();
            if (fresh.height() % MARK_HEIGHTS == 0) {
                marks.put(fresh.height(), chainBytes);
                changes.add(
                        new PoolChange.Put(
                                JournalKeys.of(JournalKeys.META, fresh.height()),
                                PoolReader.mark(chainBytes)));
            }
            freshlyFinal.add(fresh);
        }
        finalTip = tip;
        putTip();
        trim();
    }

    private void dropSiblings(HeightState state, BlockEntry kept) {
        for (BlockEntry other : List.copyOf(state.blocks())) {
            if (!other.hash().equals(kept.hash())) {
                state.removeBlock(other.hash());
                blockCount--;
                if (other.stored()) {
                    changes.add(
                            new PoolChange.Delete(
                                    JournalKeys.proposal(other.height(), other.hash())));
                }
            }
        }
        for (Digest hash : List.copyOf(state.notarizations().keySet())) {
            if (!hash.equals(kept.hash())) {
                state.removeNotarization(hash);
                changes.add(
                        new PoolChange.Delete(
                                JournalKeys.of(
                                        JournalKeys.CHAIN,
                                        state.height(),
                                        JournalKeys.NOTARIZATION,
                                        hash)));
            }
        }
    }

    private void putTip() {
        changes.add(
                new PoolChange.Put(
                        JournalKeys.of(JournalKeys.META, 0),
                        PoolReader.tip(
                                finalTip.ref(),
                                finalTip.block().context().certified(),
                                lowest,
                                chainBytes,
                                beacon)));
    }

    // Execution and forgetting.

    /// Notes what execution reported. Whether a state draws a tape is journaled: after a restart
    /// this node must judge blocks on older states as those do that voted for them before.
    public void executed(long height, HeightState.Executed result) {
        HeightState state = at(height);
        state.executed(result);
        if (state.needsTape() == null && height > 0) {
            changes.add(
                    new PoolChange.Put(
                            JournalKeys.of(JournalKeys.DRAWS, height),
                            PoolReader.flag(result.needsTape())));
        }
        state.needsTape(result.needsTape());
        executed(height);
    }

    /// Notes the executed height.
    public void executed(long height) {
        executed = height;
        trim();
    }

    /// Raises the certified height to the highest certification at or below the executed height;
    /// returns the certification when it rose.
    public @Nullable Certification raiseCertified() {
        for (long height = Math.min(executed, certificationTop); height > certified; height--) {
            HeightState state = get(height);
            Certification certification = state == null ? null : state.certification();
            if (certification != null && state != null && state.executed() != null) {
                certified = height;
                for (HeightState below : heights.headMap(height, true).values()) {
                    below.certificationShares().clear();
                }
                return certification;
            }
        }
        return null;
    }

    private void trim() {
        long keep =
                Math.min(
                        Math.min(finalized(), beacon),
                        Math.min(executed, finalTip.block().context().certified().value()));
        while (!heights.isEmpty() && heights.firstKey() < keep) {
            var gone = heights.pollFirstEntry();
            blockCount -= gone.getValue().blocks().size();
        }
    }

    /// The lowest height such that the chain from it on takes at most so many bytes, about.
    public long lowestWithin(long bytes) {
        for (var mark : marks.entrySet()) {
            if (chainBytes - mark.getValue() <= bytes) {
                return journalBytes() <= bytes ? lowest : Math.max(lowest, mark.getKey());
            }
        }
        return lowest;
    }

    /// Removes all below a height from the journal (R-C15), and own votes that can't matter any
    /// more: those at or below both the final and the certified height.
    public void purgeBelow(long height) {
        for (int group :
                List.of(
                        JournalKeys.CHAIN,
                        JournalKeys.BEACON,
                        JournalKeys.TAPE,
                        JournalKeys.CERTIFICATION,
                        JournalKeys.DRAWS)) {
            changes.add(
                    new PoolChange.DeleteRange(
                            JournalKeys.of(group, 0), JournalKeys.of(group, height)));
        }
        changes.add(
                new PoolChange.DeleteRange(
                        JournalKeys.of(JournalKeys.OWN, 0),
                        JournalKeys.of(JournalKeys.OWN, Math.min(finalized(), certified) + 1)));
        lowest = height;
        Long below = marks.floorKey(height);
        if (below != null) {
            for (long mark : List.copyOf(marks.headMap(below, false).keySet())) {
                marks.remove(mark);
                changes.add(new PoolChange.Delete(JournalKeys.of(JournalKeys.META, mark)));
            }
        }
        putTip();
    }

    // Restoring, called by PoolReader only.

    void restoreTip(BlockEntry tip, long lowestHeight, long bytes) {
        finalTip = tip;
        certified = Math.min(executed, tip.block().context().certified().value());
        notarized = tip.height();
        lowest = lowestHeight;
        chainBytes = bytes;
    }

    void restoreVoted() {
        voted = true;
    }

    void restoreMark(long height, long bytes) {
        marks.put(height, bytes);
    }

    BlockEntry restoreBlock(BlockProposal proposal) {
        BlockEntry entry = hold(proposal, Long.MIN_VALUE, BlockEntry.State.VALID);
        entry.markStored();
        return entry;
    }

    void restoreDraws(long height, boolean needsTape) {
        at(height).needsTape(needsTape);
    }

    void restoreBeacon(Beacon value) {
        if (beacon > 0 && value.height().value() > beacon + 1) {
            // The one below was lost, as it may be (docs/adr/0005): without it this one is nothing.
            return;
        }
        at(value.height().value()).put(value);
        beacon = Math.max(beacon, value.height().value());
    }

    void restoreTape(Tape value) {
        at(value.height().value()).put(value);
    }

    void restoreCertification(Certification value) {
        at(value.height().value()).put(value);
        certificationTop = Math.max(certificationTop, value.height().value());
    }

    void restoreOwnProposal(BlockProposal proposal) {
        at(proposal.height().value()).own(proposal);
    }

    void restoreVote(NotarizationShare share) {
        HeightState state = at(share.height().value());
        state.ownNotarizationShares().put(share.block().hash(), share);
        state.offerNotarizationShare(share, Integer.MAX_VALUE);
    }

    void restoreVote(FinalizationShare share) {
        HeightState state = at(share.height().value());
        state.own(share);
        state.offerFinalizationShare(share);
        ownFinalization = Math.max(ownFinalization, share.height().value());
    }

    void restoreVote(CertificationShare share) {
        at(share.height().value()).own(share);
        ownCertificationTop = Math.max(ownCertificationTop, share.height().value());
    }

    /// Lets the restored notarizations and finalizations count; what they would write is written
    /// already, or is written again.
    void settleRestored() {
        boolean again = settle();
        while (again) {
            again = settle();
        }
    }
}
