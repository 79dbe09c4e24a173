package icj.state.store;

import icj.state.model.DamagedPageException;
import icj.state.model.MemoryKind;
import icj.state.model.PageCache;
import icj.state.model.PageMap;
import icj.state.model.PageStore;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;

/// The pages of one layer of one memory in the state store (R-S5, R-S6).
final class RocksPageStore implements PageStore {
    private final RocksFiles files;
    private final ReadOptions options;
    private final PageCache cache;
    private final MemoryKind kind;
    private final long layer;

    RocksPageStore(
            RocksFiles files, ReadOptions options, PageCache cache, MemoryKind kind, long layer) {
        this.files = files;
        this.options = options;
        this.cache = cache;
        this.kind = kind;
        this.layer = layer;
    }

    MemoryKind kind() {
        return kind;
    }

    long layer() {
        return layer;
    }

    @Override
    public byte[] page(int index) {
        byte[] page = read(0, index);
        if (page.length != PageMap.PAGE_BYTES) {
            throw new DamagedPageException("Page " + index + " has " + page.length + " bytes");
        }
        return page;
    }

    @Override
    public byte[] node(int level, int index) {
        return read(level, index);
    }

    @Override
    public PageCache cache() {
        return cache;
    }

    /// What writes to this layer through `batch`.
    Sink sink(StateBatch batch) {
        return new Sink() {
            @Override
            public void page(int index, byte @Nullable [] page) {
                write(batch, 0, index, page);
            }

            @Override
            public void node(int level, int index, byte @Nullable [] node) {
                write(batch, level, index, node);
            }
        };
    }

    private void write(StateBatch batch, int level, int index, byte @Nullable [] bytes) {
        byte[] key = StateKeys.node(layer, kind, level, index);
        if (bytes == null) {
            batch.delete(key);
        } else {
            batch.put(key, bytes);
        }
    }

    private byte[] read(int level, int index) {
        byte[] key = StateKeys.node(layer, kind, level, index);
        byte[] bytes = files.<byte @Nullable []>run("A read", db -> db.get(options, key));
        if (bytes == null) {
            throw new DamagedPageException(
                    "The store in %s lacks node %d of level %d in layer %d"
                            .formatted(files.directory(), index, level, layer));
        }
        return bytes;
    }
}
