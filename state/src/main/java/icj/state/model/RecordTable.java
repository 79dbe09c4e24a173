package icj.state.model;

import icj.state.tree.Records;
import icj.types.Blob;
import icj.wire.MalformedException;

import java.util.List;

/// One table of a state `S`: keys with values of type `V`. A value is written again when
/// [Records#changesSince] reports it.
public interface RecordTable<S, V> {
    /// Values from this size on may stay in the store alone.
    int LARGE_BYTES = LongAnswer.STORED_MIN;

    /// What stands for this table in the store, 0 to 127; never used for another.
    byte id();

    /// The entries of a state.
    Records<V> entries(S state);

    /// The map without entries to which a store adds what it reads; with the hasher that the
    /// state's root needs.
    Records<V> empty();

    /// The bytes of a value, its memories left out.
    Blob encode(V value);

    /// The value of these bytes and memories.
    ///
    /// @param memories what [#memories] gave when the value was written
    /// @throws MalformedException if the bytes are no value
    V decode(Blob key, Blob bytes, List<PageMap> memories) throws MalformedException;

    /// How many bytes of a value, beside its memories, may be a lot; roughly.
    default long bytes(V value) {
        return 0;
    }

    /// A record of at least [#LARGE_BYTES] is on disk: `source` reads it until it is written again
    /// or removed, so that the value need not keep its bytes.
    default void stored(Records<V> entries, Blob key, RecordSource source) {}

    /// The memories of a value, at most 127; always as many, at the same places, while a key lives.
    default List<PageMap> memories(V value) {
        return List.of();
    }
}
