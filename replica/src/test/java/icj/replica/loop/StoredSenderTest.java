package icj.replica.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.candid.Principal;
import icj.consensus.Effect;
import icj.consensus.pool.JournalKeys;
import icj.consensus.pool.PoolChange;
import icj.types.Blob;
import icj.types.NodeId;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;

final class StoredSenderTest {
    private static final int RECORDS = 20;
    private static final NodeId PEER = new NodeId(Principal.of(new byte[] {1, 7}));
    private static final NodeId OTHER = new NodeId(Principal.of(new byte[] {2, 7}));

    private final TreeMap<Blob, Blob> records = new TreeMap<>();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private int taken = Integer.MAX_VALUE;
    private int read;
    private final StoredSender sender =
            new StoredSender(
                    new Journal(),
                    (to, artifact) -> {
                        if (sent.size() >= taken) {
                            return false;
                        }
                        sent.add((to.equals(PEER) ? "a" : "b") + artifact);
                        return true;
                    },
                    queue::add);

    /// Each record has one byte.
    private final class Journal implements JournalStore {
        @Override
        public void write(List<PoolChange> changes, boolean synced) {
            throw new AssertionError("Who serves peers writes nothing");
        }

        @Override
        public void scan(Blob from, Blob until, Visitor visitor) {
            throw new AssertionError("Who serves peers stops when there is enough");
        }

        @Override
        public void scanWhile(Blob from, Blob until, UntilEnough visitor) {
            for (Map.Entry<Blob, Blob> record : records.subMap(from, until).entrySet()) {
                read++;
                if (!visitor.record(record.getKey(), record.getValue())) {
                    return;
                }
            }
        }
    }

    StoredSenderTest() {
        for (int h = 1; h <= RECORDS; h++) {
            records.put(JournalKeys.of(JournalKeys.CHAIN, h), Blob.of(new byte[] {(byte) h}));
        }
    }

    private static Effect.SendStored range(NodeId to, long from, int bytesMax) {
        return new Effect.SendStored(
                to,
                JournalKeys.of(JournalKeys.CHAIN, from),
                JournalKeys.end(JournalKeys.CHAIN),
                bytesMax);
    }

    private void work() {
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
    }

    @Test
    void sendsARangeUpToItsBytes() {
        sender.send(range(PEER, 2, 3));
        work();
        assertEquals(List.of("a02", "a03", "a04"), sent);
    }

    @Test
    void readsNoMoreForAPeerThatIsGoneOrSlow() {
        taken = 2;
        sender.send(range(PEER, 1, 1_000));
        work();
        assertEquals(2, sent.size());
        assertEquals(3, read);
    }

    @Test
    void aRangeThatIsOnItsWayIsNotReadTwice() {
        sender.send(range(PEER, 1, 2));
        sender.send(range(PEER, 1, 2));
        sender.send(range(OTHER, 1, 2));
        work();
        assertEquals(List.of("a01", "a02", "b01", "b02"), sent);
        sender.send(range(PEER, 1, 2));
        work();
        assertEquals(6, sent.size());
    }

    @Test
    void onePeerTakesAFewPlacesOnly() {
        for (int h = 1; h <= RECORDS; h++) {
            sender.send(range(PEER, h, 1));
        }
        sender.send(range(OTHER, 1, 1));
        assertEquals(StoredSender.RANGES_PER_PEER_MAX + 1, queue.size());
    }

    @Test
    void aFullQueueOrAFailureLeavesNothingBehind() {
        boolean[] full = {true};
        StoredSender refused =
                new StoredSender(
                        new Journal(),
                        (_, _) -> {
                            throw new IllegalStateException("a broken promise");
                        },
                        work -> {
                            if (full[0]) {
                                throw new RejectedExecutionException("full");
                            }
                            work.run();
                        });
        for (int i = 0; i <= StoredSender.RANGES_PER_PEER_MAX; i++) {
            refused.send(range(PEER, 1 + i, 1));
        }
        full[0] = false;
        for (int i = 0; i <= StoredSender.RANGES_PER_PEER_MAX; i++) {
            assertThrows(IllegalStateException.class, () -> refused.send(range(PEER, 1, 1)));
        }
    }
}
