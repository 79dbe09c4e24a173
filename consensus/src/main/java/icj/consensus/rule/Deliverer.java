package icj.consensus.rule;

import icj.consensus.Effect;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Digest;
import icj.types.artifact.Artifact.Tape;
import icj.types.artifact.BlockContext;
import icj.types.message.Batch;

/// Hands final blocks to execution, in order and not too many at a time. Block, bodies and
/// finalization are in the journal by then: batches leave after the turn's write (R-C2).
public final class Deliverer {
    private final Core core;
    private long delivered;

    /// @param executed the height at which the state was restored
    public Deliverer(Core core, long executed) {
        this.core = core;
        this.delivered = executed;
    }

    /// The highest batch handed out.
    public long delivered() {
        return delivered;
    }

    /// Hands out what it can.
    public void run(Turn turn) {
        Pool pool = core.pool();
        while (delivered < pool.finalized()
                && delivered < pool.executed() + core.limits().batchesInFlightMax()) {
            HeightState state = pool.get(delivered + 1);
            BlockEntry entry = state == null ? null : state.finalBlock();
            if (state == null || entry == null) {
                return;
            }
            BlockContext context = entry.block().context();
            Digest randomness = null;
            if (context.drawsTape()) {
                Tape tape = state.tape();
                if (tape == null) {
                    return;
                }
                randomness = core.crypto().seed(tape.signature());
            }
            delivered++;
            turn.effect(
                    new Effect.DeliverBatch(
                            new Batch(
                                    entry.block().height(),
                                    context.time(),
                                    context.registryVersion(),
                                    context.certified(),
                                    entry.hash(),
                                    entry.maker(),
                                    entry.proposal().bodies(),
                                    randomness)));
        }
    }

    /// Whether the next batch waits for its tape.
    public boolean isShortOfTape() {
        HeightState state = core.pool().get(delivered + 1);
        BlockEntry entry = state == null ? null : state.finalBlock();
        return state != null
                && entry != null
                && entry.block().context().drawsTape()
                && state.tape() == null;
    }
}
