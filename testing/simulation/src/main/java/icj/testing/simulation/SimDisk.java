package icj.testing.simulation;

import icj.consensus.pool.JournalReader;
import icj.consensus.pool.PoolChange;
import icj.testing.Prng;
import icj.types.Blob;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// A journal with the contract of the real one: a write is atomic, it is durable once synced, and a
/// crash before that loses it, keeps it, or tears it, which its checksum shows.
final class SimDisk implements JournalReader {
    private final TreeMap<Blob, Blob> records = new TreeMap<>();
    private @Nullable List<PoolChange> pending;

    /// Begins a write.
    void write(List<PoolChange> changes) {
        pending = changes;
    }

    /// Ends it.
    void sync() {
        if (pending != null) {
            apply(pending);
            pending = null;
        }
    }

    /// Power off: of an unsynced write a random prefix of the bytes reached the platter.
    void crash(Prng random) {
        if (pending != null) {
            byte[] log = encode(pending);
            int kept = random.chance(0.3) ? log.length : random.below(log.length);
            List<PoolChange> recovered = decode(log, kept);
            pending = null;
            if (recovered != null) {
                apply(recovered);
            }
        }
    }

    private void apply(List<PoolChange> changes) {
        for (PoolChange change : changes) {
            switch (change) {
                case PoolChange.Put put -> records.put(put.key(), put.value());
                case PoolChange.Delete delete -> records.remove(delete.key());
                case PoolChange.DeleteRange range ->
                        records.subMap(range.from(), range.until()).clear();
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

    /// The durable value of a key, or null.
    @Nullable Blob get(Blob key) {
        return records.get(key);
    }

    /// The durable records in a range.
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
