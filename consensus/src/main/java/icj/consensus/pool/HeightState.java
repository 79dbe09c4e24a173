package icj.consensus.pool;

import icj.consensus.membership.Ranking;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.NodeId;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BeaconShare;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.EquivocationProof;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.Artifact.TapeShare;
import icj.types.message.NextWork;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything a node holds about one height. Combined artifacts in here are verified; shares of
/// others are not, they wait in slots: one a signer and kind, for notarization a few (R-C8).
public final class HeightState {
    private static final SortedMap<NodeId, Blob> NO_SHARES =
            Collections.unmodifiableSortedMap(new TreeMap<>());

    private final long height;
    private final Map<Digest, BlockEntry> blocks = new LinkedHashMap<>();
    private final SortedMap<NodeId, EquivocationProof> equivocations = new TreeMap<>();
    private final Map<Digest, Notarization> notarizations = new LinkedHashMap<>();
    private final Map<Digest, SortedMap<NodeId, Blob>> notarizationShares = new LinkedHashMap<>();
    private final SortedMap<NodeId, Integer> notarizationSlots = new TreeMap<>();
    private final Map<Digest, SortedMap<NodeId, Blob>> finalizationShares = new LinkedHashMap<>();
    private final TreeSet<NodeId> finalizationSlots = new TreeSet<>();
    private final SortedMap<NodeId, Blob> beaconShares = new TreeMap<>();
    private final SortedMap<NodeId, Blob> tapeShares = new TreeMap<>();
    private final SortedMap<NodeId, CertificationShare> certificationShares = new TreeMap<>();
    private final Map<Digest, NotarizationShare> ownNotarizationShares = new LinkedHashMap<>();
    private @Nullable FinalizationShare ownFinalizationShare;
    private @Nullable BeaconShare ownBeaconShare;
    private @Nullable TapeShare ownTapeShare;
    private @Nullable CertificationShare ownCertificationShare;
    private @Nullable BlockProposal ownProposal;
    private @Nullable Finalization finalization;
    private @Nullable Beacon beacon;
    private @Nullable Tape tape;
    private @Nullable Certification certification;
    private @Nullable BlockEntry finalBlock;
    private @Nullable Executed executed;
    private @Nullable Ranking ranking;
    private @Nullable Boolean needsTape;
    private long firstSeenNanos = Long.MAX_VALUE;

    /// What execution reported of a height.
    public record Executed(Digest root, Blob witness, NextWork next, boolean needsTape) {}

    HeightState(long height) {
        this.height = height;
    }

    /// The height.
    public long height() {
        return height;
    }

    /// All proposals, in the order in which they came.
    public Collection<BlockEntry> blocks() {
        return blocks.values();
    }

    /// The block of this hash, or null.
    public @Nullable BlockEntry block(Digest hash) {
        return blocks.get(hash);
    }

    void put(BlockEntry entry) {
        blocks.put(entry.hash(), entry);
    }

    void removeBlock(Digest hash) {
        blocks.remove(hash);
    }

    /// Whether the maker proposed two blocks of this height: none of them is supported any more.
    public boolean isDisqualified(NodeId maker) {
        return equivocations.containsKey(maker);
    }

    /// The proofs of this height, by maker.
    public SortedMap<NodeId, EquivocationProof> equivocations() {
        return equivocations;
    }

    /// Verified notarizations by block hash, also of blocks that are missing.
    public Map<Digest, Notarization> notarizations() {
        return notarizations;
    }

    void put(Notarization notarization) {
        notarizations.put(notarization.block().hash(), notarization);
    }

    void removeNotarization(Digest hash) {
        notarizations.remove(hash);
    }

    /// Notarization shares by block hash and signer.
    public Map<Digest, SortedMap<NodeId, Blob>> notarizationShares() {
        return notarizationShares;
    }

    /// Takes a share if the signer has a slot left; false when it has none or the share is known.
    public boolean offerNotarizationShare(NotarizationShare share, int slots) {
        Digest hash = share.block().hash();
        SortedMap<NodeId, Blob> shares = notarizationShares.get(hash);
        if (shares != null && shares.containsKey(share.signer())) {
            return false;
        }
        int used = notarizationSlots.getOrDefault(share.signer(), 0);
        if (used >= slots) {
            return false;
        }
        notarizationSlots.put(share.signer(), used + 1);
        notarizationShares
                .computeIfAbsent(hash, _ -> new TreeMap<>())
                .put(share.signer(), share.signature());
        return true;
    }

    /// Finalization shares by block hash and signer.
    public Map<Digest, SortedMap<NodeId, Blob>> finalizationShares() {
        return finalizationShares;
    }

    /// Takes the signer's share; false when it sent one already.
    public boolean offerFinalizationShare(FinalizationShare share) {
        if (!finalizationSlots.add(share.signer())) {
            return false;
        }
        finalizationShares
                .computeIfAbsent(share.block().hash(), _ -> new TreeMap<>())
                .put(share.signer(), share.signature());
        return true;
    }

    /// Beacon shares by signer.
    public SortedMap<NodeId, Blob> beaconShares() {
        return beaconShares;
    }

    /// Tape shares by signer.
    public SortedMap<NodeId, Blob> tapeShares() {
        return tapeShares;
    }

    /// Certification shares by signer.
    public SortedMap<NodeId, CertificationShare> certificationShares() {
        return certificationShares;
    }

    /// The notarization shares that this node signed, by block hash.
    public Map<Digest, NotarizationShare> ownNotarizationShares() {
        return ownNotarizationShares;
    }

    /// The finalization share that this node signed, or null.
    public @Nullable FinalizationShare ownFinalizationShare() {
        return ownFinalizationShare;
    }

    void own(FinalizationShare share) {
        ownFinalizationShare = share;
    }

    /// The beacon share that this node signed, or null.
    public @Nullable BeaconShare ownBeaconShare() {
        return ownBeaconShare;
    }

    /// Sets the beacon share that this node signed; it can't differ from an earlier one.
    public void own(BeaconShare share) {
        ownBeaconShare = share;
        beaconShares.put(share.signer(), share.signature());
    }

    /// The tape share that this node signed, or null.
    public @Nullable TapeShare ownTapeShare() {
        return ownTapeShare;
    }

    /// Sets the tape share that this node signed; it can't differ from an earlier one.
    public void own(TapeShare share) {
        ownTapeShare = share;
        tapeShares.put(share.signer(), share.signature());
    }

    /// The certification share that this node signed, or null.
    public @Nullable CertificationShare ownCertificationShare() {
        return ownCertificationShare;
    }

    void own(CertificationShare share) {
        ownCertificationShare = share;
        certificationShares.put(share.signer(), share);
    }

    /// The block that this node proposed, or null.
    public @Nullable BlockProposal ownProposal() {
        return ownProposal;
    }

    void own(BlockProposal proposal) {
        ownProposal = proposal;
    }

    /// The verified finalization, also of a block that is missing.
    public @Nullable Finalization finalization() {
        return finalization;
    }

    void put(Finalization value) {
        finalization = value;
    }

    /// The verified beacon.
    public @Nullable Beacon beacon() {
        return beacon;
    }

    void put(Beacon value) {
        beacon = value;
        beaconShares.clear();
    }

    /// The verified tape.
    public @Nullable Tape tape() {
        return tape;
    }

    void put(Tape value) {
        tape = value;
        tapeShares.clear();
    }

    /// The verified certification.
    public @Nullable Certification certification() {
        return certification;
    }

    void put(Certification value) {
        certification = value;
        certificationShares.clear();
    }

    /// The final block, also when only a block above it has a finalization.
    public @Nullable BlockEntry finalBlock() {
        return finalBlock;
    }

    void finalBlock(BlockEntry entry) {
        finalBlock = entry;
        notarizationShares.clear();
        finalizationShares.clear();
    }

    /// Whether the state after this height has requests for randomness pending, or null when
    /// unknown.
    public @Nullable Boolean needsTape() {
        return needsTape;
    }

    void needsTape(boolean value) {
        needsTape = value;
    }

    /// What execution reported, or null.
    public @Nullable Executed executed() {
        return executed;
    }

    void executed(Executed value) {
        executed = value;
    }

    /// The ranking of this height, once the beacon below is known.
    public @Nullable Ranking ranking() {
        return ranking;
    }

    void ranking(Ranking value) {
        ranking = value;
    }

    /// When the first proposal or notarization share of this height came, by the monotonic clock
    /// (R-C10).
    public long firstSeenNanos() {
        return firstSeenNanos;
    }

    /// Notes that a proposal or share of this height came.
    public void seen(long monotonicNanos) {
        firstSeenNanos = Math.min(firstSeenNanos, monotonicNanos);
    }

    int shareCount() {
        int count = beaconShares.size() + tapeShares.size() + certificationShares.size();
        for (SortedMap<NodeId, Blob> shares : notarizationShares.values()) {
            count += shares.size();
        }
        for (SortedMap<NodeId, Blob> shares : finalizationShares.values()) {
            count += shares.size();
        }
        return count;
    }

    /// The finalization shares for a block, empty when there are none.
    public SortedMap<NodeId, Blob> finalizationSharesFor(Digest hash) {
        SortedMap<NodeId, Blob> shares = finalizationShares.get(hash);
        return shares == null ? NO_SHARES : shares;
    }
}
