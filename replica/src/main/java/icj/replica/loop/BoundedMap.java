package icj.replica.loop;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map that forgets the entry that was put first when it has too many. Not for several threads.
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int entriesMax;

    BoundedMap(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > entriesMax;
    }
}
