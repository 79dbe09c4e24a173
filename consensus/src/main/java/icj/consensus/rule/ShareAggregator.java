package icj.consensus.rule;

import icj.consensus.Refusal;
import icj.consensus.SubnetCrypto.ThresholdKey;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.Finalization;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Combines shares (R-C8). Threshold shares are combined unverified and the result is verified
/// once; only when that fails is each share verified and its signer blamed, whose shares are from
/// then on verified singly and used last. Lists are verified entry by entry (R-C9). What is
/// combined is sent on by f + 1 members ([icj.consensus.membership.Committee#announces]).
public final class ShareAggregator {
    private final Core core;
    private final TreeMap<NodeId, Long> blamedUntil = new TreeMap<>();
    private long beaconHeight = -1;
    private long beaconNanos = Long.MAX_VALUE;
    private boolean belowIsCertified;

    /// The aggregator of a core.
    public ShareAggregator(Core core) {
        this.core = core;
    }

    /// Combines whatever is complete. Returns whether the pool changed.
    public boolean run(Turn turn) {
        boolean changed = beacon(turn);
        Pool pool = core.pool();
        for (long height = pool.finalized() + 1; height <= pool.notarized() + 1; height++) {
            HeightState state = pool.get(height);
            if (state != null) {
                changed |= notarization(turn, state);
                changed |= finalization(turn, state);
            }
        }
        for (long height = pool.executed() + 1; height <= pool.finalized(); height++) {
            HeightState state = pool.get(height);
            if (state != null && state.tape() == null && !state.tapeShares().isEmpty()) {
                changed |= tape(turn, state);
            }
        }
        for (long height = pool.certified() + 1; height <= pool.executed(); height++) {
            HeightState state = pool.get(height);
            if (state != null && state.certification() == null) {
                changed |= certification(turn, state);
            }
        }
        return changed;
    }

    private void announce(Turn turn, long height, Artifact combined) {
        if (core.committee().announces(height)) {
            turn.broadcast(combined);
        }
    }

    private boolean notarization(Turn turn, HeightState state) {
        int quorum = core.committee().quorum().notary();
        boolean changed = false;
        for (Map.Entry<Digest, SortedMap<NodeId, Blob>> shares :
                state.notarizationShares().entrySet()) {
            if (shares.getValue().size() < quorum
                    || state.notarizations().containsKey(shares.getKey())
                    || !hasNotarizedParent(state, shares.getKey())) {
                continue;
            }
            BlockRef ref = new BlockRef(new Height(state.height()), shares.getKey());
            List<IndexedSignature> list =
                    list(core.signed().notarization(ref), shares.getValue(), quorum);
            if (list != null) {
                Notarization notarization = new Notarization(ref, list);
                core.pool().add(notarization);
                announce(turn, state.height(), notarization);
                changed = true;
            }
        }
        return changed;
    }

    private boolean hasNotarizedParent(HeightState state, Digest hash) {
        BlockEntry entry = state.block(hash);
        BlockEntry parent = entry == null ? null : core.pool().parent(entry);
        return parent != null && parent.notarized();
    }

    private boolean finalization(Turn turn, HeightState state) {
        int quorum = core.committee().quorum().notary();
        if (state.finalization() != null) {
            return false;
        }
        for (Map.Entry<Digest, SortedMap<NodeId, Blob>> shares :
                state.finalizationShares().entrySet()) {
            BlockEntry entry = state.block(shares.getKey());
            if (shares.getValue().size() < quorum || entry == null || !entry.notarized()) {
                continue;
            }
            List<IndexedSignature> list =
                    list(core.signed().finalization(entry.ref()), shares.getValue(), quorum);
            if (list != null) {
                Finalization finalization = new Finalization(entry.ref(), list);
                core.pool().add(finalization);
                announce(turn, state.height(), finalization);
                return true;
            }
        }
        return false;
    }

    /// The first q valid signatures in the order of the members, or null; invalid ones are thrown
    /// out.
    private @Nullable List<IndexedSignature> list(
            Blob message, SortedMap<NodeId, Blob> shares, int quorum) {
        List<IndexedSignature> list = new ArrayList<>(quorum);
        Iterator<Map.Entry<NodeId, Blob>> each = shares.entrySet().iterator();
        while (each.hasNext() && list.size() < quorum) {
            Map.Entry<NodeId, Blob> share = each.next();
            NodeId signer = share.getKey();
            if (signer.equals(core.committee().self())
                    || core.crypto().verify(signer, message, share.getValue())) {
                list.add(new IndexedSignature(core.committee().place(signer), share.getValue()));
            } else {
                core.refuse(Refusal.BAD_SIGNATURE);
                each.remove();
            }
        }
        return list.size() == quorum ? list : null;
    }

    private boolean beacon(Turn turn) {
        Pool pool = core.pool();
        HeightState below = pool.get(pool.beacon());
        HeightState state = pool.get(pool.beacon() + 1);
        Beacon held = below == null ? null : below.beacon();
        if (state == null
                || held == null
                || state.beaconShares().size() < core.committee().quorum().low()
                || !isBeaconDue(turn, state.height())) {
            return false;
        }
        Blob signature =
                combine(ThresholdKey.LOW, core.signed().beacon(held), state.beaconShares());
        if (signature == null) {
            return false;
        }
        Beacon beacon = new Beacon(new Height(state.height()), signature);
        pool.add(beacon);
        announce(turn, state.height(), beacon);
        return true;
    }

    /// Beacons are made ahead: that of a height is needed when its block is notarized, and its
    /// shares come with the finalization shares of the block below, which clients wait for. So it
    /// is combined when the round waits for it, else soon after that block is certified.
    private boolean isBeaconDue(Turn turn, long height) {
        if (height != beaconHeight) {
            beaconHeight = height;
            beaconNanos = turn.nanos() + core.limits().delayNanos() / 4;
            belowIsCertified = false;
        }
        Pool pool = core.pool();
        if (!belowIsCertified && pool.certified() >= height - 1) {
            belowIsCertified = true;
            beaconNanos = Math.min(beaconNanos, turn.nanos() + core.limits().delayNanos() / 64);
        }
        return height < pool.round() || turn.reached(beaconNanos);
    }

    private boolean tape(Turn turn, HeightState state) {
        BlockEntry block = state.finalBlock();
        if (block == null || !block.block().context().drawsTape()) {
            return false;
        }
        Blob signature =
                combine(ThresholdKey.LOW, core.signed().tape(state.height()), state.tapeShares());
        if (signature == null) {
            return false;
        }
        Tape tape = new Tape(new Height(state.height()), signature);
        core.pool().add(tape);
        announce(turn, state.height(), tape);
        return true;
    }

    private boolean certification(Turn turn, HeightState state) {
        int quorum = core.committee().quorum().notary();
        if (state.certificationShares().size() < quorum) {
            return false;
        }
        SortedMap<Digest, SortedMap<NodeId, Blob>> byRoot = new TreeMap<>();
        for (CertificationShare share : state.certificationShares().values()) {
            byRoot.computeIfAbsent(share.root(), _ -> new TreeMap<>())
                    .put(share.signer(), share.signature());
        }
        for (Map.Entry<Digest, SortedMap<NodeId, Blob>> shares : byRoot.entrySet()) {
            Digest root = shares.getKey();
            Blob signature =
                    combine(ThresholdKey.HIGH, SignedBytes.certification(root), shares.getValue());
            state.certificationShares()
                    .values()
                    .removeIf(share ->
                            share.root().equals(root)
                                    && !shares.getValue().containsKey(share.signer()));
            if (signature != null) {
                Blob witness = witness(state, root);
                Certification certification =
                        new Certification(new Height(state.height()), root, witness, signature);
                core.pool().add(certification);
                announce(turn, state.height(), certification);
                return true;
            }
        }
        return false;
    }

    private static Blob witness(HeightState state, Digest root) {
        for (CertificationShare share : state.certificationShares().values()) {
            if (share.root().equals(root)) {
                return share.witness();
            }
        }
        throw new IllegalStateException("A combined root has a share");
    }

    private @Nullable Blob combine(ThresholdKey key, Blob message, SortedMap<NodeId, Blob> shares) {
        int threshold =
                key == ThresholdKey.LOW
                        ? core.committee().quorum().low()
                        : core.committee().quorum().notary();
        while (shares.size() >= threshold) {
            SortedMap<NodeId, Blob> chosen = choose(key, message, shares, threshold);
            if (chosen.size() < threshold) {
                return null;
            }
            Blob signature = core.crypto().combine(key, chosen);
            if (signature != null && core.crypto().verifyCombined(key, message, signature)) {
                return signature;
            }
            if (!throwOutBad(key, message, chosen, shares)) {
                throw new IllegalStateException("Valid shares combine to a valid signature");
            }
        }
        return null;
    }

    /// The unblamed first, then the blamed whose share is valid.
    private SortedMap<NodeId, Blob> choose(
            ThresholdKey key, Blob message, SortedMap<NodeId, Blob> shares, int threshold) {
        SortedMap<NodeId, Blob> chosen = new TreeMap<>();
        for (Map.Entry<NodeId, Blob> share : shares.entrySet()) {
            if (chosen.size() < threshold && !isBlamed(share.getKey())) {
                chosen.put(share.getKey(), share.getValue());
            }
        }
        Iterator<Map.Entry<NodeId, Blob>> each = shares.entrySet().iterator();
        while (each.hasNext() && chosen.size() < threshold) {
            Map.Entry<NodeId, Blob> share = each.next();
            if (!chosen.containsKey(share.getKey())) {
                if (core.crypto().verifyShare(key, share.getKey(), message, share.getValue())) {
                    chosen.put(share.getKey(), share.getValue());
                } else {
                    blame(share.getKey());
                    each.remove();
                }
            }
        }
        return chosen;
    }

    private boolean throwOutBad(
            ThresholdKey key,
            Blob message,
            SortedMap<NodeId, Blob> chosen,
            SortedMap<NodeId, Blob> shares) {
        boolean found = false;
        for (Map.Entry<NodeId, Blob> share : chosen.entrySet()) {
            if (!core.crypto().verifyShare(key, share.getKey(), message, share.getValue())) {
                blame(share.getKey());
                shares.remove(share.getKey());
                found = true;
            }
        }
        return found;
    }

    private boolean isBlamed(NodeId signer) {
        Long until = blamedUntil.get(signer);
        return until != null && core.pool().finalized() < until;
    }

    private void blame(NodeId signer) {
        core.refuse(Refusal.BAD_SIGNATURE);
        blamedUntil.put(signer, core.pool().finalized() + core.limits().blameHeights());
    }
}
