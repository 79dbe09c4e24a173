package icj.state.store;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which layer holds which memory. A layer that no record names any more is deleted only when no
/// version of the memory in use can load from it (R-S6): the garbage collector tells when its
/// [RocksPageStore] is unreachable; the next start deletes what was left. For the writer's thread.
final class Layers {
    private final Map<Slot, RocksPageStore> live = new HashMap<>();
    private final Set<Dropped> dropped = new HashSet<>();
    private final ReferenceQueue<RocksPageStore> unreachable = new ReferenceQueue<>();
    private final List<Long> garbage = new ArrayList<>();
    private long next = 1;

    /// A memory's place: the table and key of its record and its number in the record.
    record Slot(byte table, Blob key, int memory) {}

    private static final class Dropped extends PhantomReference<RocksPageStore> {
        private final long layer;

        Dropped(RocksPageStore store, ReferenceQueue<RocksPageStore> queue) {
            super(store, queue);
            this.layer = store.layer();
        }
    }

    /// A number that no layer has.
    long take() {
        return next++;
    }

    /// Tells of a number that the files contain.
    void seen(long layer) {
        next = Math.max(next, layer + 1);
    }

    /// The layer of a memory, or null.
    @Nullable RocksPageStore get(Slot slot) {
        return live.get(slot);
    }

    /// Sets the layer of a memory; the one before is dropped.
    void put(Slot slot, RocksPageStore store) {
        drop(slot);
        live.put(slot, store);
        seen(store.layer());
    }

    /// The memory is gone.
    void drop(Slot slot) {
        RocksPageStore store = live.remove(slot);
        if (store != null) {
            dropped.add(new Dropped(store, unreachable));
        }
    }

    /// The numbers of all layers that records name.
    Set<Long> numbers() {
        Set<Long> numbers = new HashSet<>();
        for (RocksPageStore store : live.values()) {
            numbers.add(store.layer());
        }
        return numbers;
    }

    /// A layer in the files that no record names.
    void leftOver(long layer) {
        garbage.add(layer);
    }

    /// The layers that can be deleted now; they are told once.
    List<Long> takeGarbage() {
        for (Reference<?> gone = unreachable.poll(); gone != null; gone = unreachable.poll()) {
            if (gone instanceof Dropped layer && dropped.remove(layer)) {
                garbage.add(layer.layer);
            }
        }
        List<Long> taken = List.copyOf(garbage);
        garbage.clear();
        return taken;
    }
}
