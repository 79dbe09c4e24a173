package icj.state.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.state.tree.LabelTree;
import icj.state.tree.SortedTrie;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The packed history against the two plain tries that it stands for.
final class IngressHistoryTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Principal SENDER = Principal.of(new byte[] {1, 2, 3});
    private static final SubnetId SUBNET = new SubnetId(Principal.of(new byte[29]));

    @Test
    void digestsWitnessesAndChangesAreThoseOfPlainTries() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 60; round++) {
            Pair pair = new Pair();
            int ids = 1 + prng.below(round % 3 == 0 ? 300 : 40);
            for (int step = 0; step < 25; step++) {
                IngressHistory before = pair.history;
                Map<Blob, IngressEntry> entriesBefore = new TreeMap<>(pair.entries);
                for (int i = prng.below(step == 0 ? 2 * ids : 30); i > 0; i--) {
                    RequestId id = id(round, prng.below(ids));
                    if (prng.chance(step % 5 == 4 ? 0.9 : 0.2)) {
                        pair.remove(id);
                    } else {
                        pair.put(entry(prng, id));
                    }
                }
                pair.check(prng, id(round, prng.below(2 * ids)));
                checkChanges(before, entriesBefore, pair.history, pair.entries);
                checkChanges(pair.history, pair.entries, before, entriesBefore);
                checkChanges(IngressHistory.EMPTY, Map.of(), pair.history, pair.entries);
                checkChanges(pair.history, pair.entries, IngressHistory.EMPTY, Map.of());
            }
        }
    }

    @Test
    void changesBetweenUnrelatedHistoriesAreFound() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 300; round++) {
            Pair first = new Pair();
            Pair second = new Pair();
            for (int i = prng.below(60); i > 0; i--) {
                IngressEntry entry = entry(prng, id(round, prng.below(80)));
                if (prng.chance(0.6)) {
                    first.put(entry);
                }
                if (prng.chance(0.6)) {
                    second.put(entry);
                }
            }
            checkChanges(first.history, first.entries, second.history, second.entries);
        }
    }

    @Test
    void forgettingAndSheddingFollowTheSeconds() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 40; round++) {
            ReplicatedState state = ReplicatedState.genesis(SUBNET, new ConsensusTime(1), 0);
            Map<Blob, IngressEntry> model = new TreeMap<>();
            long now = 10 * SECOND;
            for (int step = 0; step < 30; step++) {
                ReplicatedState.Edit edit = state.edit();
                now += prng.below(2_000) * 1_000_000L;
                long second = now / SECOND;
                edit.forget(new ConsensusTime(now));
                model.values()
                        .removeIf(entry ->
                                entry.forgetAt() != 0 && entry.forgetAt() / SECOND < second);
                for (int i = prng.below(40); i > 0; i--) {
                    RequestId id = id(1, prng.below(400));
                    IngressEntry present = model.get(key(id));
                    if (present != null && present.forgetAt() != 0) {
                        continue;
                    }
                    IngressEntry entry = entry(prng, id);
                    long forgetAt = prng.chance(0.2) ? 0 : now + prng.below(5_000) * 1_000_000L;
                    entry = entry.with(entry.status(), forgetAt);
                    edit.put(entry);
                    model.put(key(id), entry);
                }
                if (prng.chance(0.3)) {
                    long bytesMax = prng.below(4_000);
                    edit.shedAnswers(bytesMax);
                    shed(model, bytesMax);
                }
                state = edit.commit(state.system());
                assertEquals(bytes(model), state.ingressBytes());
                ReplicatedState.Edit plain =
                        ReplicatedState.genesis(SUBNET, new ConsensusTime(1), 0).edit();
                model.values().forEach(plain::put);
                ReplicatedState expected = plain.commit(state.system());
                assertEquals(expected.root(), state.root());
                assertEquals(expected.requestLabels().digest(), state.requestLabels().digest());
                assertEquals(model.size(), state.ingress().size());
            }
        }
    }

    /// Whoever sends calls chooses their ids within limits: those that begin alike are told apart.
    @Test
    void idsThatBeginAlikeAreForgottenAtTheirOwnTimes() {
        ReplicatedState.Edit edit = ReplicatedState.genesis(SUBNET, new ConsensusTime(1), 0).edit();
        for (int i = 0; i < 40; i++) {
            byte[] id = new byte[Digest.LENGTH];
            id[Digest.LENGTH - 1 - i % 20] = (byte) (1 + i);
            edit.put(
                    new IngressEntry(
                            new RequestId(Digest.of(id)),
                            SENDER,
                            CanisterId.MANAGEMENT,
                            new IngressEntry.Status.Done(),
                            (1 + i) * SECOND));
        }
        for (int i = 0; i <= 40; i++) {
            edit.forget(new ConsensusTime((1 + i) * SECOND));
            assertEquals(40 - i, edit.ingressCount());
        }
    }

    /// What was shed is not looked at again, at each height for five minutes.
    @Test
    void sheddingGoesOnWhereItEnded() {
        ReplicatedState state = ReplicatedState.genesis(SUBNET, new ConsensusTime(1), 0);
        ReplicatedState.Edit edit = state.edit();
        for (int i = 0; i < 100; i++) {
            edit.put(replied(i, (100 + i / 10) * SECOND));
        }
        edit.shedAnswers(555);
        state = edit.commit(state.system());
        assertEquals(500, state.ingressBytes());
        assertEquals(105, state.answersFrom());
        // An answer that comes to a second that was shed is found all the same.
        edit = state.edit();
        edit.put(replied(100, 102 * SECOND));
        assertEquals(102, edit.commit(state.system()).answersFrom());
        edit.shedAnswers(500);
        state = edit.commit(state.system());
        assertEquals(500, state.ingressBytes());
        assertEquals(103, state.answersFrom());
    }

    private static IngressEntry replied(int number, long forgetAt) {
        return new IngressEntry(
                id(3, number),
                SENDER,
                CanisterId.MANAGEMENT,
                new IngressEntry.Status.Replied(Blob.of(new byte[10])),
                forgetAt);
    }

    private static void shed(Map<Blob, IngressEntry> model, long bytesMax) {
        Map<Long, List<IngressEntry>> seconds = new TreeMap<>();
        for (IngressEntry entry : model.values()) {
            if (entry.forgetAt() != 0) {
                seconds.computeIfAbsent(entry.forgetAt() / SECOND, _ -> new ArrayList<>())
                        .add(entry);
            }
        }
        for (List<IngressEntry> second : seconds.values()) {
            if (bytes(model) <= bytesMax) {
                return;
            }
            for (IngressEntry entry : second) {
                if (entry.status().isAnswered()) {
                    model.put(
                            key(entry.id()),
                            entry.with(new IngressEntry.Status.Done(), entry.forgetAt()));
                }
            }
        }
    }

    private static long bytes(Map<Blob, IngressEntry> model) {
        return model.values().stream().mapToLong(entry -> entry.status().bytes()).sum();
    }

    /// The packed history and what it stands for.
    private static final class Pair {
        private static final SortedTrie.Hasher<IngressEntry> HASHER =
                new SortedTrie.Hasher<>() {
                    @Override
                    public Digest empty() {
                        return Sha256.of(new byte[] {0});
                    }

                    @Override
                    public Digest entry(Blob key, IngressEntry value) {
                        return Sha256.of(
                                new byte[] {1, 32},
                                key.toBytes(),
                                Sha256.of(value.bytes()).toBytes());
                    }

                    @Override
                    public Digest fork(Digest left, Digest right) {
                        return Sha256.of(new byte[] {2}, left.toBytes(), right.toBytes());
                    }
                };

        private IngressHistory history = IngressHistory.EMPTY;
        private SortedTrie<IngressEntry> state = SortedTrie.empty(HASHER);
        private LabelTree labels = LabelTree.EMPTY;
        private final Map<Blob, IngressEntry> entries = new TreeMap<>();

        void put(IngressEntry entry) {
            Blob key = key(entry.id());
            history = history.with(entry);
            state = state.with(key, entry);
            labels = labels.with(key, entry.unfold());
            entries.put(key, entry);
        }

        void remove(RequestId id) {
            history = history.without(id);
            state = state.without(key(id));
            labels = labels.without(key(id));
            entries.remove(key(id));
        }

        void check(Prng prng, RequestId other) {
            assertEquals(entries.size(), history.size());
            assertEquals(state.digest(), history.digest());
            assertEquals(labels.digest(), history.labels().digest());
            List<List<Blob>> paths = new ArrayList<>();
            Blob reply = Blob.of("reply".getBytes());
            paths.add(prng.chance(0.5) ? List.of(key(other)) : List.of(key(other), reply));
            for (Blob key : entries.keySet()) {
                if (prng.chance(0.1)) {
                    paths.add(prng.chance(0.5) ? List.of(key) : List.of(key, reply));
                }
                if (prng.chance(0.1)) {
                    // The beginning of an id, and more than one, are labels that nobody has.
                    paths.add(List.of(prng.chance(0.5) ? key.slice(0, 31) : longer(key)));
                }
            }
            if (prng.chance(0.2)) {
                paths = List.of(List.of());
            }
            assertEquals(labels.witness(paths), history.labels().witness(paths));
            List<Blob> keys = new ArrayList<>();
            history.labels().items().forEach(entry -> keys.add(entry.key()));
            assertEquals(List.copyOf(entries.keySet()), keys);
            for (IngressEntry entry : entries.values()) {
                assertEquals(entry, plain(history.get(entry.id())));
            }
            assertEquals(entries.get(key(other)), plain(history.get(other)));
            assertEquals(labels.get(key(other)) == null, history.labels().get(key(other)) == null);
        }

        private static Blob longer(Blob key) {
            byte[] bytes = new byte[33];
            System.arraycopy(key.shared(), 0, bytes, 0, 32);
            return Blob.owning(bytes);
        }
    }

    private static void checkChanges(
            IngressHistory before,
            Map<Blob, IngressEntry> entriesBefore,
            IngressHistory after,
            Map<Blob, IngressEntry> entriesAfter) {
        List<Blob> seen = new ArrayList<>();
        after.changesSince(
                before,
                (key, old, now) -> {
                    assertEquals(entriesBefore.get(key), plain(old));
                    assertEquals(entriesAfter.get(key), plain(now));
                    assertTrue(seen.isEmpty() || seen.getLast().compareTo(key) < 0);
                    seen.add(key);
                });
        Map<Blob, IngressEntry> all = new TreeMap<>(entriesBefore);
        all.putAll(entriesAfter);
        for (Blob key : all.keySet()) {
            IngressEntry old = entriesBefore.get(key);
            IngressEntry now = entriesAfter.get(key);
            boolean same = old == null ? now == null : old.equals(now);
            if (same) {
                // A long answer may be reported although it was put again with equal bytes.
                boolean mayBe = old != null && old.status().bytes() > 50;
                assertTrue(mayBe || !seen.contains(key));
            } else {
                assertTrue(seen.contains(key));
            }
        }
    }

    /// Ids spread like hashes in some rounds, and with long common beginnings in others.
    private static RequestId id(int round, int number) {
        byte[] hash = Sha256.of(new byte[] {(byte) number, (byte) (number >> 8)}).toBytes();
        if (round % 3 == 2) {
            byte[] id = new byte[Digest.LENGTH];
            id[number % Digest.LENGTH] = hash[0];
            id[(number * 7) % Digest.LENGTH] |= (byte) (hash[1] & 0x81);
            return new RequestId(Digest.owning(id));
        }
        return new RequestId(Digest.owning(hash));
    }

    private static IngressEntry entry(Prng prng, RequestId id) {
        IngressEntry.Status status =
                switch (prng.below(6)) {
                    case 0 -> new IngressEntry.Status.Received();
                    case 1 -> new IngressEntry.Status.Processing();
                    case 2 -> new IngressEntry.Status.Done();
                    case 3 ->
                            new IngressEntry.Status.Rejected(
                                    prng.below(6), "why ".repeat(prng.below(60)), "IC0503");
                    default ->
                            new IngressEntry.Status.Replied(
                                    Blob.of(prng.bytes(prng.below(prng.chance(0.2) ? 600 : 30))));
                };
        return new IngressEntry(
                id,
                Principal.of(prng.bytes(prng.below(30))),
                CanisterId.ofNumber(prng.below(3)),
                status,
                prng.chance(0.3) ? 0 : prng.between(1, 1000) * SECOND);
    }

    /// The entry with its answer as a value.
    private static @Nullable IngressEntry plain(@Nullable IngressEntry entry) {
        return entry == null ? null : entry.with(entry.status().plain(), entry.forgetAt());
    }

    private static Blob key(RequestId id) {
        return Blob.owning(id.digest().shared());
    }

    @Test
    void anEmptyHistoryHasTheDigestsOfEmptyTries() {
        @Nullable IngressEntry unknown = IngressHistory.EMPTY.get(id(0, 1));
        assertNull(unknown);
        assertEquals(new Pair().state.digest(), IngressHistory.EMPTY.digest());
        assertEquals(LabelTree.EMPTY.digest(), IngressHistory.EMPTY.labels().digest());
    }
}
