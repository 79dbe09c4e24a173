package icj.state.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import icj.state.model.Lifecycle;
import icj.state.model.MemoryKind;
import icj.state.model.MessageQueues;
import icj.state.model.ModuleCode;
import icj.state.model.PageMap;
import icj.state.model.PagedBytes;
import icj.state.model.RecordTable;
import icj.state.model.ReplicatedState;
import icj.state.model.StateCodec;
import icj.state.model.StateLayout;
import icj.state.tree.Records;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.Height;
import icj.types.SubnetId;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// Modules and chunks are in memory only until they are written.
final class ModulesOnDiskTest {
    private static final int CACHED_PAGES = 4;
    private static final Limits LIMITS =
            new Limits(
                    (long) CACHED_PAGES * PageMap.PAGE_BYTES,
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

    private static final CanisterId FIRST = CanisterId.ofNumber(1);
    private static final CanisterId SECOND = CanisterId.ofNumber(2);

    private final List<String> failures = new ArrayList<>();
    private final Prng prng = Prng.fromProperty();
    private final ReplicatedState genesis =
            ReplicatedState.genesis(
                    new SubnetId(Principal.of(prng.bytes(29))), new ConsensusTime(1), 0);

    @TempDir Path directory;

    @Test
    void theyLeaveMemoryOnceWritten() throws Exception {
        Blob wasm = Blob.of(prng.bytes(300_001));
        Blob chunk = Blob.of(prng.bytes(100_003));
        ReplicatedState with = next(genesis, canister(FIRST, module(wasm), chunk));
        try (RocksStateStore<ReplicatedState> store = open(new StateCodec())) {
            assertNull(store.load());
            store.offer(with);
            assertTrue(store.dirtyBytes() >= 400_004, "what waits to be written counts");
            store.flush();
            assertEquals(wasm, wasm(with, FIRST));
            assertEquals(chunk, chunk(with, chunk));
            assertTrue(store.cachedBytes() <= LIMITS.pageCacheBytes());
        }
        // The store is closed: what does not lie in its cache can be read nowhere.
        assertThrows(IllegalStateException.class, () -> wasm(with, FIRST));
        assertThrows(IllegalStateException.class, () -> chunk(with, chunk));

        try (RocksStateStore<ReplicatedState> store = open(new StateCodec())) {
            ReplicatedState loaded = Objects.requireNonNull(store.load());
            assertEquals(with.root(), loaded.root());
            assertEquals(0, store.cachedBytes(), "nothing is read before it is needed");
            assertEquals(wasm, wasm(loaded, FIRST));
            assertEquals(chunk, chunk(loaded, chunk));
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void anOlderStateReadsWhatIsGoneFromTheNewer() throws Exception {
        Blob wasm = Blob.of(prng.bytes(200_000));
        Blob other = Blob.of(prng.bytes(100_000));
        ReplicatedState with = next(genesis, canister(FIRST, module(wasm), wasm));
        try (RocksStateStore<ReplicatedState> store = open(new StateCodec())) {
            assertNull(store.load());
            store.offer(with);
            store.flush();
            ReplicatedState without = next(with, canister(FIRST, module(other), other));
            store.offer(without);
            store.flush();
            ReplicatedState later = next(without, canister(SECOND, null, null));
            store.offer(later);
            store.flush();
            assertEquals(wasm, wasm(with, FIRST));
            assertEquals(wasm, chunk(with, wasm));
            assertEquals(other, wasm(later, FIRST));
        }
        try (RocksStateStore<ReplicatedState> store = open(new StateCodec())) {
            ReplicatedState loaded = Objects.requireNonNull(store.load());
            assertEquals(1, loaded.modules().size());
            assertEquals(other, wasm(loaded, FIRST));
            assertEquals(other, chunk(loaded, other));
        }
        assertEquals(List.of(), failures);
    }

    /// Two installations of one round know nothing of each other; the bytes of one of them would
    /// never leave memory.
    @Test
    void canistersWithTheSameCodeShareIt() {
        Blob wasm = Blob.of(prng.bytes(10_000));
        ReplicatedState.Edit edit = genesis.edit();
        edit.put(canister(FIRST, module(wasm), null));
        edit.put(canister(SECOND, module(wasm), null));
        ReplicatedState state = NextState.of(edit, genesis);
        assertSame(module(state, FIRST), module(state, SECOND));
        assertSame(module(state, FIRST), state.modules().first().value());
    }

    @Test
    void aStateOfFormatOneIsRead() throws Exception {
        Blob wasm = Blob.of(prng.bytes(50_000));
        ReplicatedState with = next(genesis, canister(FIRST, module(wasm), wasm));
        openAsFormatOne();
        try (RocksStateStore<ReplicatedState> store = open(new FormatOne())) {
            assertNull(store.load());
            store.offer(with);
        }
        for (int opening = 0; opening < 2; opening++) {
            try (RocksStateStore<ReplicatedState> store = open(new StateCodec())) {
                ReplicatedState loaded = Objects.requireNonNull(store.load());
                assertEquals(with.root(), loaded.root());
                assertEquals(wasm, wasm(loaded, FIRST));
                assertEquals(wasm, chunk(loaded, wasm));
                with = next(loaded, canister(SECOND, module(wasm), wasm));
                store.offer(with);
            }
        }
        StoreException e = assertThrows(StoreException.class, this::openAsFormatOne);
        assertEquals(StoreException.Reason.NEWER_FORMAT, e.reason());
        assertEquals(List.of(), failures);
    }

    private void openAsFormatOne() throws StoreException {
        RocksFiles.open(
                        directory,
                        new RocksFiles.Identity(1, Digest.ZERO),
                        LIMITS,
                        (options, table) -> {},
                        null)
                .close();
    }

    private RocksStateStore<ReplicatedState> open(StateLayout<ReplicatedState> layout)
            throws StoreException {
        return RocksStateStore.open(directory, Digest.ZERO, layout, LIMITS, failures::add);
    }

    private static ModuleCode module(ReplicatedState state, CanisterId id) {
        CanisterState canister = Objects.requireNonNull(state.canister(id));
        return Objects.requireNonNull(canister.module());
    }

    private static Blob wasm(ReplicatedState state, CanisterId id) {
        return module(state, id).wasm().toBlob();
    }

    private static Blob chunk(ReplicatedState state, Blob chunk) {
        CanisterState canister = Objects.requireNonNull(state.canister(FIRST));
        return Objects.requireNonNull(canister.chunks().get(Sha256.of(chunk.shared()))).toBlob();
    }

    private static ModuleCode module(Blob wasm) {
        List<ModuleCode.Section> metadata =
                List.of(new ModuleCode.Section("candid:service", true, Blob.of(new byte[] {7})));
        return new ModuleCode(Sha256.of(wasm.shared()), PagedBytes.of(wasm), metadata, false);
    }

    private static CanisterState canister(
            CanisterId id, @Nullable ModuleCode module, @Nullable Blob chunk) {
        return new CanisterState(
                id,
                CanisterSettings.defaults(List.of(Principal.of(new byte[] {1}))),
                new Lifecycle.Running(),
                module,
                CanisterMemory.empty(MemoryKind.HEAP),
                CallTable.EMPTY,
                MessageQueues.EMPTY,
                CanisterHistory.EMPTY,
                CanisterLog.EMPTY,
                chunk == null
                        ? ChunkStore.EMPTY
                        : ChunkStore.EMPTY.with(
                                new ChunkStore.Chunk(
                                        Sha256.of(chunk.shared()), PagedBytes.of(chunk))),
                new CanisterState.Vitals(
                        Cycles.ZERO, Cycles.ZERO, Cycles.ZERO, 1, Blob.EMPTY, 0, 1, 0, 0, false));
    }

    private static ReplicatedState next(ReplicatedState state, CanisterState canister) {
        ReplicatedState.Edit edit = state.edit();
        edit.put(canister);
        return NextState.of(edit, state);
    }

    /// The records as format 1 had them: the bytes of modules and chunks in them.
    private static final class FormatOne implements StateLayout<ReplicatedState> {
        private final StateCodec now = new StateCodec();
        private final List<RecordTable<ReplicatedState, ?>> tables;

        FormatOne() {
            List<RecordTable<ReplicatedState, ?>> known = now.tables();
            tables =
                    List.of(
                            known.get(0),
                            known.get(1),
                            known.get(2),
                            new Inline<>(
                                    4,
                                    ReplicatedState::modules,
                                    known.get(3).empty(),
                                    FormatOne::module),
                            new Inline<>(
                                    5,
                                    ReplicatedState::chunks,
                                    known.get(4).empty(),
                                    PagedBytes::toBlob));
        }

        private static Blob module(ModuleCode module) {
            ByteWriter out = new ByteWriter();
            out.digest(module.hash()).bool(module.heartbeat()).blob(module.wasm().toBlob());
            out.count(module.metadata().size());
            for (ModuleCode.Section section : module.metadata()) {
                out.text(section.name()).bool(section.open()).blob(section.content());
            }
            return out.toBlob();
        }

        @Override
        public Height height(ReplicatedState state) {
            return now.height(state);
        }

        @Override
        public Digest root(ReplicatedState state) {
            return now.root(state);
        }

        @Override
        public List<RecordTable<ReplicatedState, ?>> tables() {
            return tables;
        }

        @Override
        public ReplicatedState restore(Height height, List<Records<?>> entries)
                throws MalformedException {
            return now.restore(height, entries);
        }
    }

    private record Inline<V>(
            int number,
            Function<ReplicatedState, Records<V>> of,
            Records<?> nothing,
            Function<V, Blob> encoding)
            implements RecordTable<ReplicatedState, V> {
        @Override
        public byte id() {
            return (byte) number;
        }

        @Override
        public Records<V> entries(ReplicatedState state) {
            return of.apply(state);
        }

        @Override
        @SuppressWarnings("unchecked") // It has no entries.
        public Records<V> empty() {
            return (Records<V>) nothing;
        }

        @Override
        public Blob encode(V value) {
            return encoding.apply(value);
        }

        @Override
        public V decode(Blob key, Blob bytes, List<PageMap> memories) {
            throw new UnsupportedOperationException("Only written");
        }
    }
}
