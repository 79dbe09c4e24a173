package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.state.model.CallTable;
import icj.state.model.CanisterHistory;
import icj.state.model.CanisterLog;
import icj.state.model.CanisterMemory;
import icj.state.model.CanisterSettings;
import icj.state.model.CanisterState;
import icj.state.model.ChunkStore;
import icj.state.model.IngressEntry;
import icj.state.model.Lifecycle;
import icj.state.model.LongAnswer;
import icj.state.model.MemoryKind;
import icj.state.model.MessageQueues;
import icj.state.model.ModuleCode;
import icj.state.model.PageDelta;
import icj.state.model.PageMap;
import icj.state.model.PagedBytes;
import icj.state.model.ReplicatedState;
import icj.state.model.StateCodec;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.wire.Sha256;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The real state through the real store.
final class ReplicatedStateStoreTest {
    private static final Limits LIMITS =
            new Limits(
                    16L * PageMap.PAGE_BYTES,
                    Duration.ofHours(1),
                    Duration.ofHours(1),
                    0,
                    8 << 20,
                    16 << 20,
                    64 << 10,
                    1 << 20,
                    1 << 20,
                    32,
                    1 << 20);

    private final List<String> failures = new ArrayList<>();

    @TempDir Path directory;

    @Test
    void aRestartGoesOnWithTheSameRoots() throws Exception {
        Prng prng = Prng.fromProperty();
        SubnetId subnet = new SubnetId(Principal.of(prng.bytes(29)));
        ReplicatedState running = ReplicatedState.genesis(subnet, new ConsensusTime(1), 0);
        for (int opening = 0; opening < 6; opening++) {
            try (RocksStateStore<ReplicatedState> store =
                    RocksStateStore.open(
                            directory, Digest.ZERO, new StateCodec(), LIMITS, failures::add)) {
                ReplicatedState loaded = store.load();
                if (opening == 0) {
                    assertNull(loaded);
                    loaded = running;
                }
                assertEquals(running.root(), loaded.root());
                assertEquals(running.height(), loaded.height());
                // The same steps on the state that never left memory and on the loaded one.
                long seed = prng.bits();
                Prng first = Prng.of(seed);
                Prng second = Prng.of(seed);
                for (int i = 0; i < 15; i++) {
                    running = step(first, running);
                    loaded = step(second, loaded);
                    assertEquals(running.root(), loaded.root());
                    store.offer(loaded);
                    if (i % 5 == 4) {
                        store.flush();
                        // Long answers come from the store by now.
                        assertEquals(
                                running.requestLabels().witness(List.of(List.of())),
                                loaded.requestLabels().witness(List.of(List.of())));
                    }
                }
            }
            // Pages that lie in the closed store are not needed by the one that never left memory.
            assertEquals(List.of(), failures);
        }
    }

    /// Memory holds a long answer until it is written; what a newer state has forgotten can be read
    /// nowhere.
    @Test
    void longAnswersAreInTheStoreAloneOnceWritten() throws Exception {
        Prng prng = Prng.fromProperty();
        RequestId id = new RequestId(Sha256.of(prng.bytes(8)));
        Blob reply = Blob.of(prng.bytes(5_000));
        IngressEntry entry =
                new IngressEntry(
                        id,
                        Principal.of(new byte[] {2}),
                        CanisterId.ofNumber(1),
                        new IngressEntry.Status.Replied(reply),
                        5_000_000_000L);
        ReplicatedState genesis =
                ReplicatedState.genesis(
                        new SubnetId(Principal.of(prng.bytes(29))), new ConsensusTime(1), 0);
        ReplicatedState with = answered(genesis, entry);
        ReplicatedState shed = answered(with, entry.with(new IngressEntry.Status.Done(), 1));
        try (RocksStateStore<ReplicatedState> store =
                RocksStateStore.open(
                        directory, Digest.ZERO, new StateCodec(), LIMITS, failures::add)) {
            assertNull(store.load());
            store.offer(with);
            assertTrue(store.dirtyBytes() > 5_000);
            store.flush();
            assertEquals(entry.status(), status(with, id).plain());
            assertEquals(5_000, status(with, id).bytes());
        }
        try (RocksStateStore<ReplicatedState> store =
                RocksStateStore.open(
                        directory, Digest.ZERO, new StateCodec(), LIMITS, failures::add)) {
            ReplicatedState loaded = store.load();
            assertEquals(with.root(), loaded.root());
            assertEquals(with.requestLabels().digest(), loaded.requestLabels().digest());
            assertEquals(with.ingressBytes(), loaded.ingressBytes());
            assertEquals(entry.status(), status(loaded, id).plain());
            assertEquals("replied", status(loaded, id).text());
            store.offer(shed);
            store.flush();
            assertThrows(LongAnswer.GoneException.class, () -> status(loaded, id).plain());
            assertThrows(
                    LongAnswer.GoneException.class,
                    () -> loaded.requestLabels().witness(List.of(List.of())));
            assertEquals(with.root(), loaded.root());
            assertEquals(new IngressEntry.Status.Done(), status(shed, id));
        }
        assertEquals(List.of(), failures);
    }

    private static IngressEntry.Status status(ReplicatedState state, RequestId id) {
        return Objects.requireNonNull(state.ingress(id)).status();
    }

    private static ReplicatedState answered(ReplicatedState state, IngressEntry entry) {
        ReplicatedState.Edit edit = state.edit();
        edit.put(entry);
        return NextState.of(edit, state);
    }

    private static ReplicatedState step(Prng prng, ReplicatedState state) {
        ReplicatedState.Edit edit = state.edit();
        for (int i = prng.below(4); i > 0; i--) {
            CanisterId id = CanisterId.ofNumber(prng.below(5));
            CanisterState canister = edit.canister(id);
            if (canister != null && prng.chance(0.1)) {
                edit.remove(id);
                continue;
            }
            CanisterMemory memory =
                    canister == null || prng.chance(0.1)
                            ? CanisterMemory.empty(MemoryKind.HEAP)
                            : canister.memory();
            Blob code = Blob.of(("module " + prng.below(3)).getBytes());
            edit.put(
                    new CanisterState(
                            id,
                            CanisterSettings.defaults(List.of(Principal.of(new byte[] {1}))),
                            canister == null ? new Lifecycle.Running() : canister.lifecycle(),
                            prng.chance(0.2)
                                    ? null
                                    : new ModuleCode(
                                            Sha256.of(code.toBytes()),
                                            PagedBytes.of(code),
                                            List.of(),
                                            false),
                            new CanisterMemory(
                                    memory.heap().with(delta(prng)),
                                    20,
                                    memory.stable().with(delta(prng)),
                                    20,
                                    List.of(prng.bits())),
                            CallTable.EMPTY,
                            MessageQueues.EMPTY,
                            CanisterHistory.EMPTY,
                            CanisterLog.EMPTY,
                            ChunkStore.EMPTY,
                            new CanisterState.Vitals(
                                    Cycles.ZERO,
                                    Cycles.ZERO,
                                    Cycles.ZERO,
                                    prng.below(100),
                                    Blob.EMPTY,
                                    0,
                                    1,
                                    0,
                                    0,
                                    false)));
        }
        RequestId request = new RequestId(Sha256.of(prng.bytes(8)));
        edit.put(
                new IngressEntry(
                        request,
                        Principal.of(new byte[] {2}),
                        CanisterId.ofNumber(1),
                        new IngressEntry.Status.Replied(
                                Blob.of(prng.bytes(prng.chance(0.3) ? 3000 : 20))),
                        5_000_000_000L));
        return NextState.of(edit, state);
    }

    private static PageDelta delta(Prng prng) {
        PageDelta.Builder delta = new PageDelta.Builder();
        for (int i = prng.below(6); i > 0; i--) {
            delta.put(prng.below(300), prng.chance(0.2) ? null : page(prng));
        }
        return delta.build();
    }

    private static byte[] page(Prng prng) {
        byte[] page = new byte[PageMap.PAGE_BYTES];
        page[prng.below(PageMap.PAGE_BYTES)] = (byte) (1 + prng.below(100));
        return page;
    }
}
