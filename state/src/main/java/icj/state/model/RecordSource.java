package icj.state.model;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

/// Reads records of one table back from the store.
@FunctionalInterface
public interface RecordSource {
    /// The bytes that [RecordTable#encode] gave when the record was written last; null when there
    /// is none. Any thread may call.
    @Nullable Blob read(Blob key);
}
