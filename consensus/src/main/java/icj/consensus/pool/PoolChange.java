package icj.consensus.pool;

import icj.types.Blob;

/// A change of the journal. Keys and values mean nothing to the journal; keys are ordered bytewise
/// (unsigned), and all changes of one [icj.consensus.Effect.Persist] are one atomic write, applied
/// in order.
public sealed interface PoolChange {
    /// Sets a value.
    record Put(Blob key, Blob value) implements PoolChange {}

    /// Removes a key, if it is there.
    record Delete(Blob key) implements PoolChange {}

    /// Removes all keys in [from, until).
    record DeleteRange(Blob from, Blob until) implements PoolChange {}
}
