package icj.consensus.pool;

import icj.types.Digest;
import icj.types.NodeId;
import icj.types.artifact.Artifact.BlockProposal;
import icj.types.artifact.Block;
import icj.types.artifact.BlockRef;

/// A proposal in memory and what is known about it.
public final class BlockEntry {
    /// How far the check went.
    public enum State {
        /// Signature and bodies are right; the rest is not checked yet.
        RECEIVED,

        /// The payload is being validated.
        CHECKING,

        /// It may be notarized, or it is.
        VALID,

        /// It may not.
        INVALID
    }

    private final BlockProposal proposal;
    private final int bytes;
    private final long receivedNanos;
    private State state;
    private boolean stored;
    private boolean notarized;
    private long retryNanos = Long.MIN_VALUE;

    BlockEntry(BlockProposal proposal, int bytes, long receivedNanos, State state) {
        this.proposal = proposal;
        this.bytes = bytes;
        this.receivedNanos = receivedNanos;
        this.state = state;
    }

    /// The proposal.
    public BlockProposal proposal() {
        return proposal;
    }

    /// The block.
    public Block block() {
        return proposal.block();
    }

    /// Its hash.
    public Digest hash() {
        return proposal.hash();
    }

    /// Its name.
    public BlockRef ref() {
        return proposal.ref();
    }

    /// Its maker.
    public NodeId maker() {
        return proposal.block().maker();
    }

    /// Its height.
    public long height() {
        return proposal.block().height().value();
    }

    /// Its rank.
    public int rank() {
        return proposal.block().rank().value();
    }

    /// About how many bytes it takes.
    public int bytes() {
        return bytes;
    }

    /// When it came, by the monotonic clock (R-C12).
    public long receivedNanos() {
        return receivedNanos;
    }

    /// How far the check went.
    public State state() {
        return state;
    }

    /// Sets how far the check went.
    public void state(State next) {
        state = next;
    }

    /// Before when a payload that could not be judged is not asked about again.
    public long retryNanos() {
        return retryNanos;
    }

    /// Sets it.
    public void retryNanos(long monotonicNanos) {
        retryNanos = monotonicNanos;
    }

    /// Whether block and bodies are in the journal, or in the write of this turn.
    public boolean stored() {
        return stored;
    }

    void markStored() {
        stored = true;
    }

    /// Whether it is notarized, and so are all its ancestors.
    public boolean notarized() {
        return notarized;
    }

    void markNotarized() {
        notarized = true;
        state = State.VALID;
    }
}
