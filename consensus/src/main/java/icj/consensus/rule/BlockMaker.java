package icj.consensus.rule;

import icj.consensus.Demand;
import icj.consensus.Effect;
import icj.consensus.membership.Ranking;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.Height;
import icj.types.Rank;
import icj.types.RegistryVersion;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Block;
import icj.types.artifact.BlockContext;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IngressRef;
import icj.types.artifact.Payload;
import icj.types.message.IngressBody;
import icj.wire.ArtifactCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Proposes a block when it is this node's turn.
///
/// Liveness: among the ranks 0 to f is an honest one, and each proposes when those below it had
/// their time (R-C11). Safety does not rest on this rule; one proposal a height keeps a maker from
/// being taken for an equivocator.
public final class BlockMaker {
    private final Core core;
    private final RoundClock clock;
    private RegistryVersion version;
    private @Nullable Question question;
    private long restNanos = Long.MIN_VALUE;

    /// A payload that is being built.
    private record Question(BlockRef parent, Rank rank, BlockContext context) {}

    /// The maker of a core.
    public BlockMaker(Core core, RoundClock clock) {
        this.core = core;
        this.clock = clock;
        this.version = core.config().registryVersion();
    }

    /// Notes a newer registry.
    public void advance(RegistryVersion newest) {
        if (newest.compareTo(version) > 0) {
            version = newest;
        }
    }

    /// The newest registry version that this node knows.
    public RegistryVersion version() {
        return version;
    }

    /// Proposes, or asks for a payload, when it is time. Returns whether the pool changed.
    public boolean run(Turn turn) {
        Pool pool = core.pool();
        long round = clock.round();
        if (!clock.isRunning() || isAsked(round) || lag(round, pool.certified()) > lagMax()) {
            return false;
        }
        HeightState state = pool.at(round);
        Ranking ranking = core.ranking(round);
        if (state.ownProposal() != null || ranking == null) {
            return false;
        }
        Rank rank = ranking.rank(core.committee().self());
        if (!ranking.makes(rank)
                || hasBetter(state, rank)
                || !turn.reached(clock.demandNanos() + core.rankDelayNanos(rank.value()))) {
            return false;
        }
        BlockEntry parent = bestParent(round - 1);
        if (parent == null || !isPaced(turn, parent) || !turn.reached(restNanos)) {
            return false;
        }
        return start(turn, parent, rank);
    }

    private int lagMax() {
        return core.limits().certifiedLagMax();
    }

    private static long lag(long round, long certified) {
        return round - certified;
    }

    private boolean isAsked(long round) {
        Question asked = question;
        return asked != null && asked.parent().height().value() == round - 1;
    }

    private static boolean hasBetter(HeightState state, Rank own) {
        for (BlockEntry entry : state.blocks()) {
            if (entry.state() == BlockEntry.State.VALID
                    && entry.rank() < own.value()
                    && !state.isDisqualified(entry.maker())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable BlockEntry bestParent(long height) {
        BlockEntry best = null;
        HeightState below = core.pool().get(height);
        if (below != null) {
            for (BlockEntry entry : below.blocks()) {
                if (entry.notarized() && (best == null || entry.rank() < best.rank())) {
                    best = entry;
                }
            }
        }
        return best;
    }

    /// R-C11: at once on a parent that is executed and certified here, else when there is plenty to
    /// carry or the parent is 40 ms old.
    private boolean isPaced(Turn turn, BlockEntry parent) {
        return parent.height() <= core.pool().certified()
                || clock.level() == Demand.PLENTY
                || turn.reached(clock.startNanos() + core.limits().gatherNanos());
    }

    private boolean start(Turn turn, BlockEntry parent, Rank rank) {
        Pool pool = core.pool();
        BlockContext below = parent.block().context();
        long certified = Math.max(below.certified().value(), pool.certified());
        HeightState state = pool.get(certified);
        Boolean needsTape = state == null ? null : state.needsTape();
        // Unknown for a moment after a restart, until a height executed since is certified.
        if (pool.executed() < certified || needsTape == null) {
            return false;
        }
        // R-C12: at least 1 ns above the parent.
        long time = Math.max(turn.wallNanos(), below.time().value() + 1);
        BlockContext context =
                new BlockContext(
                        new Height(certified),
                        below.registryVersion().compareTo(version) > 0
                                ? below.registryVersion()
                                : version,
                        new ConsensusTime(time),
                        needsTape);
        long round = parent.height() + 1;
        // R-C3: a maker that lags this far proposes nothing to execute.
        if (lag(round, certified) >= core.limits().emptyPayloadLag()) {
            propose(turn, parent.ref(), rank, context, List.of());
            return true;
        }
        question = new Question(parent.ref(), rank, context);
        turn.effect(
                new Effect.BuildPayload(
                        new Height(round),
                        parent.ref(),
                        context,
                        pool.payloadsAbove(parent, certified)));
        return false;
    }

    /// Takes the answer to [Effect.BuildPayload]; one that comes too late is dropped.
    public void payloadBuilt(Turn turn, BlockRef parent, List<IngressBody> ingress) {
        Question asked = question;
        if (asked == null || !asked.parent().equals(parent)) {
            return;
        }
        question = null;
        if (core.pool().round() != parent.height().value() + 1) {
            return;
        }
        if (ingress.isEmpty() && !clock.isWantedEmpty(turn)) {
            // Ingress is held, but none that may be included: no reason to make empty blocks as
            // fast as the network can.
            restNanos = turn.nanos() + core.limits().gatherNanos();
            return;
        }
        propose(turn, parent, asked.rank(), asked.context(), ingress);
    }

    private void propose(
            Turn turn,
            BlockRef parent,
            Rank rank,
            BlockContext context,
            List<IngressBody> ingress) {
        List<IngressRef> refs = new ArrayList<>(ingress.size());
        for (IngressBody body : ingress) {
            refs.add(new IngressRef(body.id(), body.hash()));
        }
        Block block =
                new Block(
                        parent.height().next(),
                        parent.hash(),
                        rank,
                        core.committee().self(),
                        context,
                        new Payload(refs));
        Digest hash = ArtifactCodec.hash(block);
        Blob signature =
                core.crypto().sign(core.signed().proposal(new BlockRef(block.height(), hash)));
        BlockProposal proposal = new BlockProposal(block, hash, signature, ingress);
        core.pool().propose(proposal, turn.nanos());
        core.pool().at(block.height().value()).seen(turn.nanos());
        turn.broadcast(proposal);
    }
}
