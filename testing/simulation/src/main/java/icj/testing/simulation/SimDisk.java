package icj.testing.simulation;

import icj.consensus.pool.JournalReader;
import icj.consensus.pool.PoolChange;
import icj.testing.Prng;
import icj.types.Blob;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// A journal with the contract of the real one: a write is atomic, it is durable once it or a later
/// one is synced, and a crash before that keeps writes up to some point, the last of which it may
/// have torn, which its checksum shows, and loses all from there on.
final class SimDisk implements JournalReader {
    private final TreeMap<Blob, Blob> records = new TreeMap<>();
    private @Nullable List<PoolChange> pending;

    /// For each write that is not synced yet, what its keys held before.
    private final ArrayDeque<Map<Blob, Optional<Blob>>> unsynced = new ArrayDeque<>();

    /// Begins a write that is to be synced.
    void write(List<PoolChange> changes) {
        pending = changes;
    }

    /// Ends it: all that was written is durable.
    void sync() {
        if (pending != null) {
            apply(pending, new TreeMap<>());
            pending = null;
        }
        unsynced.clear();
    }

    /// Writes without syncing.
    void append(List<PoolChange> changes) {
        Map<Blob, Optional<Blob>> before = new TreeMap<>();
        apply(changes, before);
        unsynced.addLast(before);
    }

    /// What a key holds after a crash that loses all it may, or null.
    @Nullable Blob durable(Blob key) {
        for (Map<Blob, Optional<Blob>> before : unsynced) {
            Optional<Blob> old = before.get(key);
            if (old != null) {
                return old.orElse(null);
            }
        }
        return records.get(key);
    }

    /// Whether a crash now may lose something.
    boolean hasUnsynced() {
        return pending != null || !unsynced.isEmpty();
    }

    /// Power off: of an unsynced write a random prefix of the bytes reached the platter.
    void crash(Prng random) {
        int lost = unsynced.isEmpty() ? 0 : random.below(unsynced.size() + 1);
        for (int i = 0; i < lost; i++) {
            unsynced.removeLast()
                    .forEach((key, value) ->
                            value.ifPresentOrElse(
                                    old -> records.put(key, old), () -> records.remove(key)));
        }
        unsynced.clear();
        if (lost > 0) {
            pending = null;
        }
        if (pending != null) {
            byte[] log = encode(pending);
            int kept = random.chance(0.3) ? log.length : random.below(log.length);
            List<PoolChange> recovered = decode(log, kept);
            pending = null;
            if (recovered != null) {
                apply(recovered, new TreeMap<>());
            }
        }
    }

    /// @param before gets what the changed keys held
    private void apply(List<PoolChange> changes, Map<Blob, Optional<Blob>> before) {
        for (PoolChange change : changes) {
            switch (change) {
                case PoolChange.Put put -> {
                    Blob old = records.put(put.key(), put.value());
                    before.putIfAbsent(put.key(), Optional.ofNullable(old));
                }
                case PoolChange.Delete delete -> {
                    Blob old = records.remove(delete.key());
                    before.putIfAbsent(delete.key(), Optional.ofNullable(old));
                }
                case PoolChange.DeleteRange range -> {
                    Map<Blob, Blob> gone = records.subMap(range.from(), range.until());
                    gone.forEach((key, old) -> before.putIfAbsent(key, Optional.of(old)));
                    gone.clear();
                }
            }
        }
    }

    private static byte[] encode(List<PoolChange> changes) {
        ByteWriter out = new ByteWriter();
        for (PoolChange change : changes) {
            switch (change) {
                case PoolChange.Put put -> out.u8(1).blob(put.key()).blob(put.value());
                case PoolChange.Delete delete -> out.u8(2).blob(delete.key());
                case PoolChange.DeleteRange range ->
                        out.u8(3).blob(range.from()).blob(range.until());
            }
        }
        byte[] body = out.toBytes();
        CRC32C crc = new CRC32C();
        crc.update(body);
        return new ByteWriter().u32((int) crc.getValue()).u32(body.length).raw(body).toBytes();
    }

    private static @Nullable List<PoolChange> decode(byte[] log, int length) {
        try {
            byte[] kept = Arrays.copyOf(log, length);
            ByteReader in = new ByteReader(kept);
            int sum = in.u32();
            byte[] body = in.raw(in.u32());
            CRC32C crc = new CRC32C();
            crc.update(body);
            if ((int) crc.getValue() != sum) {
                return null;
            }
            List<PoolChange> changes = new ArrayList<>();
            ByteReader each = new ByteReader(body);
            while (each.remaining() > 0) {
                int kind = each.u8();
                Blob key = each.blob(1 << 10);
                switch (kind) {
                    case 1 -> changes.add(new PoolChange.Put(key, each.blob(1 << 26)));
                    case 2 -> changes.add(new PoolChange.Delete(key));
                    default -> changes.add(new PoolChange.DeleteRange(key, each.blob(1 << 10)));
                }
            }
            return changes;
        } catch (MalformedException e) {
            return null;
        }
    }

    /// The value of a key, or null.
    @Nullable Blob get(Blob key) {
        return records.get(key);
    }

    /// The records in a range.
    Map<Blob, Blob> range(Blob from, Blob until) {
        return records.subMap(from, until);
    }

    @Override
    public void scan(Blob from, Blob until, Visitor visitor) {
        for (Map.Entry<Blob, Blob> record : records.subMap(from, until).entrySet()) {
            visitor.record(record.getKey(), record.getValue());
        }
    }
}
