package icj.state.store;

import icj.state.model.MemoryKind;
import icj.state.model.PageCache;
import icj.state.model.PageMap;
import icj.state.model.RecordSource;
import icj.state.model.RecordTable;
import icj.state.model.StateLayout;
import icj.state.tree.Records;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes the difference of two states and reads a state back. A record is the number of its
/// memories, for each its kind, layer[8] and tree digest[32], then the value. For one thread at a
/// time.
final class StateWriter<S> implements AutoCloseable {
    private static final int MEMORY_BYTES = 1 + Long.BYTES + Digest.LENGTH;

    /// What a changed record counts as, for its size is known only when it is encoded.
    private static final int RECORD_BYTES = 256;

    private final RocksFiles files;
    private final StateLayout<S> layout;
    private final Limits limits;
    private final ReadOptions reading;
    private final PageCache cache;
    private final Layers layers = new Layers();
    private final FlushOptions flushing = new FlushOptions().setWaitForFlush(true);

    StateWriter(
            RocksFiles files,
            StateLayout<S> layout,
            Limits limits,
            ReadOptions reading,
            PageCache cache) {
        this.files = files;
        this.layout = layout;
        this.limits = limits;
        this.reading = reading;
        this.cache = cache;
    }

    /// How much one [#write] wrote.
    record Written(long pages, long bytes) {}

    /// A memory that was reported, to be told when its pages are on disk.
    private record Reported(PageMap.Flush flush, RocksPageStore store) {}

    /// A record to be written or removed (`value` null), with the memories it had and has.
    private record RecordChange(
            byte table,
            Blob key,
            @Nullable Blob value,
            List<PageMap> before,
            List<PageMap> after) {}

    /// Roughly the bytes in which two states differ, to decide when to write.
    static <S> long changedBytes(StateLayout<S> layout, @Nullable S before, S after) {
        long[] bytes = new long[1];
        for (RecordTable<S, ?> table : layout.tables()) {
            changedBytes(table, before, after, bytes);
        }
        return bytes[0];
    }

    /// Makes the store hold `after`; on return it is on disk.
    ///
    /// @param before what the store holds, null for nothing
    Written write(@Nullable S before, S after) {
        List<RecordChange> changes = new ArrayList<>();
        for (RecordTable<S, ?> table : layout.tables()) {
            collect(table, before, after, changes);
        }
        List<Reported> reported = new ArrayList<>();
        Set<Long> newLayers = new HashSet<>();
        long bytes = writeNewLayers(changes, newLayers, reported);
        bytes += writeChanges(changes, newLayers, after, reported);
        flush();
        long pages = 0;
        for (Reported memory : reported) {
            memory.flush().written(memory.store());
            pages += memory.flush().pages();
        }
        for (RecordTable<S, ?> table : layout.tables()) {
            tellStored(table, after, changes);
        }
        return new Written(pages, bytes);
    }

    private <V> void tellStored(RecordTable<S, V> table, S state, List<RecordChange> changes) {
        for (RecordChange change : changes) {
            if (change.table == table.id()
                    && change.value != null
                    && change.value.length() >= RecordTable.LARGE_BYTES) {
                table.stored(table.entries(state), change.key, source(table.id()));
            }
        }
    }

    private RecordSource source(byte table) {
        return key -> {
            byte[] found = StateKeys.record(table, key);
            byte[] record = files.<byte @Nullable []>run("A read", db -> db.get(reading, found));
            return record == null
                    ? null
                    : Blob.owning(record).slice(1 + record[0] * MEMORY_BYTES, record.length);
        };
    }

    /// The state that the store holds, null for nothing.
    @Nullable S load() throws StoreException {
        byte[] written = files.<byte @Nullable []>read(db -> db.get(StateKeys.WRITTEN));
        if (files.<byte @Nullable []>read(db -> db.get(StateKeys.WRITING)) != null) {
            throw RocksFiles.damaged(files.directory(), "it holds parts of two states");
        }
        S state = null;
        if (written != null) {
            if (written.length != Long.BYTES + Digest.LENGTH) {
                throw RocksFiles.damaged(files.directory(), "its height is unreadable");
            }
            ByteBuffer in = ByteBuffer.wrap(written);
            state = load(new Height(in.getLong()), digest(in));
        }
        findLeftOvers();
        return state;
    }

    @Override
    public void close() {
        flushing.close();
    }

    private static <S, V> void changedBytes(
            RecordTable<S, V> table, @Nullable S before, S after, long[] bytes) {
        Records<V> from = before == null ? table.empty() : table.entries(before);
        table.entries(after)
                .changesSince(
                        from,
                        (key, old, now) -> {
                            bytes[0] += RECORD_BYTES + key.length();
                            bytes[0] += now == null ? 0 : table.bytes(now);
                            List<PageMap> older = old == null ? List.of() : table.memories(old);
                            List<PageMap> newer = now == null ? List.of() : table.memories(now);
                            for (int i = 0; i < newer.size(); i++) {
                                PageMap was = i < older.size() ? older.get(i) : null;
                                PageMap to = newer.get(i);
                                if (was == null || !to.isVersionOf(was)) {
                                    was = PageMap.empty(to.kind());
                                }
                                bytes[0] += (long) to.pagesChangedSince(was) * PageMap.PAGE_BYTES;
                            }
                        });
    }

    private <V> void collect(
            RecordTable<S, V> table, @Nullable S before, S after, List<RecordChange> changes) {
        Records<V> from = before == null ? table.empty() : table.entries(before);
        table.entries(after)
                .changesSince(
                        from,
                        (key, old, now) ->
                                changes.add(
                                        new RecordChange(
                                                table.id(),
                                                key,
                                                now == null ? null : table.encode(now),
                                                old == null ? List.of() : table.memories(old),
                                                now == null ? List.of() : table.memories(now))));
    }

    /// Writes the memories that take no layer over, as a whole: no record names their layers yet,
    /// so a crash leaves nothing but layers to delete, and the library may write them bit by bit.
    private long writeNewLayers(
            List<RecordChange> changes, Set<Long> newLayers, List<Reported> reported) {
        try (StateBatch batch = new StateBatch(files, limits.batchBytes())) {
            long flushed = 0;
            for (RecordChange change : changes) {
                for (int i = 0; i < change.after.size(); i++) {
                    PageMap memory = change.after.get(i);
                    Layers.Slot slot = new Layers.Slot(change.table, change.key, i);
                    boolean goesOn =
                            i < change.before.size()
                                    && memory.isVersionOf(change.before.get(i))
                                    && layers.get(slot) != null;
                    if (!goesOn) {
                        RocksPageStore store = store(memory.kind(), layers.take());
                        layers.put(slot, store);
                        newLayers.add(store.layer());
                        reported.add(
                                new Reported(memory.changesSince(null, store.sink(batch)), store));
                        if (batch.bytes() - flushed >= limits.flushBytes()) {
                            batch.commit();
                            flush();
                            flushed = batch.bytes();
                        }
                    }
                }
            }
            batch.commit();
            return batch.bytes();
        }
    }

    /// Writes all else. The pieces lie in one buffer of the library until [#flush] writes it as one
    /// file, so that a crash leaves all of them or none; a mark that the last piece removes would
    /// show if that ever failed.
    private long writeChanges(
            List<RecordChange> changes, Set<Long> newLayers, S after, List<Reported> reported) {
        try (StateBatch batch = new StateBatch(files, limits.batchBytes())) {
            batch.put(StateKeys.WRITING, new byte[0]);
            for (long layer : layers.takeGarbage()) {
                batch.deleteRange(StateKeys.layer(layer), StateKeys.layer(layer + 1));
            }
            for (RecordChange change : changes) {
                writeChange(change, newLayers, batch, reported);
            }
            batch.put(
                    StateKeys.WRITTEN,
                    ByteBuffer.allocate(Long.BYTES + Digest.LENGTH)
                            .putLong(layout.height(after).value())
                            .put(layout.root(after).shared())
                            .array());
            batch.delete(StateKeys.WRITING);
            batch.commit();
            return batch.bytes();
        }
    }

    private void writeChange(
            RecordChange change, Set<Long> newLayers, StateBatch batch, List<Reported> reported) {
        byte[] key = StateKeys.record(change.table, change.key);
        for (int i = change.after.size(); i < change.before.size(); i++) {
            layers.drop(new Layers.Slot(change.table, change.key, i));
        }
        if (change.value == null) {
            batch.delete(key);
            return;
        }
        ByteBuffer record =
                ByteBuffer.allocate(1 + change.after.size() * MEMORY_BYTES + change.value.length());
        record.put((byte) change.after.size());
        for (int i = 0; i < change.after.size(); i++) {
            PageMap memory = change.after.get(i);
            RocksPageStore store = layers.get(new Layers.Slot(change.table, change.key, i));
            if (store == null) {
                throw new IllegalStateException("A memory that is written has a layer");
            }
            PageMap before = i < change.before.size() ? change.before.get(i) : null;
            if (!newLayers.contains(store.layer())) {
                reported.add(new Reported(memory.changesSince(before, store.sink(batch)), store));
            }
            record.put(memory.kind().code()).putLong(store.layer()).put(memory.tree().shared());
        }
        batch.put(key, record.put(change.value.shared()).array());
    }

    private void flush() {
        files.run(
                "A flush",
                db -> {
                    db.flush(flushing);
                    return true;
                });
    }

    private RocksPageStore store(MemoryKind kind, long layer) {
        return new RocksPageStore(files, reading, cache, kind, layer);
    }

    private S load(Height height, Digest root) throws StoreException {
        List<Records<?>> entries = new ArrayList<>();
        try {
            for (RecordTable<S, ?> table : layout.tables()) {
                entries.add(loadTable(table));
            }
            S state = layout.restore(height, entries);
            if (!layout.root(state).equals(root)) {
                throw RocksFiles.damaged(
                        files.directory(), "the state of height " + height + " has another root");
            }
            return state;
        } catch (MalformedException e) {
            throw RocksFiles.damaged(files.directory(), e.getMessage());
        }
    }

    private <V> Records<V> loadTable(RecordTable<S, V> table)
            throws StoreException, MalformedException {
        Records<V> entries = table.empty();
        List<byte[]> records = new ArrayList<>();
        byte[] next = StateKeys.table(table.id());
        byte[] end = StateKeys.table(table.id() + 1);
        do {
            records.clear();
            next = readRecords(next, end, records);
            for (int i = 0; i < records.size(); i += 2) {
                Blob key = StateKeys.recordKey(records.get(i));
                entries = entries.with(key, decode(table, key, records.get(i + 1)));
                if (records.get(i + 1).length >= RecordTable.LARGE_BYTES) {
                    table.stored(entries, key, source(table.id()));
                }
            }
        } while (next.length > 0);
        return entries;
    }

    /// Adds keys and values in turn, about a batch full of bytes.
    ///
    /// @return the key to go on with, empty at the end
    private byte[] readRecords(byte[] from, byte[] end, List<byte[]> records)
            throws StoreException {
        return files.read(db -> {
            long bytes = 0;
            try (RocksIterator entries = db.newIterator(reading)) {
                for (entries.seek(from); entries.isValid(); entries.next()) {
                    byte[] key = entries.key();
                    if (Arrays.compareUnsigned(key, end) >= 0) {
                        return new byte[0];
                    }
                    if (bytes >= limits.batchBytes()) {
                        return key;
                    }
                    byte[] value = entries.value();
                    bytes += key.length + value.length;
                    records.add(key);
                    records.add(value);
                }
                entries.status();
                return new byte[0];
            }
        });
    }

    private <V> V decode(RecordTable<S, V> table, Blob key, byte[] record)
            throws MalformedException {
        try {
            ByteBuffer in = ByteBuffer.wrap(record);
            int count = in.get();
            List<PageMap> memories = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int kind = in.get();
                if (kind < 0 || kind >= MemoryKind.values().length) {
                    throw new MalformedException("There is no memory of kind " + kind);
                }
                RocksPageStore store = store(MemoryKind.values()[kind], in.getLong());
                layers.put(new Layers.Slot(table.id(), key, i), store);
                memories.add(PageMap.stored(store.kind(), digest(in), store));
            }
            byte[] value = new byte[in.remaining()];
            in.get(value);
            return table.decode(key, Blob.owning(value), memories);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("A record is too short", e);
        }
    }

    /// Finds the layers that no record names: those of a write that a crash cut off, and those that
    /// were still in use when the process ended.
    private void findLeftOvers() throws StoreException {
        Set<Long> named = layers.numbers();
        files.read(db -> {
            try (RocksIterator entries = db.newIterator(reading)) {
                entries.seek(StateKeys.layer(0));
                while (entries.isValid() && StateKeys.isLayer(entries.key())) {
                    long layer = StateKeys.layerOf(entries.key());
                    layers.seen(layer);
                    if (!named.contains(layer)) {
                        layers.leftOver(layer);
                    }
                    entries.seek(StateKeys.layer(layer + 1));
                }
                entries.status();
                return true;
            }
        });
    }

    private static Digest digest(ByteBuffer in) {
        byte[] bytes = new byte[Digest.LENGTH];
        in.get(bytes);
        return Digest.owning(bytes);
    }
}
