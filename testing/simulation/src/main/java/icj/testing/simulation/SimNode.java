package icj.testing.simulation;

import icj.consensus.Consensus;
import icj.consensus.ConsensusConfig;
import icj.consensus.Demand;
import icj.consensus.Effect;
import icj.consensus.Input;
import icj.consensus.Now;
import icj.consensus.SubnetCrypto;
import icj.consensus.Validity;
import icj.consensus.pool.PoolChange;
import icj.consensus.rule.SignedBytes;
import icj.testing.Prng;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.RequestId;
import icj.types.artifact.Artifact;
import icj.types.artifact.BlockContext;
import icj.types.artifact.IngressRef;
import icj.types.artifact.Payload;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.wire.ArtifactCodec;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// One node around the real core: a loop that does what R-C13 says, an execution thread, a disk, an
/// ingress pool; it can lose power at any event.
final class SimNode {
    private static final int INBOX_MAX = 20_000;
    private static final int TURN_INPUTS_MAX = 256;
    private static final int PAYLOAD_MAX = 20;
    private static final int PLENTY = 5;
    private static final long TURN_NANOS = 20_000;

    private final Simulation sim;
    private final World world;
    private final ConsensusConfig config;
    private final SubnetCrypto crypto;
    private final int index;
    private final Prng random;
    private final SimDisk disk = new SimDisk();
    private final long skewNanos;
    private long executeNanos;
    private ToyState durable;
    private ToyState state;
    private @Nullable Consensus core;
    private @Nullable Mutant mutant;
    private final @Nullable Malice malice;
    private final ArrayDeque<Input> inbox = new ArrayDeque<>();
    private final LinkedHashMap<RequestId, IngressBody> pool = new LinkedHashMap<>();
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private Demand level = Demand.NONE;
    private boolean turning;
    private boolean executing;
    private int life;
    private long wakeAt = Long.MAX_VALUE;
    private long delivered;
    private long certified;
    private long everCertified;
    private int restarts;

    SimNode(Simulation sim, ConsensusConfig config, SubnetCrypto crypto, int index, Prng random) {
        this.sim = sim;
        this.world = sim.world();
        this.config = config;
        this.crypto = crypto;
        this.index = index;
        this.random = random;
        Swarm swarm = sim.swarm();
        this.skewNanos = swarm.skewNanos() == 0 ? 0 : random.between(0, swarm.skewNanos());
        this.executeNanos =
                swarm.slowNode() && index == 0 ? swarm.executeNanos() * 12 : swarm.executeNanos();
        this.durable = ToyState.genesis(config.genesisTime());
        this.state = durable;
        this.malice =
                isMalicious()
                        ? new Malice(crypto, signed(), id(), config.members(), random.split())
                        : null;
    }

    /// Whether the node is Byzantine.
    boolean isMalicious() {
        return index >= config.members().size() - sim.swarm().malicious();
    }

    private SignedBytes signed() {
        return new SignedBytes(config.networkId(), config.subnet(), config.registryVersion());
    }

    NodeId id() {
        return config.self();
    }

    int index() {
        return index;
    }

    boolean isUp() {
        return core != null;
    }

    int life() {
        return life;
    }

    int restarts() {
        return restarts;
    }

    /// The highest batch handed to execution in this life.
    long delivered() {
        return delivered;
    }

    /// The highest height that the core called certified in this life.
    long certified() {
        return certified;
    }

    Consensus core() {
        if (core == null) {
            throw new Broken(this + " is down");
        }
        return core;
    }

    @Override
    public String toString() {
        return "node " + index;
    }

    private Now now() {
        return new Now(
                config.genesisTime().value() + world.nanos() + skewNanos, world.nanos() + index);
    }

    long wallNanos() {
        return now().wallNanos();
    }

    /// A node that was slow is slow no longer.
    void heal() {
        executeNanos = Math.min(executeNanos, 2_000_000);
    }

    // Power.

    void start() {
        if (core != null) {
            return;
        }
        life++;
        state = durable.copy();
        mutant = new Mutant(sim.mutant(), crypto, signed(), id());
        if (life > 1 && mutant.forgetsIngress()) {
            state = state.withoutHistory();
        }
        ConsensusConfig restored =
                new ConsensusConfig(
                        config.self(),
                        config.subnet(),
                        config.networkId(),
                        config.members(),
                        config.quorum(),
                        config.registryVersion(),
                        config.genesisTime(),
                        new Height(state.height()),
                        config.limits());
        core = new Consensus(restored, crypto, mutant.journal(disk));
        if (core.status().replayTarget().value() < everCertified) {
            throw new Broken(
                    "SERVING: "
                            + this
                            + " may answer from below "
                            + everCertified
                            + ", which it answered from before its restart");
        }
        delivered = state.height();
        certified = 0;
        level = Demand.NONE;
        post(executedInput());
        sim.network().came(this);
        scheduleFlush();
    }

    void crash() {
        if (core == null) {
            return;
        }
        restarts++;
        life++;
        core = null;
        mutant = null;
        disk.crash(random);
        inbox.clear();
        pool.clear();
        batches.clear();
        turning = false;
        executing = false;
        wakeAt = Long.MAX_VALUE;
    }

    private void inThisLife(long delayNanos, Runnable action) {
        int begun = life;
        world.after(
                delayNanos,
                () -> {
                    if (life == begun) {
                        action.run();
                    }
                });
    }

    // The consensus loop.

    void post(Input input) {
        if (core == null || inbox.size() >= INBOX_MAX) {
            return;
        }
        inbox.add(input);
        if (!turning) {
            turning = true;
            inThisLife(TURN_NANOS, this::turn);
        }
    }

    private void turn() {
        List<Effect> effects = new ArrayList<>();
        Consensus machine = core();
        Mutant bug = mutant;
        if (bug == null) {
            throw new Broken(this + " is down");
        }
        for (int i = 0; i < TURN_INPUTS_MAX && !inbox.isEmpty(); i++) {
            Input input = bug.input(inbox.remove(), delivered);
            List<Effect> step = new ArrayList<>();
            machine.step(input, now(), step);
            effects.addAll(bug.effects(input, step));
        }
        List<PoolChange> changes = new ArrayList<>();
        boolean synced = false;
        List<Effect> others = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist(List<PoolChange> more, boolean durable)) {
                changes.addAll(more);
                synced |= durable;
            } else if (bug.sendsFirst()
                    && effect instanceof Effect.Broadcast(Artifact.CertificationShare _)) {
                run(effect);
            } else {
                others.add(effect);
            }
        }
        if (!synced) {
            if (!changes.isEmpty()) {
                disk.append(changes);
            }
            finish(others, !changes.isEmpty());
            return;
        }
        disk.write(changes);
        long sync = 1 + (long) (sim.swarm().syncNanos() * random.below(1000) / 500.0);
        inThisLife(
                sync,
                () -> {
                    disk.sync();
                    finish(others, true);
                });
    }

    private void finish(List<Effect> wanted, boolean wrote) {
        List<Effect> effects = malice == null ? wanted : malice.edit(wanted);
        boolean dies =
                wrote && sim.mayCrash() && random.below(1000) < sim.swarm().directedCrashPermille();
        int count = dies && !effects.isEmpty() ? random.below(effects.size()) : effects.size();
        int begun = life;
        for (int i = 0; i < count && life == begun; i++) {
            run(effects.get(i));
        }
        if (life != begun) {
            return;
        }
        if (dies) {
            sim.crash(this);
            return;
        }
        sim.checkBounds(this);
        turning = !inbox.isEmpty();
        if (turning) {
            inThisLife(TURN_NANOS, this::turn);
        } else {
            scheduleWake();
        }
    }

    private void scheduleWake() {
        long wake = core().nextWakeUpNanos();
        if (wake == Long.MAX_VALUE || wake == Long.MIN_VALUE) {
            return;
        }
        long at = Math.max(world.nanos() + 1, wake - index);
        if (at < wakeAt || wakeAt <= world.nanos()) {
            wakeAt = at;
            inThisLife(
                    at - world.nanos(),
                    () -> {
                        if (wakeAt == at) {
                            wakeAt = Long.MAX_VALUE;
                            post(new Input.WokenUp());
                        }
                    });
        }
    }

    private void run(Effect effect) {
        switch (effect) {
            case Effect.Persist _ -> throw new Broken("Writes were merged");
            case Effect.Broadcast e -> {
                Artifact sent = overTheWire(e.artifact());
                sim.checker().leaves(this, sent, disk);
                sim.network().broadcast(this, sent);
            }
            case Effect.Send e -> {
                Artifact sent = overTheWire(e.artifact());
                sim.checker().leaves(this, sent, null);
                sim.network().send(this, sim.node(e.to()), sent);
            }
            case Effect.SendStored e -> sendStored(e);
            case Effect.BuildPayload e -> build(e);
            case Effect.ValidatePayload e -> validate(e);
            case Effect.DeliverBatch e -> deliver(e.batch());
            case Effect.Certified e -> {
                sim.checker().certified(this, e.certification());
                certified = e.certification().height().value();
                everCertified = Math.max(everCertified, certified);
            }
            case Effect.SyncState e -> {
                // Who lied about what it certified may find it purged.
                if (!isMalicious()) {
                    throw new Broken(
                            "CATCH-UP: "
                                    + this
                                    + " at "
                                    + e.own()
                                    + " finds no peer that serves below "
                                    + e.lowest());
                }
            }
            case Effect.Halt e -> throw new Broken("HALT: " + this + ": " + e.reason());
        }
    }

    /// What is sent went through the codec.
    private static Artifact overTheWire(Artifact artifact) {
        try {
            return ArtifactCodec.decode(ArtifactCodec.encode(artifact));
        } catch (MalformedException e) {
            throw new Broken("What a core sends is well-formed", e);
        }
    }

    private void sendStored(Effect.SendStored stored) {
        int bytes = 0;
        for (var value : disk.range(stored.from(), stored.until()).values()) {
            bytes += value.length();
            if (bytes > stored.bytesMax() && bytes > value.length()) {
                return;
            }
            try {
                sim.network().send(this, sim.node(stored.to()), ArtifactCodec.decode(value));
            } catch (MalformedException e) {
                throw new Broken("BODIES: the journal of " + this + " is damaged", e);
            }
        }
    }

    // Ingress.

    void submit(IngressBody body) {
        if (core == null || pool.size() > 200 || state.executedAt(body.id()) != null) {
            return;
        }
        pool.putIfAbsent(body.id(), body);
        tellDemand();
    }

    private void tellDemand() {
        Demand now =
                pool.isEmpty() ? Demand.NONE : pool.size() >= PLENTY ? Demand.PLENTY : Demand.HELD;
        if (now != level) {
            level = now;
            post(new Input.DemandSeen(now));
        }
    }

    private void build(Effect.BuildPayload question) {
        TreeSet<RequestId> excluded = ids(question.ancestors());
        List<IngressBody> chosen = new ArrayList<>();
        List<RequestId> stale = new ArrayList<>();
        for (Map.Entry<RequestId, IngressBody> held : pool.entrySet()) {
            if (held.getValue() != null && chosen.size() < PAYLOAD_MAX) {
                if (state.executedAt(held.getKey()) != null
                        || !isFresh(held.getValue(), question.context())) {
                    stale.add(held.getKey());
                } else if (!excluded.contains(held.getKey())) {
                    chosen.add(held.getValue());
                }
            }
        }
        stale.forEach(pool::remove);
        tellDemand();
        Input answer = new Input.PayloadBuilt(question.parent(), chosen);
        if (random.chance(0.7)) {
            post(answer);
        } else {
            inThisLife(random.between(0, 2_000_000), () -> post(answer));
        }
    }

    private static TreeSet<RequestId> ids(List<Payload> payloads) {
        TreeSet<RequestId> ids = new TreeSet<>();
        for (Payload payload : payloads) {
            for (IngressRef ref : payload.ingress()) {
                ids.add(ref.id());
            }
        }
        return ids;
    }

    private static boolean isFresh(IngressBody body, BlockContext context) {
        long expiry = Requests.expiry(body);
        long time = context.time().value();
        return time <= expiry && expiry <= time + Requests.TTL_NANOS;
    }

    private void validate(Effect.ValidatePayload question) {
        TreeSet<RequestId> seen = ids(question.ancestors());
        long certifiedHeight = question.block().context().certified().value();
        Validity validity = new Validity.Valid();
        if (state.height() < certifiedHeight) {
            throw new Broken("The core asks only about what was executed here");
        }
        for (IngressBody body : question.bodies()) {
            Long before = state.executedAt(body.id());
            boolean done = before != null && before <= certifiedHeight;
            if (!seen.add(body.id()) || done || !isFresh(body, question.block().context())) {
                validity = new Validity.Invalid("A request is repeated or stale");
            }
        }
        if (validity instanceof Validity.Valid && random.chance(0.05)) {
            validity = new Validity.NotYet("a signature check");
        }
        Input answer = new Input.PayloadValidated(question.ref(), validity);
        if (random.chance(0.7)) {
            post(answer);
        } else {
            inThisLife(random.between(0, 2_000_000), () -> post(answer));
        }
    }

    // Execution.

    private void deliver(Batch batch) {
        if (batch.height().value() != delivered + 1) {
            throw new Broken(this + " delivers " + batch.height() + " after " + delivered);
        }
        delivered++;
        sim.checker().delivered(this, batch, disk);
        for (IngressBody body : batch.ingress()) {
            pool.remove(body.id());
        }
        tellDemand();
        batches.add(batch);
        execute();
    }

    private void execute() {
        if (executing || batches.isEmpty()) {
            return;
        }
        executing = true;
        Batch batch = batches.remove();
        long cost = (long) (executeNanos * random.below(1000) / 500.0);
        inThisLife(
                cost,
                () -> {
                    state = state.execute(batch, sim.swarm().tapeModulus());
                    sim.checker().executed(this, state);
                    post(executedInput());
                    executing = false;
                    execute();
                });
    }

    private Input executedInput() {
        return new Input.BatchExecuted(
                new Height(state.height()),
                state.root(),
                state.witness(),
                state.next(),
                state.needsTape());
    }

    private void scheduleFlush() {
        inThisLife(
                sim.swarm().flushNanos(),
                () -> {
                    if (state.height() > durable.height()) {
                        durable = state.copy();
                        post(new Input.StateDurable(new Height(durable.height())));
                    }
                    scheduleFlush();
                });
    }
}
