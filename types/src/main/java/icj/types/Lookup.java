package icj.types;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// A hash map that can't be iterated, so that its order, which differs between JVMs, can't leak
/// into replicated state.
public final class Lookup<K, V> {
    private final Map<K, V> map = new HashMap<>();

    /// The value of `key`, or null.
    public @Nullable V get(K key) {
        return map.get(key);
    }

    /// Whether `key` has a value.
    public boolean has(K key) {
        return map.containsKey(key);
    }

    /// Sets the value and returns the one before, or null.
    public @Nullable V put(K key, V value) {
        return map.put(key, value);
    }

    /// Removes the key and returns its value, or null.
    public @Nullable V remove(K key) {
        return map.remove(key);
    }

    /// The number of keys.
    public int size() {
        return map.size();
    }

    /// Forgets everything.
    public void clear() {
        map.clear();
    }
}
