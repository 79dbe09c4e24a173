package icj.consensus;

import icj.consensus.pool.JournalReader;

import java.util.List;

/// The consensus protocol of one node as a value machine.
public final class Consensus {
    /// The core of a node, as its journal left it. Reads the journal here and never again.
    public Consensus(ConsensusConfig config, SubnetCrypto crypto, JournalReader journal) {}

    /// Takes one input and appends what is to be done to `effects`. Never blocks, never reads a
    /// clock and never throws on what a peer sent.
    public void step(Input input, Now now, List<Effect> effects) {
        throw new UnsupportedOperationException();
    }

    /// When to call [#step] with [Input.WokenUp] at the latest, by the monotonic clock;
    /// [Long#MAX_VALUE] for never.
    public long nextWakeUpNanos() {
        throw new UnsupportedOperationException();
    }

    /// Where the core stands now.
    public ConsensusStatus status() {
        throw new UnsupportedOperationException();
    }
}
