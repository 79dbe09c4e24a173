package icj.state.store;

import icj.state.model.PageMap;
import icj.state.model.RecordTable;
import icj.state.model.StateLayout;
import icj.state.tree.Records;
import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.wire.Sha256;

import java.util.List;

/// A state of items with a value and two memories.
record ToyState(Height height, SortedTrie<ToyState.Item> items) {
    static final ToyState EMPTY = new ToyState(Height.ZERO, SortedTrie.empty(new ItemHasher()));
    static final StateLayout<ToyState> LAYOUT = new Layout();

    record Item(Blob value, PageMap heap, PageMap stable) {}

    Digest root() {
        return items.digest();
    }

    ToyState next() {
        return new ToyState(height.next(), items);
    }

    ToyState with(Blob key, Item item) {
        return new ToyState(height, items.with(key, item));
    }

    ToyState without(Blob key) {
        return new ToyState(height, items.without(key));
    }

    private static final class Layout implements StateLayout<ToyState> {
        @Override
        public Height height(ToyState state) {
            return state.height();
        }

        @Override
        public Digest root(ToyState state) {
            return state.root();
        }

        @Override
        public List<RecordTable<ToyState, ?>> tables() {
            return List.of(new Items());
        }

        @Override
        @SuppressWarnings("unchecked") // one table of items
        public ToyState restore(Height height, List<Records<?>> entries) {
            return new ToyState(height, (SortedTrie<Item>) entries.getFirst());
        }
    }

    private static final class Items implements RecordTable<ToyState, Item> {
        @Override
        public byte id() {
            return 1;
        }

        @Override
        public SortedTrie<Item> entries(ToyState state) {
            return state.items();
        }

        @Override
        public SortedTrie<Item> empty() {
            return EMPTY.items();
        }

        @Override
        public Blob encode(Item value) {
            return value.value();
        }

        @Override
        public Item decode(Blob key, Blob bytes, List<PageMap> memories) {
            return new Item(bytes, memories.get(0), memories.get(1));
        }

        @Override
        public List<PageMap> memories(Item value) {
            return List.of(value.heap(), value.stable());
        }
    }

    private static final class ItemHasher implements SortedTrie.Hasher<Item> {
        @Override
        public Digest empty() {
            return Digest.ZERO;
        }

        @Override
        public Digest entry(Blob key, Item item) {
            return Sha256.of(
                    new byte[] {0},
                    key.toBytes(),
                    item.value().toBytes(),
                    item.heap().root(1).toBytes(),
                    item.stable().root(1).toBytes());
        }

        @Override
        public Digest fork(Digest left, Digest right) {
            return Sha256.of(new byte[] {1}, left.toBytes(), right.toBytes());
        }
    }
}
