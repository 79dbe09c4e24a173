package icj.replica.loop;

import icj.consensus.Effect;
import icj.types.Blob;
import icj.types.NodeId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Sends peers what they fetch from the journal (R-C15), on a thread of its own: reading megabytes
/// must not stand before the blocks that consensus waits for. What finds no place is dropped, as
/// the peer asks again.
public final class StoredSender {
    /// Where the records go.
    @FunctionalInterface
    public interface Link {
        /// One record for a peer.
        ///
        /// @return false when the peer is gone or its queue is full: then no more is read for it
        boolean send(NodeId to, Blob artifact);
    }

    /// What waits or is being read for one peer: two whole answers to a fetch of the chain, of four
    /// ranges each.
    static final int RANGES_PER_PEER_MAX = 8;

    private static final Logger LOG = LoggerFactory.getLogger(StoredSender.class);

    private final JournalStore journal;
    private final Link link;
    private final Executor worker;
    private final Map<NodeId, Set<Effect.SendStored>> underWay = new HashMap<>();

    /// @param worker one thread with a short queue
    public StoredSender(JournalStore journal, Link link, Executor worker) {
        this.journal = journal;
        this.link = link;
        this.worker = worker;
    }

    /// Sends a range soon, unless it is on its way already.
    void send(Effect.SendStored range) {
        if (!begin(range)) {
            return;
        }
        try {
            worker.execute(() -> {
                try {
                    read(range);
                } finally {
                    end(range);
                }
            });
        } catch (RejectedExecutionException e) {
            end(range);
            LOG.debug("The queue is full: the peer will ask again", e);
        }
    }

    private synchronized boolean begin(Effect.SendStored range) {
        Set<Effect.SendStored> same = underWay.computeIfAbsent(range.to(), _ -> new HashSet<>());
        return same.size() < RANGES_PER_PEER_MAX && same.add(range);
    }

    private synchronized void end(Effect.SendStored range) {
        Set<Effect.SendStored> same = underWay.get(range.to());
        if (same != null) {
            same.remove(range);
        }
    }

    private void read(Effect.SendStored range) {
        int[] sent = {0};
        journal.scanWhile(
                range.from(),
                range.until(),
                (_, value) -> {
                    if (sent[0] > 0 && sent[0] + value.length() > range.bytesMax()) {
                        return false;
                    }
                    sent[0] += value.length();
                    return link.send(range.to(), value);
                });
    }
}
