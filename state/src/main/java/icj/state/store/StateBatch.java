package icj.state.store;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Collects changes and hands them to the library in pieces of bounded size, without a log. For one
/// thread.
final class StateBatch implements AutoCloseable {
    private final RocksFiles files;
    private final int bytesMax;
    private final WriteBatch batch = new WriteBatch();
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private long bytes;

    StateBatch(RocksFiles files, int bytesMax) {
        this.files = files;
        this.bytesMax = bytesMax;
    }

    /// The bytes of keys and values so far.
    long bytes() {
        return bytes;
    }

    void put(byte[] key, byte[] value) {
        add(key.length + value.length, () -> batch.put(key, value));
    }

    void delete(byte[] key) {
        add(key.length, () -> batch.delete(key));
    }

    void deleteRange(byte[] from, byte[] to) {
        add(from.length + to.length, () -> batch.deleteRange(from, to));
    }

    /// Hands over what is left.
    void commit() {
        files.run(
                "A write",
                db -> {
                    db.write(unlogged, batch);
                    batch.clear();
                    return true;
                });
    }

    @Override
    public void close() {
        batch.close();
        unlogged.close();
    }

    @FunctionalInterface
    private interface Addition {
        void run() throws RocksDBException;
    }

    private void add(int size, Addition addition) {
        try {
            addition.run();
        } catch (RocksDBException e) {
            throw new StoreFailedException("A batch failed: " + e.getMessage(), e);
        }
        bytes += size;
        if (batch.getDataSize() >= bytesMax) {
            commit();
        }
    }
}
