package icj.consensus;

import icj.consensus.membership.Committee;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.JournalReader;
import icj.consensus.pool.Pool;
import icj.consensus.pool.PoolChange;
import icj.consensus.pool.PoolReader;
import icj.consensus.rule.Arrivals;
import icj.consensus.rule.BeaconMaker;
import icj.consensus.rule.BlockCheck;
import icj.consensus.rule.BlockMaker;
import icj.consensus.rule.CatchUp;
import icj.consensus.rule.Certifier;
import icj.consensus.rule.Core;
import icj.consensus.rule.Deliverer;
import icj.consensus.rule.Finalizer;
import icj.consensus.rule.Notary;
import icj.consensus.rule.Purger;
import icj.consensus.rule.RoundClock;
import icj.consensus.rule.ShareAggregator;
import icj.consensus.rule.SignedBytes;
import icj.consensus.rule.Silence;
import icj.consensus.rule.TapeMaker;
import icj.consensus.rule.Turn;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Rank;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.Payload;
import icj.wire.ArtifactCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The consensus protocol of one node as a value machine (rules R-C1 to R-C15).
///
/// Call [#step] with each input, in any order in which the world produces them, from one thread;
/// then carry out the effects, of one step or of several together: first **all** [Effect.Persist]
/// in one synced write, then the others in list order. Call it with [Input.WokenUp] when
/// [#nextWakeUpNanos] is reached. The machine never blocks, never reads a clock, never throws on
/// what a peer sent, and is a function of its inputs: the same inputs give the same effects. What
/// it throws ([icj.types.Invariant.Violation]) is a defect and must end the process.
///
/// Safety (at most f faulty nodes, any network): all nodes deliver the same batches at the same
/// heights. Liveness (q correct nodes that reach one another): heights go on being finalized and
/// certified. A committee of one node runs the very same code; there a block goes from payload to
/// batch within one step.
public final class Consensus {
    /// A bound on the passes over the rules in one step; each pass must have changed the pool.
    private static final int PASSES_MAX = 1000;

    private final Core core;
    private final Pool pool;
    private final RoundClock clock;
    private final BlockMaker blockMaker;
    private final BlockCheck blockCheck;
    private final Notary notary;
    private final Finalizer finalizer;
    private final BeaconMaker beaconMaker;
    private final TapeMaker tapeMaker;
    private final ShareAggregator aggregator;
    private final Certifier certifier;
    private final Deliverer deliverer;
    private final Purger purger;
    private final Silence silence;
    private final CatchUp catchUp;
    private final Arrivals arrivals;
    private final long[] roundsByRank;
    private final long replayTarget;
    private final @Nullable String trouble;
    private boolean started;

    /// Whether something was written that may still be lost.
    private boolean unsynced;

    private long wakeNanos = Long.MIN_VALUE;

    /// The core of a node as its journal left it. Reads the journal here and never again. If
    /// journal and restored state do not belong together, the first step emits [Effect.Halt].
    public Consensus(ConsensusConfig config, SubnetCrypto crypto, JournalReader journal) {
        Committee committee = new Committee(config.self(), config.members(), config.quorum());
        SignedBytes signed =
                new SignedBytes(config.networkId(), config.subnet(), config.registryVersion());
        long executed = config.executed().value();
        pool = new Pool(genesis(config), new Beacon(Height.ZERO, signed.genesisBeacon()));
        pool.executed(executed);
        trouble = PoolReader.restore(pool, journal, config.self(), executed);
        pool.drainChanges();
        pool.drainUrgency();
        pool.drainFinal();
        core = new Core(config, committee, crypto, signed, pool);
        clock = new RoundClock(core);
        blockMaker = new BlockMaker(core, clock);
        blockCheck = new BlockCheck(core, clock, blockMaker);
        notary = new Notary(core, clock);
        finalizer = new Finalizer(core);
        beaconMaker = new BeaconMaker(core);
        tapeMaker = new TapeMaker(core);
        aggregator = new ShareAggregator(core);
        certifier = new Certifier(core);
        deliverer = new Deliverer(core, executed);
        purger = new Purger(core, executed);
        silence = new Silence(core);
        catchUp = new CatchUp(core, clock, deliverer, purger, silence);
        arrivals = new Arrivals(core, catchUp, certifier);
        roundsByRank = new long[committee.quorum().faulty() + 1];
        // A certification is written without being synced when this node's own share is in the
        // journal: so what was answered from is at or below one of the two.
        replayTarget = Math.max(pool.certificationTop(), pool.ownCertificationTop());
    }

    /// The block of height 0: no one signs it.
    private static BlockProposal genesis(ConsensusConfig config) {
        Block block =
                new Block(
                        Height.ZERO,
                        Digest.ZERO,
                        Rank.LEADER,
                        config.members().getFirst(),
                        new BlockContext(
                                Height.ZERO, config.registryVersion(), config.genesisTime(), false),
                        Payload.EMPTY);
        return new BlockProposal(block, ArtifactCodec.hash(block), Blob.EMPTY, List.of());
    }

    /// Takes one input and appends what is to be done to `effects`: at most one [Effect.Persist],
    /// first, then the others. After [Effect.Halt] nothing is done any more.
    public void step(Input input, Now now, List<Effect> effects) {
        if (core.halted()) {
            return;
        }
        Turn turn = new Turn(now);
        if (!started) {
            started = true;
            core.startedAt(now.monotonicNanos());
            if (trouble != null) {
                core.halt(turn, trouble + Core.LEAVE_OUT);
            }
        }
        take(input, turn);
        if (!core.halted()) {
            runRules(turn);
        }
        List<PoolChange> changes = pool.drainChanges();
        boolean synced = pool.drainUrgency() || turn.needsAllDurable() && unsynced;
        if (turn.needsAllDurable() && !changes.isEmpty()) {
            synced = true;
        }
        if (synced || !changes.isEmpty()) {
            effects.add(new Effect.Persist(changes, synced));
            unsynced = !synced;
        }
        effects.addAll(turn.effects());
        wakeNanos = core.halted() ? Long.MAX_VALUE : turn.wakeNanos();
    }

    private void take(Input input, Turn turn) {
        switch (input) {
            case Input.ArtifactArrived i -> arrivals.take(turn, i.from(), i.artifact());
            case Input.PeerConnected i -> catchUp.connected(turn, i.peer());
            case Input.DemandSeen i -> clock.level(i.level());
            case Input.PayloadBuilt i -> blockMaker.payloadBuilt(turn, i.parent(), i.ingress());
            case Input.PayloadValidated i ->
                    blockCheck.payloadValidated(turn, i.block(), i.validity());
            case Input.BatchExecuted i ->
                    certifier.executed(
                            turn,
                            i.height().value(),
                            new HeightState.Executed(
                                    i.root(), i.witness(), i.next(), i.needsTape()));
            case Input.StateDurable i -> purger.durable(i.height().value());
            case Input.RegistryAdvanced i -> blockMaker.advance(i.version());
            case Input.WokenUp _ -> {}
        }
    }

    /// Runs the rules until none changes the pool. The finalizer comes first, or notarization would
    /// run ahead of it; what leaves the pool (batches, fetches, purges) comes once, at the end.
    private void runRules(Turn turn) {
        boolean changed = true;
        for (int pass = 0; changed; pass++) {
            if (pass >= PASSES_MAX) {
                throw new IllegalStateException("The rules do not come to rest");
            }
            turn.forgetWakeUp();
            changed = pool.settle();
            clock.update(turn);
            silence.update(turn);
            boolean votes = !silence.isSilent();
            changed |= votes && finalizer.run(turn);
            changed |= beaconMaker.run(turn);
            changed |= aggregator.run(turn);
            changed |= blockCheck.run(turn);
            changed |= votes && notary.run(turn);
            changed |= votes && blockMaker.run(turn);
            changed |= tapeMaker.run(turn);
            changed |= certifier.run(turn);
            if (core.halted()) {
                return;
            }
        }
        for (BlockEntry entry : pool.drainFinal()) {
            if (entry.rank() < roundsByRank.length) {
                roundsByRank[entry.rank()]++;
            }
        }
        deliverer.run(turn);
        purger.run();
        catchUp.run(turn);
    }

    /// When to call [#step] with [Input.WokenUp] at the latest, by the monotonic clock;
    /// [Long#MAX_VALUE] for never, [Long#MIN_VALUE] before the first step.
    public long nextWakeUpNanos() {
        return wakeNanos;
    }

    /// The round in words, for logs and failed tests: each block with its rank, what is known about
    /// it and who supports it.
    public String describeRound() {
        HeightState state = pool.get(pool.round());
        StringBuilder text = new StringBuilder("round ").append(pool.round());
        text.append(clock.isRunning() ? " runs" : " waits")
                .append(", beacon ")
                .append(pool.beacon());
        if (state == null) {
            return text.toString();
        }
        for (BlockEntry entry : state.blocks()) {
            text.append("; ").append(entry.ref()).append(" rank ").append(entry.rank());
            text.append(' ').append(entry.state());
            BlockEntry parent = pool.parent(entry);
            text.append(parent != null && parent.notarized() ? "" : " orphan");
            text.append(state.isDisqualified(entry.maker()) ? " disqualified" : "");
            text.append(" context ").append(entry.block().context());
        }
        state.notarizationShares()
                .forEach((hash, shares) -> {
                    String name = hash.toString().substring(0, 8);
                    text.append("; ").append(name).append(" supported by");
                    for (NodeId signer : shares.keySet()) {
                        text.append(' ').append(core.committee().place(signer));
                    }
                });
        return text.toString();
    }

    /// Where the core stands now.
    public ConsensusStatus status() {
        List<Long> rounds = new ArrayList<>();
        for (long count : roundsByRank) {
            rounds.add(count);
        }
        TreeMap<NodeId, Height> peers = new TreeMap<>();
        for (Map.Entry<NodeId, Long> peer : purger.reported().entrySet()) {
            peers.put(peer.getKey(), new Height(peer.getValue()));
        }
        return new ConsensusStatus(
                new Height(pool.round()),
                new Height(pool.notarized()),
                new Height(pool.finalized()),
                new Height(deliverer.delivered()),
                new Height(pool.executed()),
                new Height(pool.certified()),
                new Height(replayTarget),
                new Height(pool.beacon()),
                new Height(pool.lowest()),
                rounds,
                pool.heightCount(),
                pool.blockCount(),
                pool.shareCount(),
                pool.journalBytes(),
                Collections.unmodifiableSortedMap(new TreeMap<>(core.refusals())),
                Collections.unmodifiableSortedMap(peers),
                catchUp.tooFarBehind(),
                silence.isSilent());
    }
}
