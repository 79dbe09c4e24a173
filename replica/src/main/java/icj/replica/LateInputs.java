package icj.replica;

import icj.consensus.Input;
import icj.replica.loop.ConsensusLoop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Inputs for a consensus loop that is made after those who feed it: kept until it is there.
final class LateInputs {
    private final List<Input> early = new ArrayList<>();
    private volatile @Nullable ConsensusLoop loop;

    void tell(Input input) {
        ConsensusLoop open = loop;
        if (open == null) {
            synchronized (early) {
                open = loop;
                if (open == null) {
                    early.add(input);
                    return;
                }
            }
        }
        open.tell(input);
    }

    void open(ConsensusLoop consensus) {
        synchronized (early) {
            for (Input input : early) {
                consensus.tell(input);
            }
            early.clear();
            loop = consensus;
        }
    }
}
