package icj.consensus.rule;

import icj.consensus.ConsensusConfig;
import icj.consensus.Effect;
import icj.consensus.Limits;
import icj.consensus.Refusal;
import icj.consensus.SubnetCrypto;
import icj.consensus.membership.Committee;
import icj.consensus.membership.Ranking;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Blob;
import icj.types.artifact.Artifact;
import icj.types.artifact.Artifact.Beacon;
import icj.wire.ArtifactCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/// What all rules share.
public final class Core {
    /// The remedy where this node alone is at fault, as the end of a sentence.
    public static final String LEAVE_OUT =
            "; leave this node out, the others go on, and keep its folder for a report; the only"
                    + " node of a subnet goes back to a copy made while it was stopped";

    private final ConsensusConfig config;
    private final Committee committee;
    private final SubnetCrypto crypto;
    private final SignedBytes signed;
    private final Pool pool;
    private final EnumMap<Refusal, Long> refusals = new EnumMap<>(Refusal.class);
    private boolean halted;
    private long startNanos;

    /// @param pool filled from the journal
    public Core(
            ConsensusConfig config,
            Committee committee,
            SubnetCrypto crypto,
            SignedBytes signed,
            Pool pool) {
        this.config = config;
        this.committee = committee;
        this.crypto = crypto;
        this.signed = signed;
        this.pool = pool;
    }

    /// How the node was set up.
    public ConsensusConfig config() {
        return config;
    }

    /// Bounds and intervals.
    public Limits limits() {
        return config.limits();
    }

    /// Who takes part.
    public Committee committee() {
        return committee;
    }

    /// Signing and verifying.
    public SubnetCrypto crypto() {
        return crypto;
    }

    /// What signatures cover.
    public SignedBytes signed() {
        return signed;
    }

    /// What the node holds.
    public Pool pool() {
        return pool;
    }

    /// Counts something that was not taken; always false, for callers that return it.
    public boolean refuse(Refusal reason) {
        refusals.merge(reason, 1L, Long::sum);
        return false;
    }

    /// The counts.
    public EnumMap<Refusal, Long> refusals() {
        return refusals;
    }

    /// The ranking of a height, or null while the beacon below is missing.
    public @Nullable Ranking ranking(long height) {
        Ranking ranking = pool.ranking(height);
        if (ranking == null) {
            HeightState below = pool.get(height - 1);
            Beacon beacon = below == null ? null : below.beacon();
            if (beacon == null) {
                return null;
            }
            ranking = Ranking.of(committee, crypto.seed(beacon.signature()));
            pool.ranking(height, ranking);
        }
        return ranking;
    }

    /// Sets when the first step was, by the monotonic clock.
    public void startedAt(long monotonicNanos) {
        startNanos = monotonicNanos;
    }

    /// How long the block has been here; blocks read back from the journal count from the start.
    public long heldNanos(BlockEntry entry, long monotonicNanos) {
        return monotonicNanos - Math.max(startNanos, entry.receivedNanos());
    }

    /// The highest height of which artifacts are taken: not far above the own chain, nor, on a node
    /// that executes slowly, far above its state.
    public long windowTop() {
        return Math.min(
                pool.notarized() + limits().windowHeights(),
                pool.executed() + 2L * limits().certifiedLagMax() + limits().windowHeights());
    }

    /// How long the rank waits after the demand (R-C11).
    public long rankDelayNanos(int rank) {
        if (rank == 0) {
            return 0;
        }
        long gap = pool.round() - 1 - pool.finalized();
        long doublings = Math.min(gap, limits().delayExponentMax());
        return rank * (limits().delayNanos() << doublings);
    }

    /// Ends the process after the effects of this turn.
    ///
    /// @param reason cause, then remedy: docs/ERRORS.md has each of these sentences
    public void halt(Turn turn, String reason, Artifact... evidence) {
        List<Blob> encoded = new ArrayList<>();
        for (Artifact artifact : evidence) {
            encoded.add(ArtifactCodec.encode(artifact));
        }
        halted = true;
        turn.effect(new Effect.Halt(reason, encoded));
    }

    /// Whether [#halt] was called: nothing is done any more.
    public boolean halted() {
        return halted;
    }
}
