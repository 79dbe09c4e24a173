package icj.testing.simulation;

import icj.consensus.Effect;
import icj.consensus.Input;
import icj.consensus.SubnetCrypto;
import icj.consensus.pool.JournalKeys;
import icj.consensus.pool.JournalReader;
import icj.consensus.pool.PoolChange;
import icj.consensus.rule.SignedBytes;
import icj.types.Blob;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Status;
import icj.wire.ArtifactCodec;
import icj.wire.MalformedException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A planted bug, as a wrapper around a correct core or its journal: the driver and its checkers
/// must find each of them. One object a start of a node.
class Mutant {
    /// The bugs.
    enum Kind {
        /// No bug.
        NONE,
        /// Notarization and finalization with q - 1.
        QUORUM_ONE_TOO_LOW,
        /// Own votes on blocks are not read back after a restart.
        VOTE_FORGOTTEN_AT_RESTART,
        /// A finalization share although another block of the height was supported.
        FINALITY_AFTER_SECOND_SHARE,
        /// A notarization share for a block whose parent is not notarized.
        PARENT_NOT_NOTARIZED,
        /// Only votes and final blocks are written.
        POOL_NOT_PERSISTED,
        /// Blocks are written without their bodies.
        BODIES_NOT_PERSISTED,
        /// The ingress history is lost in a restart.
        INGRESS_FORGOTTEN_AT_RESTART,
        /// Certification shares leave before the journal write.
        CERTIFIED_BEFORE_WRITE,
        /// Peers' needs are ignored when the journal is purged.
        PURGED_BELOW_PEER,
        /// Nothing is synced.
        NOTHING_SYNCED,
        /// A node says what it holds before that is synced.
        STANDING_BEFORE_SYNC
    }

    private static final int CHAIN = 1;
    private static final int BEACON = 2;
    private static final int OWN = 5;
    private static final int META = 6;
    private static final int KIND_AT = 9;
    private static final int OWN_CERTIFICATION = 3;

    private final Kind kind;
    private final SubnetCrypto crypto;
    private final SignedBytes signed;
    private final NodeId self;
    private final TreeMap<Long, TreeSet<Blob>> supported = new TreeMap<>();
    private final TreeSet<Long> finalShares = new TreeSet<>();
    private final TreeSet<Blob> early = new TreeSet<>();
    private final TreeMap<Blob, Blob> held = new TreeMap<>();

    Mutant(Kind kind, SubnetCrypto crypto, SignedBytes signed, NodeId self) {
        this.kind = kind;
        this.crypto = crypto;
        this.signed = signed;
        this.self = self;
    }

    static Quorum quorum(Kind kind, int nodes) {
        Quorum right = Quorum.of(nodes);
        return kind == Kind.QUORUM_ONE_TOO_LOW
                ? new Quorum(nodes, right.faulty(), Math.max(1, right.notary() - 1), right.low())
                : right;
    }

    JournalReader journal(JournalReader disk) {
        if (kind != Kind.VOTE_FORGOTTEN_AT_RESTART) {
            return disk;
        }
        return (from, until, visitor) ->
                disk.scan(
                        from,
                        until,
                        (key, value) -> {
                            if (key.at(0) != OWN || key.at(KIND_AT) == OWN_CERTIFICATION) {
                                visitor.record(key, value);
                            }
                        });
    }

    /// What the core hears instead.
    Input input(Input input, long finalized) {
        if (kind == Kind.PURGED_BELOW_PEER
                && input
                        instanceof
                        Input.ArtifactArrived(NodeId from, Status(var n, var f, var b, _, var l))) {
            Height lie = new Height(finalized);
            return new Input.ArtifactArrived(from, new Status(n, f, b, lie, l));
        }
        return input;
    }

    /// What is done instead.
    List<Effect> effects(Input input, List<Effect> effects) {
        return switch (kind) {
            case FINALITY_AFTER_SECOND_SHARE -> finalizeAlways(effects);
            case PARENT_NOT_NOTARIZED -> supportEarly(input, effects);
            case POOL_NOT_PERSISTED -> edit(effects, this::holdBack);
            case BODIES_NOT_PERSISTED -> edit(effects, Mutant::stripBodies);
            case CERTIFIED_BEFORE_WRITE -> certifyFirst(effects);
            case NOTHING_SYNCED -> unsynced(effects, _ -> true);
            case STANDING_BEFORE_SYNC -> unsynced(effects, List::isEmpty);
            case NONE,
                    QUORUM_ONE_TOO_LOW,
                    VOTE_FORGOTTEN_AT_RESTART,
                    INGRESS_FORGOTTEN_AT_RESTART,
                    PURGED_BELOW_PEER ->
                    effects;
        };
    }

    private interface Edit {
        void change(PoolChange change, List<PoolChange> out);
    }

    private static List<Effect> edit(List<Effect> effects, Edit edit) {
        List<Effect> edited = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist(List<PoolChange> changes, boolean synced)) {
                List<PoolChange> kept = new ArrayList<>();
                for (PoolChange change : changes) {
                    edit.change(change, kept);
                }
                edited.add(new Effect.Persist(kept, synced));
            } else {
                edited.add(effect);
            }
        }
        return edited;
    }

    private static List<Effect> unsynced(
            List<Effect> effects, Predicate<List<PoolChange>> forgotten) {
        List<Effect> edited = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist(List<PoolChange> changes, boolean synced)) {
                edited.add(new Effect.Persist(changes, synced && !forgotten.test(changes)));
            } else {
                edited.add(effect);
            }
        }
        return edited;
    }

    /// Blocks, notarizations and beacons wait in memory until they are final.
    private void holdBack(PoolChange change, List<PoolChange> out) {
        if (!(change instanceof PoolChange.Put(Blob key, Blob value))) {
            out.add(change);
        } else if (key.at(0) == CHAIN || key.at(0) == BEACON) {
            held.put(key, value);
        } else {
            out.add(change);
            if (key.at(0) == META) {
                long tip = new BigInteger(1, value.slice(0, 8).toBytes()).longValue();
                Iterator<Map.Entry<Blob, Blob>> each = held.entrySet().iterator();
                while (each.hasNext()) {
                    var record = each.next();
                    if (height(record.getKey()) <= tip) {
                        out.add(new PoolChange.Put(record.getKey(), record.getValue()));
                        each.remove();
                    }
                }
            }
        }
    }

    private static long height(Blob key) {
        return new BigInteger(1, key.slice(1, 9).toBytes()).longValue();
    }

    private static void stripBodies(PoolChange change, List<PoolChange> out) {
        if (change instanceof PoolChange.Put(Blob key, Blob value)
                && decode(value) instanceof BlockProposal proposal) {
            BlockProposal bare =
                    new BlockProposal(
                            proposal.block(), proposal.hash(), proposal.signature(), List.of());
            out.add(new PoolChange.Put(key, ArtifactCodec.encode(bare)));
        } else {
            out.add(change);
        }
    }

    private static Artifact decode(Blob value) {
        try {
            return ArtifactCodec.decode(value);
        } catch (MalformedException e) {
            return new Artifact.Status(
                    Height.ZERO, Height.ZERO, Height.ZERO, Height.ZERO, Height.ZERO);
        }
    }

    private List<Effect> finalizeAlways(List<Effect> effects) {
        List<Effect> more = new ArrayList<>(effects);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Broadcast(NotarizationShare share)) {
                supported
                        .computeIfAbsent(share.height().value(), _ -> new TreeSet<>())
                        .add(Blob.of(share.block().hash().shared()));
            } else if (effect instanceof Effect.Broadcast(FinalizationShare share)) {
                finalShares.add(share.height().value());
            } else if (effect instanceof Effect.Broadcast(Notarization made)
                    && finalShares.add(made.height().value())) {
                vote(
                        made.height(),
                        new FinalizationShare(
                                made.block(), self, crypto.sign(signed.finalization(made.block()))),
                        more);
            }
        }
        return more;
    }

    private List<Effect> supportEarly(Input input, List<Effect> effects) {
        if (!(input instanceof Input.ArtifactArrived(_, BlockProposal proposal))
                || !early.add(Blob.of(proposal.hash().shared()))) {
            return effects;
        }
        List<Effect> more = new ArrayList<>(effects);
        more.add(
                new Effect.Persist(
                        List.of(
                                new PoolChange.Put(
                                        JournalKeys.proposal(
                                                proposal.height().value(), proposal.hash()),
                                        ArtifactCodec.encode(proposal))),
                        true));
        vote(
                proposal.height(),
                new NotarizationShare(
                        proposal.ref(), self, crypto.sign(signed.notarization(proposal.ref()))),
                more);
        return more;
    }

    /// Writes a vote and sends it.
    private static void vote(Height height, Artifact share, List<Effect> effects) {
        effects.add(
                new Effect.Persist(
                        List.of(
                                new PoolChange.Put(
                                        JournalKeys.of(OWN, height.value()),
                                        ArtifactCodec.encode(share))),
                        true));
        effects.add(new Effect.Broadcast(share));
    }

    private static List<Effect> certifyFirst(List<Effect> effects) {
        List<Effect> first = new ArrayList<>();
        List<Effect> rest = new ArrayList<>();
        for (Effect effect : effects) {
            boolean share = effect instanceof Effect.Broadcast(Artifact.CertificationShare _);
            (share ? first : rest).add(effect);
        }
        first.addAll(rest);
        return first;
    }

    /// Whether effects before the first journal write of a turn leave before it.
    boolean sendsFirst() {
        return kind == Kind.CERTIFIED_BEFORE_WRITE;
    }

    boolean forgetsIngress() {
        return kind == Kind.INGRESS_FORGOTTEN_AT_RESTART;
    }
}
