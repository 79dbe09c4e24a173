package icj.state.store;

import icj.state.model.MemoryKind;
import icj.types.Blob;

import java.nio.ByteBuffer;

/// The keys of the state store, big-endian so that they sort by their parts:
///
/// - `00 name`: what the store is ([RocksFiles])
/// - `01 table key`: a record of a table
/// - `02 layer[8] kind level index[4]`: a page (level 0) or tree node of a layer
/// - `03`: height[8] and root[32] of the state that the store holds
/// - `04`: there while a state is being written
final class StateKeys {
    static final byte[] WRITTEN = {3};
    static final byte[] WRITING = {4};

    private static final byte RECORD = 1;
    private static final byte LAYER = 2;
    private static final int LAYER_AT = 1;

    private StateKeys() {}

    static byte[] record(byte table, Blob key) {
        byte[] bytes = new byte[2 + key.length()];
        bytes[0] = RECORD;
        bytes[1] = table;
        System.arraycopy(key.shared(), 0, bytes, 2, key.length());
        return bytes;
    }

    /// Where the records of a table begin; those of table `id + 1` begin where they end.
    static byte[] table(int id) {
        return new byte[] {RECORD, (byte) id};
    }

    static Blob recordKey(byte[] bytes) {
        return Blob.owning(bytes).slice(2, bytes.length);
    }

    static byte[] node(long layer, MemoryKind kind, int level, int index) {
        return ByteBuffer.allocate(1 + Long.BYTES + 2 + Integer.BYTES)
                .put(LAYER)
                .putLong(layer)
                .put(kind.code())
                .put((byte) level)
                .putInt(index)
                .array();
    }

    /// Where a layer begins; it ends where the next number begins.
    static byte[] layer(long layer) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(LAYER).putLong(layer).array();
    }

    static boolean isLayer(byte[] key) {
        return key.length > Long.BYTES && key[0] == LAYER;
    }

    static long layerOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong(LAYER_AT);
    }
}
