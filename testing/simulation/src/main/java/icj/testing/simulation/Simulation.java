package icj.testing.simulation;

import icj.candid.Principal;
import icj.consensus.ConsensusConfig;
import icj.consensus.ConsensusStatus;
import icj.consensus.Limits;
import icj.testing.Prng;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.Height;
import icj.types.Invariant;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.types.message.IngressBody;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One seed: a subnet under faults until it finalized 20 heights, then a healed core of q nodes
/// that must finalize and certify 20 more, then all nodes, which must catch up. Everything is a
/// function of seed, size and mutant.
final class Simulation {
    /// Heights that a seed must finalize in each phase to count.
    static final int HEIGHTS = 20;

    private static final long SECOND = 1_000_000_000L;
    private static final long CHAOS_MAX = 90 * SECOND;
    private static final long HEALED_MAX = 400 * SECOND;
    private static final long CATCH_UP_MAX = 120 * SECOND;
    private static final long CHAOS_TICK = 25_000_000;
    private static final long GENESIS = 1_700_000_000L * SECOND;

    private final World world = new World();
    private final List<SimNode> nodes = new ArrayList<>();
    private final Map<NodeId, SimNode> byId = new TreeMap<>();
    private final Swarm swarm;
    private final SimNetwork network;
    private final Checker checker;
    private final Requests requests;
    private final Prng chaosRandom;
    private final Prng workRandom;
    private final Mutant.Kind mutant;
    private final Quorum quorum;
    private boolean chaos = true;

    /// What a seed came to.
    ///
    /// @param failure null when all properties held
    /// @param counts whether both phases finalized enough heights
    record Outcome(
            long seed,
            int nodes,
            @Nullable String failure,
            boolean counts,
            long heights,
            long events,
            long messages,
            int requests,
            int restarts) {}

    private Simulation(long seed, int count, Mutant.Kind mutant, Keys.Maker maker) {
        Prng random = Prng.of(seed * 1000 + count);
        this.mutant = mutant;
        this.swarm = Swarm.draw(random.split(), count);
        this.network = new SimNetwork(world, random.split(), nodes, count);
        this.chaosRandom = random.split();
        this.workRandom = random.split();
        this.requests = new Requests(random.split());
        this.quorum = Mutant.quorum(mutant, count);
        Keys keys = maker.make(count, quorum, random.bits());
        List<NodeId> members = keys.members();
        ConsensusTime genesis = new ConsensusTime(GENESIS);
        for (int i = 0; i < count; i++) {
            ConsensusConfig config =
                    new ConsensusConfig(
                            members.get(i),
                            new SubnetId(Principal.of(new byte[] {9})),
                            Digest.ZERO,
                            members,
                            quorum,
                            new RegistryVersion(1),
                            genesis,
                            Height.ZERO,
                            limits());
            SimNode node = new SimNode(this, config, keys.of(members.get(i)), i, random.split());
            nodes.add(node);
            byId.put(members.get(i), node);
        }
        this.checker = new Checker(count, ToyState.genesis(genesis), swarm.tapeModulus());
    }

    /// The standard limits, but for small steps where a short run would not see a large one.
    private static Limits limits() {
        Limits l = Limits.STANDARD;
        return new Limits(
                l.delayNanos(),
                l.delayExponentMax(),
                l.idleTickNanos(),
                l.gatherNanos(),
                l.batchesInFlightMax(),
                l.emptyPayloadLag(),
                l.certifiedLagMax(),
                l.windowHeights(),
                8,
                l.fetchBytesMax(),
                l.fetchRetryNanos(),
                l.serveNanosMin(),
                l.statusNanos(),
                l.idleStatusNanos(),
                l.proposalBytesPerMakerMax(),
                l.keepHeightsMax(),
                l.keepBytesMax(),
                4,
                l.blameHeights());
    }

    World world() {
        return world;
    }

    Swarm swarm() {
        return swarm;
    }

    SimNetwork network() {
        return network;
    }

    Checker checker() {
        return checker;
    }

    Mutant.Kind mutant() {
        return mutant;
    }

    boolean isChaos() {
        return chaos;
    }

    SimNode node(NodeId id) {
        SimNode node = byId.get(id);
        if (node == null) {
            throw new Broken("There is no " + id);
        }
        return node;
    }

    /// Runs a seed with cheap cryptography.
    static Outcome run(long seed, int count, Mutant.Kind mutant) {
        return run(seed, count, mutant, SimKeys::new);
    }

    /// Runs a seed.
    static Outcome run(long seed, int count, Mutant.Kind mutant, Keys.Maker maker) {
        Simulation sim = new Simulation(seed, count, mutant, maker);
        String failure = null;
        boolean counts = false;
        try {
            counts = sim.play();
        } catch (Broken | Invariant.Violation | IllegalStateException e) {
            failure = e.getClass().getSimpleName() + ": " + e.getMessage();
            if (Boolean.getBoolean("simulation.trace")) {
                for (StackTraceElement frame : e.getStackTrace()) {
                    System.out.println("    at " + frame);
                }
            }
        }
        int restarts = 0;
        for (SimNode node : sim.nodes) {
            restarts += node.restarts();
        }
        return new Outcome(
                seed,
                count,
                failure,
                counts,
                sim.checker.top(),
                sim.world.happened(),
                sim.network.messages(),
                sim.checker.requests(),
                restarts);
    }

    private boolean play() {
        network.quality(swarm.delayNanos(), swarm.lossPermille(), swarm.duplicatePermille());
        for (SimNode node : nodes) {
            world.after(workRandom.below(50_000_000), node::start);
        }
        world.after(1_000_000, this::work);
        world.after(CHAOS_TICK, this::tick);
        boolean enough =
                world.runUntil(
                        world.nanos() + CHAOS_MAX,
                        () -> checker.top() >= HEIGHTS && world.nanos() > 3 * SECOND);
        chaos = false;
        long atHeal = checker.top();
        List<SimNode> healthy = heal();
        boolean alive =
                world.runUntil(
                        world.nanos() + HEALED_MAX, () -> reached(healthy, atHeal + HEIGHTS));
        if (!alive) {
            throw new Broken("LIVENESS: the healed core stands still" + describe());
        }
        for (SimNode node : nodes) {
            node.start();
        }
        long tip = checker.top();
        List<SimNode> honest = new ArrayList<>(nodes);
        honest.removeIf(SimNode::isMalicious);
        if (!world.runUntil(world.nanos() + CATCH_UP_MAX, () -> reached(honest, tip))) {
            throw new Broken("CATCH-UP: not all nodes reach height " + tip + describe());
        }
        return enough;
    }

    private List<SimNode> heal() {
        network.quality(1_000_000, 0, 0);
        network.partition(1);
        nodes.forEach(SimNode::heal);
        List<SimNode> healthy = new ArrayList<>(nodes);
        boolean all = chaosRandom.chance(0.5);
        if (swarm.malicious() > 0) {
            // They are the faulty ones, nobody else; up or down.
            for (SimNode node : nodes) {
                if (node.isMalicious()) {
                    healthy.remove(node);
                    if (all) {
                        node.crash();
                    }
                }
            }
        } else {
            while (!all && healthy.size() > Quorum.of(nodes.size()).notary()) {
                healthy.remove(chaosRandom.below(healthy.size())).crash();
            }
        }
        for (SimNode node : healthy) {
            node.start();
        }
        return healthy;
    }

    private static boolean reached(List<SimNode> some, long height) {
        for (SimNode node : some) {
            if (!node.isUp() || node.delivered() < height || node.certified() < height) {
                return false;
            }
        }
        return true;
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (SimNode node : nodes) {
            text.append("\n  ").append(node).append(' ');
            text.append(
                    node.isUp()
                            ? node.core().status() + "\n    " + node.core().describeRound()
                            : "is down");
        }
        return text.toString();
    }

    // Faults.

    private void tick() {
        if (!chaos) {
            return;
        }
        if (chaosRandom.below(1000) < swarm.partitionPermille()) {
            network.partition(1 + chaosRandom.below(3));
        } else if (!network.isWhole() && chaosRandom.chance(0.05)) {
            network.partition(1);
        }
        for (SimNode node : nodes) {
            if (chaosRandom.below(1000) < swarm.crashPermille() && node.isUp() && mayCrash()) {
                crash(node);
            }
        }
        if (swarm.crashPermille() > 0
                && swarm.downMax() == nodes.size()
                && chaosRandom.below(1000) < 4) {
            for (SimNode node : nodes) {
                crash(node);
            }
        }
        world.after(CHAOS_TICK, this::tick);
    }

    boolean mayCrash() {
        int down = 0;
        for (SimNode node : nodes) {
            down += node.isUp() ? 0 : 1;
        }
        return chaos && down < swarm.downMax();
    }

    void crash(SimNode node) {
        if (!node.isUp()) {
            return;
        }
        node.crash();
        int life = node.life();
        long down = (long) (swarm.downNanos() * chaosRandom.below(1000) / 500.0);
        world.after(
                down,
                () -> {
                    if (chaos && node.life() == life) {
                        node.start();
                    }
                });
    }

    // Clients.

    private void work() {
        SimNode node = workRandom.pick(nodes);
        long wall = node.wallNanos();
        IngressBody body =
                workRandom.below(1000) < swarm.replayPermille()
                        ? requests.again(wall)
                        : requests.fresh(wall);
        int copies = 1 + workRandom.below(nodes.size());
        for (int i = 0; i < copies; i++) {
            workRandom.pick(nodes).submit(body);
        }
        world.after((long) (swarm.requestNanos() * workRandom.below(1000) / 500.0), this::work);
    }

    // Bounds.

    private int boundChecks;

    void checkBounds(SimNode node) {
        if (++boundChecks % 64 != 0) {
            return;
        }
        ConsensusStatus status = node.core().status();
        Limits l = limits();
        int heights = 2 * l.certifiedLagMax() + 2 * l.windowHeights() + l.batchesInFlightMax() + 8;
        int makers = quorum.faulty() + 1;
        int shares = heights * nodes.size() * (2 * makers + 4);
        if (status.poolHeights() > heights
                || status.poolBlocks() > heights * 2 * makers
                || status.poolShares() > shares) {
            throw new Broken("BOUNDS: the pool of " + node + " is too large: " + status);
        }
    }
}
