package icj.state.tree;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

/// An immutable map from keys to values of which two versions can be compared, at a cost that
/// follows what differs.
public interface Records<V> {
    /// What [#changesSince] reports to.
    @FunctionalInterface
    interface Changes<V> {
        /// One key whose value is another one: `before` is null for a new key, `after` for a
        /// removed one.
        void changed(Blob key, @Nullable V before, @Nullable V after);
    }

    /// The map with this value at `key`, in place of any other.
    Records<V> with(Blob key, V value);

    /// Reports each key whose value differs, in ascending order of keys.
    ///
    /// @param before a map of the same class
    void changesSince(Records<V> before, Changes<V> changes);
}
