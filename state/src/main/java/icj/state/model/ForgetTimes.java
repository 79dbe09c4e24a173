package icj.state.model;

import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.RequestId;
import icj.wire.ByteWriter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// When remembered calls are to be forgotten, in buckets of one second (R-S8); immutable. Of a call
/// it has the first eight bytes of the id: whoever reads them looks at the calls that begin with
/// them.
final class ForgetTimes {
    static final ForgetTimes EMPTY = new ForgetTimes(SortedTrie.empty());

    /// How many one array may have before the next ones get another: each addition copies it.
    private static final int PREFIXES_MAX = 256;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final SortedTrie<Prefixes> seconds;

    private ForgetTimes(SortedTrie<Prefixes> seconds) {
        this.seconds = seconds;
    }

    /// Some calls of one second.
    private record Prefixes(long[] ids, @Nullable Prefixes next) {}

    /// What is done with each call of a second.
    @FunctionalInterface
    interface Calls {
        void call(long prefix);
    }

    /// The second in which a time lies.
    static long second(long nanos) {
        return nanos / SECOND_NANOS;
    }

    /// The times with calls of one more second.
    ForgetTimes with(long second, long[] prefixes) {
        Blob key = key(second);
        Prefixes present = seconds.get(key);
        if (present == null || present.ids.length + prefixes.length > PREFIXES_MAX) {
            return new ForgetTimes(seconds.with(key, new Prefixes(prefixes, present)));
        }
        long[] ids = Arrays.copyOf(present.ids, present.ids.length + prefixes.length);
        System.arraycopy(prefixes, 0, ids, present.ids.length, prefixes.length);
        return new ForgetTimes(seconds.with(key, new Prefixes(ids, present.next)));
    }

    /// The earliest second after `second`, or of all after -1; -1 if there is none.
    long after(long second) {
        SortedTrie.Entry<Prefixes> entry =
                second < 0 ? seconds.first() : seconds.higher(key(second));
        return entry == null ? -1 : ByteBuffer.wrap(entry.key().shared()).getLong();
    }

    /// Shows the calls of a second.
    void forEach(long second, Calls calls) {
        for (Prefixes at = seconds.get(key(second)); at != null; at = at.next) {
            for (long prefix : at.ids) {
                calls.call(prefix);
            }
        }
    }

    /// The times without a second.
    ForgetTimes without(long second) {
        return new ForgetTimes(seconds.without(key(second)));
    }

    private static Blob key(long second) {
        return new ByteWriter(16).u64(second).toBlob();
    }

    /// Collects the calls of one round, which have one time nearly always, so that they lie in one
    /// array. Not thread-safe.
    static final class Collector {
        private ForgetTimes times;
        private long second;
        private long[] prefixes = new long[16];
        private int count;

        Collector(ForgetTimes times) {
            this.times = times;
        }

        void add(long nanos, RequestId id) {
            long itsSecond = second(nanos);
            if (itsSecond != second || count == PREFIXES_MAX) {
                times();
                second = itsSecond;
            }
            if (count == prefixes.length) {
                prefixes = Arrays.copyOf(prefixes, 2 * count);
            }
            prefixes[count++] = ByteBuffer.wrap(id.digest().shared()).getLong();
        }

        /// All that was added, and what was there before.
        ForgetTimes times() {
            if (count > 0) {
                times = times.with(second, Arrays.copyOf(prefixes, count));
                count = 0;
            }
            return times;
        }

        void without(long oldSecond) {
            times = times().without(oldSecond);
        }
    }
}
