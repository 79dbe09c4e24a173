package icj.consensus;

import icj.candid.Principal;
import icj.consensus.membership.Committee;
import icj.consensus.membership.Ranking;
import icj.consensus.pool.JournalReader;
import icj.consensus.pool.PoolChange;
import icj.consensus.rule.SignedBytes;
import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.Rank;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BeaconShare;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.FinalizationShare;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IngressRef;
import icj.types.artifact.Payload;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.types.message.NextWork;
import icj.wire.ArtifactCodec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One real core with a journal in memory, a clock that the test sets, and the means to play all
/// other members.
final class TestNode {
    static final long MILLI = 1_000_000;
    static final long GENESIS = 1_000_000 * MILLI;

    final List<NodeId> members = new ArrayList<>();
    final TreeMap<Blob, Blob> journal = new TreeMap<>();
    final List<Effect> effects = new ArrayList<>();
    final List<Batch> delivered = new ArrayList<>();
    final SignedBytes signed;
    final Quorum quorum;
    final int self;
    Consensus core;
    long nanos = 5_000 * MILLI;
    long wallOffset = GENESIS;
    List<IngressBody> payload = List.of(SingleNodeTest.call("z"));
    Validity validity = new Validity.Valid();
    boolean answersPayloads = true;
    boolean executes = true;
    boolean demandEnds = true;
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    boolean needsTape;
    Blob stateSeed = Blob.fromHex("aa");
    long executed;

    TestNode(int nodes, int self) {
        for (int i = 0; i < nodes; i++) {
            members.add(new NodeId(Principal.of(new byte[] {(byte) (i + 1), 7})));
        }
        this.self = self;
        this.quorum = Quorum.of(nodes);
        this.signed = new SignedBytes(Digest.ZERO, subnet(), new RegistryVersion(1));
        core = make(0);
        hearThatAllIsNew();
        step(executedInput(0));
    }

    /// Enough peers say that they are at the beginning too, or this node would keep silent.
    private void hearThatAllIsNew() {
        List<Integer> others = others();
        int reports = Math.min(quorum.low(), others.size());
        for (int other : others.subList(others.size() - reports, others.size())) {
            arrives(
                    other,
                    new Artifact.Status(
                            Height.ZERO, Height.ZERO, Height.ZERO, Height.ZERO, new Height(1)));
        }
        // What it answers to their reports is not what tests ask about.
        effects.removeIf(Effect.Send.class::isInstance);
    }

    /// A committee of four in which this node has the given rank at height 1.
    static TestNode withRank(int nodes, int rank) {
        for (int self = 0; self < nodes; self++) {
            TestNode node = new TestNode(nodes, self);
            if (node.ranking().rank(node.id()).value() == rank) {
                return node;
            }
        }
        throw new AssertionError("Every rank has a node");
    }

    private static SubnetId subnet() {
        return new SubnetId(Principal.of(new byte[] {3}));
    }

    private Consensus make(long executedHeight) {
        ConsensusConfig config =
                ConsensusConfig.of(
                        id(),
                        subnet(),
                        Digest.ZERO,
                        members,
                        new RegistryVersion(1),
                        new ConsensusTime(GENESIS),
                        new Height(executedHeight));
        JournalReader reader =
                (from, until, visitor) -> {
                    for (Map.Entry<Blob, Blob> record : journal.subMap(from, until).entrySet()) {
                        visitor.record(record.getKey(), record.getValue());
                    }
                };
        return new Consensus(config, crypto(self), reader);
    }

    NodeId id() {
        return members.get(self);
    }

    TestCrypto crypto(int member) {
        return new TestCrypto(members, members.get(member));
    }

    /// Power off and on; the state begins at this height.
    void restart(long executedHeight) {
        effects.clear();
        delivered.clear();
        executed = executedHeight;
        core = make(executedHeight);
        step(executedInput(executedHeight));
    }

    // Inputs.

    Now now() {
        return new Now(wallOffset + nanos, nanos);
    }

    /// Steps, does what R-C13 says with the effects, answers what the core asks, until it is quiet.
    void step(Input input) {
        inputs.add(input);
        while (!inputs.isEmpty()) {
            List<Effect> fresh = new ArrayList<>();
            core.step(inputs.remove(), now(), fresh);
            for (int i = 0; i < fresh.size(); i++) {
                if (fresh.get(i) instanceof Effect.Persist(List<PoolChange> changes, _)) {
                    if (i > 0) {
                        throw new AssertionError("A Persist comes first");
                    }
                    write(changes);
                }
            }
            effects.addAll(fresh);
            fresh.forEach(this::answer);
        }
    }

    private void answer(Effect effect) {
        switch (effect) {
            case Effect.BuildPayload e -> {
                if (answersPayloads) {
                    inputs.add(new Input.PayloadBuilt(e.parent(), payload));
                }
            }
            case Effect.ValidatePayload e -> {
                if (answersPayloads) {
                    inputs.add(new Input.PayloadValidated(e.ref(), validity));
                }
            }
            case Effect.DeliverBatch e -> {
                delivered.add(e.batch());
                if (demandEnds) {
                    inputs.add(new Input.DemandSeen(Demand.NONE));
                }
                if (executes) {
                    executed = e.batch().height().value();
                    inputs.add(executedInput(executed));
                }
            }
            default -> {}
        }
    }

    private void write(List<PoolChange> changes) {
        for (PoolChange change : changes) {
            switch (change) {
                case PoolChange.Put put -> journal.put(put.key(), put.value());
                case PoolChange.Delete delete -> journal.remove(delete.key());
                case PoolChange.DeleteRange range ->
                        journal.subMap(range.from(), range.until()).clear();
            }
        }
    }

    void execute(long height) {
        executed = height;
        step(executedInput(height));
    }

    Input.BatchExecuted executedInput(long height) {
        Height h = new Height(height);
        return new Input.BatchExecuted(
                h, TestCrypto.root(h, stateSeed), stateSeed, new NextWork.None(), needsTape);
    }

    void arrives(int from, Artifact artifact) {
        step(new Input.ArtifactArrived(members.get(from), artifact));
    }

    void demand(Demand level) {
        step(new Input.DemandSeen(level));
    }

    /// Lets time pass and wakes the core.
    void pass(long millis) {
        nanos += millis * MILLI;
        step(new Input.WokenUp());
    }

    // What left the node.

    <T extends Artifact> List<T> sent(Class<T> kind) {
        List<T> sent = new ArrayList<>();
        for (Effect effect : effects) {
            Artifact artifact =
                    switch (effect) {
                        case Effect.Broadcast e -> e.artifact();
                        case Effect.Send e -> e.artifact();
                        default -> null;
                    };
            if (kind.isInstance(artifact)) {
                sent.add(kind.cast(artifact));
            }
        }
        return sent;
    }

    <T extends Effect> List<T> effects(Class<T> kind) {
        List<T> found = new ArrayList<>();
        for (Effect effect : effects) {
            if (kind.isInstance(effect)) {
                found.add(kind.cast(effect));
            }
        }
        return found;
    }

    long refusals(Refusal reason) {
        return core.status().refusals().getOrDefault(reason, 0L);
    }

    // The others.

    /// The members other than this node.
    List<Integer> others() {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (i != self) {
                others.add(i);
            }
        }
        return others;
    }

    /// The beacons up to a height: all members agree on them.
    Beacon beacon(long height) {
        Beacon beacon = new Beacon(Height.ZERO, signed.genesisBeacon());
        for (long h = 1; h <= height; h++) {
            Blob share = crypto(0).signShare(SubnetCrypto.ThresholdKey.LOW, signed.beacon(beacon));
            beacon = new Beacon(new Height(h), share.slice(1, share.length()));
        }
        return beacon;
    }

    BeaconShare beaconShare(long height, int signer) {
        return new BeaconShare(
                new Height(height),
                members.get(signer),
                crypto(signer)
                        .signShare(
                                SubnetCrypto.ThresholdKey.LOW, signed.beacon(beacon(height - 1))));
    }

    Ranking ranking(long height) {
        return Ranking.of(
                new Committee(id(), members, quorum),
                crypto(0).seed(beacon(height - 1).signature()));
    }

    Ranking ranking() {
        return ranking(1);
    }

    /// The member of a rank.
    int memberOfRank(long height, int rank) {
        for (int i = 0; i < members.size(); i++) {
            if (ranking(height).rank(members.get(i)).value() == rank) {
                return i;
            }
        }
        throw new AssertionError("Every rank has a member");
    }

    Digest genesisHash() {
        return ArtifactCodec.hash(
                new Block(
                        Height.ZERO,
                        Digest.ZERO,
                        Rank.LEADER,
                        members.getFirst(),
                        new BlockContext(
                                Height.ZERO,
                                new RegistryVersion(1),
                                new ConsensusTime(GENESIS),
                                false),
                        Payload.EMPTY));
    }

    BlockContext context(long certified, long timeNanos) {
        return new BlockContext(
                new Height(certified), new RegistryVersion(1), new ConsensusTime(timeNanos), false);
    }

    /// A proposal of whoever has that rank, on a parent, valid now.
    BlockProposal proposal(BlockRef parent, int rank, BlockContext context, IngressBody... calls) {
        Height height = parent.height().next();
        int maker = memberOfRank(height.value(), rank);
        List<IngressRef> refs = new ArrayList<>();
        for (IngressBody call : calls) {
            refs.add(new IngressRef(call.id(), call.hash()));
        }
        Block block =
                new Block(
                        height,
                        parent.hash(),
                        new Rank(rank),
                        members.get(maker),
                        context,
                        new Payload(refs));
        Digest hash = ArtifactCodec.hash(block);
        return new BlockProposal(
                block,
                hash,
                crypto(maker).sign(signed.proposal(new BlockRef(height, hash))),
                List.of(calls));
    }

    BlockRef genesis() {
        return new BlockRef(Height.ZERO, genesisHash());
    }

    NotarizationShare notarizationShare(BlockRef block, int signer) {
        return new NotarizationShare(
                block, members.get(signer), crypto(signer).sign(signed.notarization(block)));
    }

    FinalizationShare finalizationShare(BlockRef block, int signer) {
        return new FinalizationShare(
                block, members.get(signer), crypto(signer).sign(signed.finalization(block)));
    }

    CertificationShare certificationShare(long height, int signer) {
        Digest root = TestCrypto.root(new Height(height), stateSeed);
        return new CertificationShare(
                new Height(height),
                root,
                stateSeed,
                members.get(signer),
                crypto(signer)
                        .signShare(
                                SubnetCrypto.ThresholdKey.HIGH, SignedBytes.certification(root)));
    }

    /// All others support, finalize and certify the block, and share the beacon.
    void completes(BlockRef block) {
        for (int other : others()) {
            arrives(other, notarizationShare(block, other));
        }
        for (int other : others()) {
            arrives(other, finalizationShare(block, other));
        }
        for (int other : others()) {
            arrives(other, beaconShare(block.height().value(), other));
        }
        for (int other : others()) {
            arrives(other, certificationShare(block.height().value(), other));
        }
    }
}
